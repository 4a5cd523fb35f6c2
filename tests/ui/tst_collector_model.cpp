// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/report_rows.h"
#include "ui/models/calm_proxy.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRegularExpression>
#include <QTest>
#include <QTextDocument>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

using Tester = QAbstractItemModelTester;

/// A model behind the proxy that tables use, both watched by Qt's tester.
struct Sorted
{
    Sorted()
        : modelTester(&model, Tester::FailureReportingMode::QtTest)
        , proxyTester(&proxy, Tester::FailureReportingMode::QtTest)
    {
        QStringList ids;
        QStringList texts;
        for (const auto& column : model.columns()) {
            ids << column.id;
            if (!column.isNumber)
                texts << column.id;
        }
        proxy.setFilterColumns({.all = ids, .texts = texts});
        proxy.setSourceModel(&model);
        proxy.sort(model.columnOf(QStringLiteral("lag")), Qt::DescendingOrder);
    }
    void show(const ClusterReport& report)
    {
        history.add(report);
        model.show(std::make_shared<const ClusterReport>(report), history);
        proxy.arrange();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < proxy.rowCount(); ++row)
            names << cell(row, QStringLiteral("collector")).data().toString();
        return names;
    }
    [[nodiscard]] QModelIndex cell(int row, const QString& column) const
    {
        return proxy.index(row, model.columnOf(column));
    }

    RecentHistory history;
    CollectorModel model;
    CalmProxy proxy;
    Tester modelTester;
    Tester proxyTester;
};

/// Nothing in it could break a line, hide text or turn its direction.
bool isSafe(const QString& text)
{
    return std::none_of(text.begin(), text.end(), [](QChar c) {
        const ushort code = c.unicode();
        return c.category() == QChar::Other_Control || (code >= 0x202a && code <= 0x202e) ||
               (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029 || code == 0xfffd;
    });
}

} // namespace

class TestCollectorModel final : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void rowsComeChangeAndGo();
    void streamsComeChangeAndGo();
    void selectionSurvivesEveryMerge();
    void deletedWhileSelected();
    void mostLagFirstAndUnknownLast();
    void nothingMovesWhileHeld();
    void firstRowsAreSortedUnderThePointerToo();
    void rowsEnterAFilterWhenTheirValuesDo();
    void filters_data();
    void filters();
    void mistakesInFilters_data();
    void mistakesInFilters();
    void aMistakeHidesNothing();
    void unknownIsNeverZero();
    void redeliveriesAmongDeliveries();
    void aLagThatMisleadsIsMarkedAndExplained();
    void oldRowsAreGrey();
    void oldRowsSayWhatTheyWere();
    void onlyTheRunwayOfAnOldRowGoesOn();
    void offsetsStandInTheStream();
    void deletedOnesAreCountedWhereTheyAre();
    void ackPendingStandsBesideItsCap();
    void hostileNames_data();
    void hostileNames();
    void aThousandCollectors();
};

void TestCollectorModel::rowsComeChangeAndGo()
{
    Sorted table;
    table.show(reportOf({}));
    QCOMPARE(table.model.rowCount(), 0);
    table.show(reportOf({plainCollector("A", "one", 5), plainCollector("A", "two", 9)}, 1));
    QCOMPARE(table.names(), (QStringList{QStringLiteral("two"), QStringLiteral("one")}));
    table.show(reportOf({plainCollector("B", "three", 7), plainCollector("A", "one", 50)}, 2));
    QCOMPARE(table.names(), (QStringList{QStringLiteral("one"), QStringLiteral("three")}));
    // One name in two streams is two collectors, one that comes twice is one.
    table.show(reportOf(
        {plainCollector("A", "one", 1), plainCollector("B", "one", 2), plainCollector("B", "one", 3)}, 3));
    QCOMPARE(table.model.rowCount(), 2);
    table.show(reportOf({}, 4));
    QCOMPARE(table.proxy.rowCount(), 0);
}

