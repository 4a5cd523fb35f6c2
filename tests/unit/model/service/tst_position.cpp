// SPDX-License-Identifier: Apache-2.0
#include "model/service/position.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

class TestPosition : public QObject
{
    Q_OBJECT

private slots:
    void digitsAreASequence()
    {
        QCOMPARE(std::get<StreamSequence>(parsePosition("42", {}).value()), StreamSequence(42));
    }

    void timesAreTimes()
    {
        QCOMPARE(std::get<ServerTime>(parsePosition("1970-01-01T00:00:10Z", {}).value()), ServerTime(10s));
    }

    void aSpanGoesBackFromNow()
    {
        QCOMPARE(std::get<ServerTime>(parsePosition("-5m", ServerTime(1h)).value()), ServerTime(55min));
    }

    void nonsenseIsRefusedInWords()
    {
        for (const char* bad : {"", "x", "-", "-5", "42x", "18446744073709551616", "yesterday"}) {
            const Result<Position> position = parsePosition(bad, {});
            QVERIFY2(!position, bad);
            QVERIFY(position.error().code() == ErrorCode::InvalidArgument);
        }
    }
};

QTEST_GUILESS_MAIN(TestPosition)
#include "tst_position.moc"
