// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/stream_family.h"

#include <QTest>

using namespace jetlag;

class TestStreamFamily final : public QObject
{
    Q_OBJECT

private slots:
    void families_data();
    void families();
    void everyNameHasOne();
};

void TestStreamFamily::families_data()
{
    // "stream=family", one after the other, sorted by stream.
    QTest::addColumn<QString>("streams");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* what, const char* streams, const char* expected) {
        QTest::newRow(what) << QString::fromUtf8(streams) << QString::fromUtf8(expected);
    };
    row("nothing", "", "");
    row("one stream is called by its name", "SPARK-01", "SPARK-01");
    row("the first word", "SPARK-01 SPARK-eu HDFS-1", "HDFS-1 SPARK-* SPARK-*");
    row("a digit ends a word", "S1 S2 S10", "S* S* S*");
    row("an underscore does too", "ORDERS_EU ORDERS_US", "ORDERS_* ORDERS_*");
    row("different separators", "A-1 A_2", "A* A*");
    row("the bare word belongs to it", "SPARK SPARK-1 X", "SPARK* SPARK* X");
    row("a longer word does not", "SPARKS-1 SPARK-1 SPARK-2", "SPARK-* SPARK-* SPARKS-1");
    row("case counts", "spark-1 SPARK-1 SPARK-2", "SPARK-* SPARK-* spark-1");
    row("one prefix over all: the next word", "prod-hdfs-1 prod-spark-1 prod-spark-2",
        "prod-hdfs-1 prod-spark-* prod-spark-*");
    row("two prefixes over all", "eu-prod-a-1 eu-prod-a-2 eu-prod-b-1",
        "eu-prod-a-* eu-prod-a-* eu-prod-b-1");
    row("only numbers differ: still one family", "STREAM-00 STREAM-01 STREAM-02",
        "STREAM-* STREAM-* STREAM-*");
    row("digits first are a word", "2025-logs 2026-logs 2026-audit", "2025-logs 2026-* 2026-*");
    row("separators first", "_a-1 _a-2 _b", "_a-* _a-* _b");
    row("nothing but separators", "-- -", "- --");
    row("letters beyond ASCII", "größe-1 größe-2 x", "größe-* größe-* x");
}

void TestStreamFamily::families()
{
    QFETCH(QString, streams);
    QFETCH(QString, expected);
    std::set<std::string, std::less<>> names;
    for (const QString& name : streams.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        names.insert(name.toStdString());
    QStringList got;
    for (const auto& [name, family] : streamFamilies(names))
        got << QString::fromStdString(family);
    QCOMPARE(got.join(QLatin1Char(' ')), expected);
}

void TestStreamFamily::everyNameHasOne()
{
    std::set<std::string, std::less<>> hostile{"",
                                               std::string("\xff\xfe-1"),
                                               std::string("a\nb"),
                                               std::string(255, 'n'),
                                               std::string(255, '-'),
                                               std::string("a\0b", 3),
                                               "\xe2\x80\xae"
                                               "evil-1",
                                               "<b>-1",
                                               "<b>-2"};
    const auto families = streamFamilies(hostile);
    QCOMPARE(families.size(), hostile.size());
    for (const std::string& name : hostile)
        QVERIFY(families.contains(name));
    QCOMPARE(families.at("<b>-1"), families.at("<b>-2"));
}

QTEST_GUILESS_MAIN(TestStreamFamily)
#include "tst_stream_family.moc"