void TestCollectorModel::streamsComeChangeAndGo()
{
    StreamModel model;
    const Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.show(reportOf(
        {plainCollector("A", "one", 5), plainCollector("A", "two", 9), plainCollector("B", "x", 1)}));
    QCOMPARE(model.rowCount(), 2);
    const auto cell = [&](const char* column) {
        return model.index(0, model.columnOf(QLatin1String(column))).data().toString();
    };
    QCOMPARE(cell("stream"), QStringLiteral("A"));
    QCOMPARE(cell("lag"), QStringLiteral("9"));
    QCOMPARE(cell("messages"), QStringLiteral("1.00\u202fM"));
    QCOMPARE(cell("bytes"), QStringLiteral("200\u202fMB"));
    QCOMPARE(cell("in"), QStringLiteral("100"));
    model.show(reportOf({plainCollector("B", "x", 1)}, 1));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(cell("stream"), QStringLiteral("B"));
}

void TestCollectorModel::selectionSurvivesEveryMerge()
{
    Sorted table;
    table.show(reportOf(
        {plainCollector("A", "one", 5), plainCollector("A", "two", 9), plainCollector("A", "six", 7)}));
    QItemSelectionModel selection(&table.proxy);
    selection.setCurrentIndex(table.proxy.index(1, 0),
                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QCOMPARE(table.cell(selection.currentIndex().row(), QStringLiteral("collector")).data().toString(),
             QStringLiteral("six"));
    table.show(reportOf(
        {plainCollector("A", "six", 100), plainCollector("A", "new", 200), plainCollector("A", "two", 1)},
        1));
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("new"), QStringLiteral("six"), QStringLiteral("two")}));
    QCOMPARE(selection.currentIndex().row(), 1);
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(selection.selectedRows().first().row(), 1);
}

void TestCollectorModel::deletedWhileSelected()
{
    Sorted table;
    table.show(reportOf({plainCollector("A", "one", 5), plainCollector("B", "two", 9)}));
    QItemSelectionModel selection(&table.proxy);
    selection.setCurrentIndex(table.proxy.index(0, 0),
                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    table.show(reportOf({plainCollector("A", "one", 5)}, 1));
    QCOMPARE(table.names(), QStringList{QStringLiteral("one")});
    QCOMPARE(table.model.rowOf({"B", "two"}), std::optional<int>());
}

void TestCollectorModel::mostLagFirstAndUnknownLast()
{
    Sorted table;
    CollectorReport unknown = plainCollector("A", "unknown", 3);
    unknown.ackedPerSecond.reset();
    table.show(reportOf({plainCollector("A", "slow", 1, 10), unknown, plainCollector("A", "fast", 2, 20)}));
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("unknown"), QStringLiteral("fast"), QStringLiteral("slow")}));
    const int acked = table.model.columnOf(QStringLiteral("acked_rate"));
    table.proxy.sort(acked, Qt::DescendingOrder);
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("fast"), QStringLiteral("slow"), QStringLiteral("unknown")}));
    table.proxy.sort(acked, Qt::AscendingOrder);
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("slow"), QStringLiteral("fast"), QStringLiteral("unknown")}));
}

void TestCollectorModel::nothingMovesWhileHeld()
{
    Sorted table;
    table.show(reportOf({plainCollector("A", "one", 9), plainCollector("A", "two", 5)}));
    table.proxy.hold(true);
    table.show(reportOf(
        {plainCollector("A", "one", 1), plainCollector("A", "two", 50), plainCollector("A", "new", 99)}, 1));
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("new")}));
    QCOMPARE(table.cell(1, QStringLiteral("lag")).data().toString(), QStringLiteral("50"));
    // A click on a header is an order, not a refresh.
    table.proxy.sort(table.model.columnOf(QStringLiteral("collector")), Qt::AscendingOrder);
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("new"), QStringLiteral("one"), QStringLiteral("two")}));
    table.proxy.sort(table.model.columnOf(QStringLiteral("lag")), Qt::DescendingOrder);
    table.show(reportOf(
        {plainCollector("A", "one", 500), plainCollector("A", "two", 50), plainCollector("A", "new", 99)},
        2));
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("new"), QStringLiteral("two"), QStringLiteral("one")}));
    table.proxy.hold(false);
    QCOMPARE(table.names(),
             (QStringList{QStringLiteral("one"), QStringLiteral("new"), QStringLiteral("two")}));
}

