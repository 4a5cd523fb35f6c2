// SPDX-License-Identifier: Apache-2.0
#include "model/base/clock.h"
#include "model/base/text.h"

#include <QTest>

using namespace jetlag;

class TestText : public QObject
{
    Q_OBJECT

private slots:
    void percentEncodingIsUndone()
    {
        const std::string all = [] {
            std::string bytes;
            for (int i = 0; i < 256; ++i)
                bytes += static_cast<char>(i);
            return bytes;
        }();
        QCOMPARE(percentEncode("a b/ü", "/"), std::string("a%20b/%C3%BC"));
        QCOMPARE(percentDecode(percentEncode(all, "_")), all);
        QCOMPARE(percentDecode("100%"), std::string("100%"));
    }

    void namesAreShownSafely()
    {
        QCOMPARE(safeForDisplay("plain ü"), std::string("plain ü"));
        QCOMPARE(safeForDisplay("a\x1b[31m"), std::string("a\\x1b[31m"));
        QCOMPARE(safeForDisplay("\xe2\x80\xae"
                                "gpj"),
                 std::string("\\u202egpj"));
        QCOMPARE(safeForDisplay("\xff\xc0\xaf"), std::string("\\xff\\xc0\\xaf"));
    }

    void base64IsUndone()
    {
        for (const std::string& bytes : {std::string(), std::string("f"), std::string("fo"),
                                         std::string("foo"), std::string("\0\xff\x80", 3)})
            QCOMPARE(base64Decode(base64Encode(bytes)).value_or("bad"), bytes);
        QCOMPARE(base64Encode("foob"), std::string("Zm9vYg=="));
        QVERIFY(!base64Decode("Zm9*"));
    }

    void numbersMustBeWhole()
    {
        QCOMPARE(parseU64("18446744073709551615").value_or(0), UINT64_MAX);
        for (const char* bad : {"", "1x", " 1", "-1", "18446744073709551616"})
            QVERIFY2(!parseU64(bad), bad);
    }

    void timesAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("nanos");
        QTest::newRow("utc") << QByteArray("1970-01-01T00:00:01Z") << qint64(1'000'000'000);
        QTest::newRow("nanoseconds") << QByteArray("1970-01-01T00:00:00.000000001Z") << qint64(1);
        QTest::newRow("zone") << QByteArray("1970-01-01T02:00:00+02:00") << qint64(0);
        QTest::newRow("leap day") << QByteArray("2024-02-29T12:00:00.5Z")
                                  << qint64(1'709'208'000'500'000'000);
        QTest::newRow("year 1 means never") << QByteArray("0001-01-01T00:00:00Z") << qint64(0);
    }
    void timesAreReadAndWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, nanos);
        const Result<ServerTime> time = parseRfc3339(text.toStdString());
        QVERIFY(time.hasValue());
        QCOMPARE(time->time_since_epoch().count(), nanos);
        QCOMPARE(parseRfc3339(formatRfc3339(*time)).value(), *time);
    }

    void brokenTimesAreRefused()
    {
        for (const char* bad : {"", "2024", "2023-02-29T00:00:00Z", "2024-01-01T25:00:00Z",
                                "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00.Z"})
            QVERIFY2(!parseRfc3339(bad), bad);
    }

    void durationsAreRead()
    {
        using namespace std::chrono_literals;
        QCOMPARE(parseDuration("1h30m").value(), 90min);
        QCOMPARE(parseDuration("250ms").value(), 250ms);
        for (const char* bad : {"", "5", "m", "5 m", "1w", "99999999999999d"})
            QVERIFY2(!parseDuration(bad), bad);
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
