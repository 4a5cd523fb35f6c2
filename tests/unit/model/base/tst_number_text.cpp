// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"

#include <QTest>

using namespace jetlag;

class TestNumberText : public QObject
{
    Q_OBJECT

private slots:
    void threeDigitsAndAPrefix_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << 0.0 << QByteArray("0");
        QTest::newRow("small whole") << 23.0 << QByteArray("23");
        QTest::newRow("small fraction") << 4.1 << QByteArray("4.10");
        QTest::newRow("below a thousand") << 999.0 << QByteArray("999");
        QTest::newRow("rounds up to the next prefix") << 999.6 << QByteArray("1.00 k");
        QTest::newRow("thousands") << 12'400.0 << QByteArray("12.4 k");
        QTest::newRow("millions") << 1'240'000.0 << QByteArray("1.24 M");
        QTest::newRow("rounding inside") << 9'996.0 << QByteArray("10.0 k");
        QTest::newRow("negative") << -1'500.0 << QByteArray("-1.50 k");
    }
    void threeDigitsAndAPrefix()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, text);
        QCOMPARE(shortCount(value), text.toStdString());
    }

    void bytes()
    {
        QCOMPARE(shortBytes(0), std::string("0 B"));
        QCOMPARE(shortBytes(8'100'000), std::string("8.10 MB"));
    }

    void unknownIsAQuestionMark() { QCOMPARE(shortCount(std::nullopt), std::string("?")); }

    void durationsHaveTwoUnits()
    {
        QCOMPARE(shortDuration(0.2), std::string("< 1 s"));
        QCOMPARE(shortDuration(31), std::string("31 s"));
        QCOMPARE(shortDuration(372), std::string("6 m 12 s"));
        QCOMPARE(shortDuration(4'920), std::string("1 h 22 m"));
        QCOMPARE(shortDuration(90'000), std::string("1 d 01 h"));
    }

    void sequencesAreGroupedAndNeverBreak()
    {
        QCOMPARE(exactCount(47'311'905), std::string("47\u202f311\u202f905"));
    }
};

QTEST_GUILESS_MAIN(TestNumberText)
#include "tst_number_text.moc"