void TestCollectorModel::firstRowsAreSortedUnderThePointerToo()
{
    Sorted table;
    table.proxy.hold(true);
    table.show(
        reportOf({plainCollector("A", "a", 1), plainCollector("A", "b", 9), plainCollector("A", "c", 5)}));
    QCOMPARE(table.names(), (QStringList{QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("a")}));
}

void TestCollectorModel::rowsEnterAFilterWhenTheirValuesDo()
{
    Sorted table;
    table.show(reportOf({plainCollector("A", "one", 5), plainCollector("A", "two", 50)}));
    QCOMPARE(table.proxy.setFilter(QStringLiteral("lag>10")), QString());
    QCOMPARE(table.names(), QStringList{QStringLiteral("two")});
    table.show(reportOf({plainCollector("A", "one", 500), plainCollector("A", "two", 5)}, 1));
    QCOMPARE(table.names(), QStringList{QStringLiteral("one")});
    table.proxy.setFilter(QString());
    QCOMPARE(table.proxy.rowCount(), 2);
}

void TestCollectorModel::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("left"); // collectors that stay, by lag
    QTest::newRow("nothing keeps all") << QString() << QStringLiteral("jobs stages audit");
    QTest::newRow("blanks keep all") << QStringLiteral("   ") << QStringLiteral("jobs stages audit");
    QTest::newRow("free text in any cell") << QStringLiteral("spark") << QStringLiteral("jobs stages");
    QTest::newRow("free text, part of a name") << QStringLiteral("AUD") << QStringLiteral("audit");
    QTest::newRow("all words must hold") << QStringLiteral("spark jobs") << QStringLiteral("jobs");
    QTest::newRow("text in one column") << QStringLiteral("collector:stag") << QStringLiteral("stages");
    QTest::newRow("a column's text is not the row's") << QStringLiteral("collector:spark") << QString();
    QTest::newRow("case of columns") << QStringLiteral("Stream:hdfs") << QStringLiteral("audit");
    QTest::newRow("more than, with k") << QStringLiteral("lag>10k") << QStringLiteral("jobs");
    QTest::newRow("a limit is not more than itself") << QStringLiteral("lag>318k") << QString();
    QTest::newRow("at least") << QStringLiteral("lag>=318k") << QStringLiteral("jobs");
    QTest::newRow("less than") << QStringLiteral("lag<5000") << QStringLiteral("audit");
    QTest::newRow("at most") << QStringLiteral("lag<=5k") << QStringLiteral("stages audit");
    QTest::newRow("equal") << QStringLiteral("lag=5000") << QStringLiteral("stages");
    QTest::newRow("fractions with M") << QStringLiteral("lag>0.3M") << QStringLiteral("jobs");
    QTest::newRow("a range") << QStringLiteral("lag>10 lag<10k") << QStringLiteral("stages");
    QTest::newRow("numbers and text")
        << QStringLiteral("lag>1k stream:SPARK collector:jobs") << QStringLiteral("jobs");
    QTest::newRow("a column that is not shown")
        << QStringLiteral("pending>=5k") << QStringLiteral("jobs stages");
    QTest::newRow("a whole text") << QStringLiteral("collector=JOBS") << QStringLiteral("jobs");
    QTest::newRow("a part is not the whole") << QStringLiteral("collector=job") << QString();
    QTest::newRow("a colon in free text") << QStringLiteral("nowhere:5") << QString();
    QTest::newRow("characters of patterns are letters") << QStringLiteral("s.*k") << QString();
}

