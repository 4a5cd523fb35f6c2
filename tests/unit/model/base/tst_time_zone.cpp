// SPDX-License-Identifier: Apache-2.0
#include "model/base/clock.h"
#include "model/base/time_zone.h"

#include <QTest>

using namespace jetlag;

class TestTimeZone : public QObject
{
    Q_OBJECT

private slots:
    void localTimesBecomeMoments_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QByteArray>("local"); // written as if it were UTC
        QTest::addColumn<QByteArray>("moment");
        QTest::newRow("no zone is UTC")
            << QByteArray("") << QByteArray("2015-07-09T00:00:00Z") << QByteArray("2015-07-09T00:00:00Z");
        QTest::newRow("summer in Berlin") << QByteArray("Europe/Berlin") << QByteArray("2015-07-09T01:30:00Z")
                                          << QByteArray("2015-07-08T23:30:00Z");
        QTest::newRow("winter in Berlin") << QByteArray("Europe/Berlin") << QByteArray("2015-01-09T01:30:00Z")
                                          << QByteArray("2015-01-09T00:30:00Z");
        QTest::newRow("half an hour off") << QByteArray("Asia/Kolkata") << QByteArray("2020-08-15T04:13:25Z")
                                          << QByteArray("2020-08-14T22:43:25Z");
        QTest::newRow("clocks went forward, last second before")
            << QByteArray("Europe/Berlin") << QByteArray("2021-03-28T01:59:59Z")
            << QByteArray("2021-03-28T00:59:59Z");
        QTest::newRow("a time that no clock showed is the change itself")
            << QByteArray("Europe/Berlin") << QByteArray("2021-03-28T02:30:00Z")
            << QByteArray("2021-03-28T01:00:00Z");
        QTest::newRow("a time that was shown twice is the first")
            << QByteArray("Europe/Berlin") << QByteArray("2021-10-31T02:30:00Z")
            << QByteArray("2021-10-31T00:30:00Z");
        QTest::newRow("beyond the last rule written out")
            << QByteArray("America/New_York") << QByteArray("2080-07-01T12:00:00Z")
            << QByteArray("2080-07-01T16:00:00Z");
    }
    void localTimesBecomeMoments()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QByteArray, local);
        QFETCH(QByteArray, moment);
        const Result<TimeZone> named = TimeZone::named(zone.toStdString());
        QVERIFY(named.hasValue());
        const auto seconds = [](const QByteArray& text) {
            return qint64(parseRfc3339(text.toStdString()).value().time_since_epoch().count() /
                          1'000'000'000);
        };
        QCOMPARE(qint64(named->toUnixSeconds(seconds(local))), seconds(moment));
    }

    void onlyRealNamesAreTaken()
    {
        for (const char* bad : {"Mars/Olympus", "localtime", "/etc/localtime", "../../etc/localtime",
                                "libc:localtime", "Europe", "CEST ", "\x1b[31m"}) {
            const Result<TimeZone> zone = TimeZone::named(bad);
            QVERIFY2(!zone, bad);
            QVERIFY(zone.error().code() == ErrorCode::NotFound);
            QVERIFY(zone.error().message().find('\x1b') == std::string::npos);
        }
        QVERIFY(TimeZone::named("Etc/UTC").value().isUtc());
        QVERIFY(!TimeZone::named("Europe/Berlin").value().isUtc());
    }
};

QTEST_GUILESS_MAIN(TestTimeZone)
#include "tst_time_zone.moc"