void TestCollectorModel::filters()
{
    QFETCH(QString, text);
    QFETCH(QString, left);
    Sorted table;
    table.show(reportOf({plainCollector("SPARK", "jobs", 318'000), plainCollector("SPARK", "stages", 5000),
                         plainCollector("HDFS", "audit", 3)}));
    QCOMPARE(table.proxy.setFilter(text), QString());
    QCOMPARE(table.names(), left.split(QLatin1Char(' '), Qt::SkipEmptyParts));
}

void TestCollectorModel::mistakesInFilters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("names"); // what the sentence must name
    QTest::newRow("no such column") << QStringLiteral("lagg>10") << QStringLiteral("lagg");
    QTest::newRow("no number") << QStringLiteral("lag>") << QStringLiteral("lag>");
    QTest::newRow("words for a number") << QStringLiteral("lag>many") << QStringLiteral("lag>many");
    QTest::newRow("an unknown unit") << QStringLiteral("lag>10x") << QStringLiteral("lag>10x");
    QTest::newRow("less than a column's text") << QStringLiteral("stream<5") << QStringLiteral("stream");
    QTest::newRow("one of two words") << QStringLiteral("jobs lag>x") << QStringLiteral("lag>x");
}

void TestCollectorModel::mistakesInFilters()
{
    QFETCH(QString, text);
    QFETCH(QString, names);
    Sorted table;
    table.show(reportOf({plainCollector("SPARK", "jobs", 318'000), plainCollector("HDFS", "audit", 3)}));
    const QString mistake = table.proxy.setFilter(text);
    QVERIFY2(mistake.contains(names), qPrintable(mistake));
}

void TestCollectorModel::aMistakeHidesNothing()
{
    Sorted table;
    table.show(reportOf({plainCollector("SPARK", "jobs", 318'000), plainCollector("HDFS", "audit", 3)}));
    QVERIFY(!table.proxy.setFilter(QStringLiteral("jobs lag>x")).isEmpty());
    QCOMPARE(table.proxy.rowCount(), 2);
}

void TestCollectorModel::unknownIsNeverZero()
{
    Sorted table;
    CollectorReport row = plainCollector("A", "one", 5);
    row.deliveredPerSecond.reset();
    row.ackedPerSecond.reset();
    row.redeliveredPerSecond.reset();
    ClusterReport report = reportOf({row});
    report.streams.clear(); // the stream could not be listed
    table.show(report);
    for (const char* column : {"in", "delivered_rate", "acked_rate", "redelivered_rate"}) {
        const QModelIndex cell = table.cell(0, QLatin1String(column));
        QCOMPARE(cell.data().toString(), QStringLiteral("–"));
        QVERIFY2(!cell.data(SortRole).isValid(), column);
    }
    const auto offsets =
        table.cell(0, QStringLiteral("offsets")).data(CollectorModel::OffsetsRole).value<OffsetPicture>();
    QCOMPARE(offsets.last, std::uint64_t{0});
}

void TestCollectorModel::redeliveriesAmongDeliveries()
{
    Sorted table;
    CollectorReport some = plainCollector("A", "some", 3);
    some.deliveredPerSecond = 75;
    some.redeliveredPerSecond = 25;
    CollectorReport idle = plainCollector("A", "idle", 2, 0);
    CollectorReport unknown = plainCollector("A", "unknown", 1);
    unknown.redeliveredPerSecond.reset();
    table.show(reportOf({some, idle, unknown}));
    QCOMPARE(table.cell(0, QStringLiteral("redelivery_share")).data().toString(), QStringLiteral("25.0 %"));
    for (const int row : {1, 2}) {
        const QModelIndex cell = table.cell(row, QStringLiteral("redelivery_share"));
        QCOMPARE(cell.data().toString(), QStringLiteral("–"));
        QVERIFY(!cell.data(SortRole).isValid());
    }
}

void TestCollectorModel::aLagThatMisleadsIsMarkedAndExplained()
{
    CollectorReport stranded = plainCollector("SPARK", "jobs", 0);
    Diagnosis diagnosis;
    diagnosis.cause = Cause::Stranded;
    diagnosis.counter = CounterTruth{"lag 0", "6 messages unread", "num_pending counts less."};
    stranded.diagnosis = std::make_shared<const Diagnosis>(std::move(diagnosis));
    Sorted table;
    table.show(reportOf({stranded, plainCollector("SPARK", "stages", 0)}));
    const int lag = table.model.columnOf(QStringLiteral("lag"));
    const auto cellOf = [&](const char* name) {
        for (int row = 0; row < table.model.rowCount(); ++row) {
            if (table.model.record(row).report->consumer.name == name)
                return table.model.index(row, lag);
        }
        return QModelIndex();
    };
    QCOMPARE(cellOf("jobs").data().toString(), QStringLiteral("0\u202f≠"));
    QVERIFY(
        cellOf("jobs")
            .data(Qt::ToolTipRole)
            .toString()
            .contains(QStringLiteral(
                "<br/>The server says lag 0; in truth 6 messages unread. num_pending counts less.<br/>")));
    QVERIFY(!cellOf("stages").data(Qt::ToolTipRole).toString().contains(QStringLiteral("in truth")));
    QCOMPARE(cellOf("jobs").data(ExactRole).toString(), QStringLiteral("0")); // what is copied is the number
    QCOMPARE(cellOf("stages").data().toString(), QStringLiteral("0"));
}

void TestCollectorModel::oldRowsAreGrey()
{
    Sorted table;
    CollectorReport old = plainCollector("A", "old", 9);
    old.consumer.stale = true;
    table.show(reportOf({old, plainCollector("A", "new", 5)}));
    // Never told before: nobody knows how old. One that was told has an age.
    QCOMPARE(table.cell(0, QStringLiteral("age")).data().toString(), QStringLiteral("?"));
    QCOMPARE(table.cell(1, QStringLiteral("age")).data().toString(), QStringLiteral("–"));
    old.consumer.stale = false;
    table.show(reportOf({old, plainCollector("A", "new", 5)}, 1));
    QVERIFY(!table.model.hasStaleRows());
    old.consumer.stale = true;
    table.show(reportOf({old, plainCollector("A", "new", 5)}, 13));
    QVERIFY(table.model.hasStaleRows());
    QCOMPARE(table.cell(0, QStringLiteral("age")).data().toString(), QStringLiteral("12\u202fs"));
    const QModelIndex stale = table.cell(0, QStringLiteral("lag"));
    const QModelIndex fresh = table.cell(1, QStringLiteral("lag"));
    QVERIFY(stale.data(StaleRole).toBool());
    QVERIFY(!fresh.data(StaleRole).toBool());
    QVERIFY(stale.data(Qt::ForegroundRole) != fresh.data(Qt::ForegroundRole));
    const QString tip = stale.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("num_pending")) && tip.contains(QStringLiteral("n1")),
             qPrintable(tip));
    QVERIFY(tip != fresh.data(Qt::ToolTipRole).toString());
}

namespace {

/// "stopped", "no-pulls" and so on, as when it answered last.
CollectorReport oldRow(std::string name, std::uint64_t lag, Cause cause)
{
    CollectorReport row = plainCollector("A", std::move(name), lag);
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->cause = cause;
    row.diagnosis = std::move(diagnosis);
    row.consumer.stale = true;
    row.verdict = "stale";
    return row;
}

} // namespace

void TestCollectorModel::oldRowsSayWhatTheyWere()
{
    Sorted table;
    table.proxy.sort(table.model.columnOf(QStringLiteral("verdict")), Qt::DescendingOrder);
    std::vector<CollectorReport> rows{oldRow("calm", 900, Cause::None), oldRow("idle", 0, Cause::Idle),
                                      oldRow("poison", 5, Cause::Poison),
                                      oldRow("stopped", 1, Cause::NoPulls)};
    table.show(reportOf(rows));
    QCOMPARE(table.names(), (QStringList{QStringLiteral("stopped"), QStringLiteral("poison"),
                                         QStringLiteral("calm"), QStringLiteral("idle")}));
    const auto words = [&](int row) { return table.cell(row, QStringLiteral("verdict")).data().toString(); };
    QCOMPARE(words(0), QStringLiteral("was no pulls"));
    QCOMPARE(words(1), QStringLiteral("was poison"));
    QCOMPARE(words(2), QStringLiteral("was keeping up"));
    QCOMPARE(words(3), QStringLiteral("was idle"));
    // One alone that does not answer stands where something is wrong.
    rows.push_back(plainCollector("A", "fresh", 90));
    rows.back().verdict = rows.back().cause = "catching-up";
    table.show(reportOf(rows, 1));
    QCOMPARE(table.names().back(), QStringLiteral("fresh"));
}

void TestCollectorModel::onlyTheRunwayOfAnOldRowGoesOn()
{
    Sorted table;
    CollectorReport row = plainCollector("A", "old", 9);
    row.verdict = "stopped";
    row.runwaySeconds = 700;
    row.timeLagSeconds = 60;
    table.show(reportOf({row}));
    row.consumer.stale = true;
    const auto at = [&](double age) {
        table.model.show(std::make_shared<const ClusterReport>(reportOf({row})), table.history, age);
        return table.cell(0, QStringLiteral("runway"));
    };
    QCOMPARE(at(50).data().toString(), QStringLiteral("10\u202fm 50\u202fs?"));
    QVERIFY(at(50).data(Qt::ForegroundRole).value<QColor>() == colors().secondary);
    QCOMPARE(at(650).data().toString(), QStringLiteral("50\u202fs?"));
    QVERIFY(at(650).data(Qt::ForegroundRole).value<QColor>() == colors().bad);
    QCOMPARE(at(9'000).data(SortRole).toDouble(), 0.0);
    QCOMPARE(table.cell(0, QStringLiteral("time_lag")).data(SortRole).toDouble(), 60.0);
}

void TestCollectorModel::offsetsStandInTheStream()
{
    Sorted table;
    CollectorReport row = plainCollector("A", "one", 1000);
    row.consumer.ackFloor.stream = StreamSequence(998'000);
    table.show(reportOf({row}));
    const auto at =
        table.cell(0, QStringLiteral("offsets")).data(CollectorModel::OffsetsRole).value<OffsetPicture>();
    QCOMPARE(at.first, std::uint64_t{1});
    QCOMPARE(at.ackFloor, std::uint64_t{998'000});
    QCOMPARE(at.delivered, std::uint64_t{999'000});
    QCOMPARE(at.last, kLastSequence);
    const QString tip = table.cell(0, QStringLiteral("offsets")).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("998\u202f000")), qPrintable(tip));
}

void TestCollectorModel::deletedOnesAreCountedWhereTheyAre()
{
    Sorted table;
    CollectorReport one = plainCollector("A", "all", 1000);
    one.consumer.pending = 600; // of the 1,000 sequences behind it
    one.consumer.delivered.stream = StreamSequence(kLastSequence - 1000);
    CollectorReport filtered = one;
    filtered.consumer.name = "filtered";
    filtered.consumer.filters = {"a.>"};
    ClusterReport report = reportOf({one, filtered});
    for (StreamReport& stream : report.streams)
        stream.stream.deleted = 1'500;
    table.show(report);
    const auto at = [&](int row) {
        return table.cell(row, QStringLiteral("offsets"))
            .data(CollectorModel::OffsetsRole)
            .value<OffsetPicture>();
    };
    const auto tip = [&](int row) {
        return table.cell(row, QStringLiteral("offsets")).data(Qt::ToolTipRole).toString();
    };
    QVERIFY(at(0).isSplitKnown && at(0).deletedBehind == 400 && at(0).deleted == 1'500);
    QVERIFY2(tip(0).contains(QStringLiteral("1\u202f500 deleted in between, 400 of them behind")),
             qPrintable(tip(0)));
    QVERIFY(!at(1).isSplitKnown); // what is its own among them, nobody knows
    QVERIFY2(!tip(1).contains(QStringLiteral("behind the position")), qPrintable(tip(1)));
}

void TestCollectorModel::ackPendingStandsBesideItsCap()
{
    Sorted table;
    CollectorReport some = plainCollector("A", "a", 3);
    some.consumer.ackPolicy = "explicit";
    some.consumer.ackPending = 50;
    some.consumer.maxAckPending = 1'000;
    CollectorReport full = some;
    full.consumer.name = "b";
    full.consumer.ackPending = 1'000;
    CollectorReport unlimited = some;
    unlimited.consumer.name = "c";
    unlimited.consumer.maxAckPending = -1;
    CollectorReport none = some;
    none.consumer.name = "d";
    none.consumer.ackPolicy = "none";
    table.show(reportOf({some, full, unlimited, none}));
    const auto cell = [&](int row) { return table.cell(row, QStringLiteral("ack_pending")); };
    QCOMPARE(cell(0).data().toString(), QStringLiteral("50 of 1.00\u202fk"));
    QCOMPARE(cell(0).data(ExactRole).toString(), QStringLiteral("50")); // what is copied
    QCOMPARE(cell(0).data(SortRole).toULongLong(), 50ULL);
    QVERIFY(!cell(0).data(Qt::ForegroundRole).isValid());
    QCOMPARE(cell(1).data(Qt::ForegroundRole).value<QColor>(), colors().warning);
    QCOMPARE(cell(2).data().toString(), QStringLiteral("50"));
    QCOMPARE(cell(3).data().toString(), QStringLiteral("–"));
}

void TestCollectorModel::hostileNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("255 bytes") << QByteArray(255, 'n');
    QTest::newRow("right-to-left override") << QByteArray("jobs\u202egnitekram");
    QTest::newRow("no UTF-8") << QByteArray("\xff\xfe jobs \xc3");
    QTest::newRow("line breaks and escapes") << QByteArray("a\nb\r\x1b[31m\x7f");
    QTest::newRow("markup") << QByteArray("<b>bold</b>");
    QTest::newRow("a formula") << QByteArray("=1+1");
}

void TestCollectorModel::hostileNames()
{
    QFETCH(QByteArray, name);
    Sorted table;
    CollectorReport row = plainCollector(name.toStdString(), name.toStdString(), 5);
    row.consumer.filters = {name.toStdString() + ".>"};
    row.consumer.placement.leader = name.toStdString();
    table.show(reportOf({row}));
    for (int column = 0; column < table.proxy.columnCount(); ++column) {
        const QModelIndex cell = table.proxy.index(0, column);
        QVERIFY2(isSafe(cell.data().toString()), qPrintable(cell.data().toString()));
        // A view takes a tool tip for rich text by its look: what comes from outside must not decide that.
        const QString tip = cell.data(Qt::ToolTipRole).toString();
        QTextDocument seen;
        if (Qt::mightBeRichText(tip))
            seen.setHtml(tip);
        else
            seen.setPlainText(tip);
        for (const QString& line : seen.toPlainText().split(QLatin1Char('\n')))
            QVERIFY2(isSafe(line), qPrintable(line));
        if (column == table.model.columnOf(QStringLiteral("collector")))
            QVERIFY2(seen.toPlainText().contains(cell.data().toString()), qPrintable(seen.toPlainText()));
    }
    // Shown safely, known exactly.
    QVERIFY(table.model.rowOf({name.toStdString(), name.toStdString()}).has_value());
}

void TestCollectorModel::aThousandCollectors()
{
    Sorted table;
    table.show(thousandCollectors());
    QCOMPARE(table.proxy.rowCount(), 1000);
    const int lag = table.model.columnOf(QStringLiteral("lag"));
    for (int row = 0; row < 1000; ++row)
        QCOMPARE(table.proxy.index(row, lag).data(SortRole).toULongLong(),
                 999ULL - static_cast<unsigned>(row));
    QCOMPARE(table.proxy.setFilter(QStringLiteral("stream:S19 lag>=500")), QString());
    // i * 7 mod 1000 is a permutation: half of S19's fifty are at or above 500.
    QCOMPARE(table.proxy.rowCount(), 25);
    table.show(thousandCollectors(1));
    QCOMPARE(table.proxy.rowCount(), 25);
}

QTEST_MAIN(TestCollectorModel)
#include "tst_collector_model.moc"
