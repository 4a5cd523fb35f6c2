// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/report_rows.h"
#include "ui/models/calm_proxy.h"
#include "ui/models/collector_groups.h"
#include "ui/models/collector_model.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

using Tester = QAbstractItemModelTester;

CollectorReport withVerdict(CollectorReport row, std::optional<std::string> verdict)
{
    row.verdict = std::move(verdict);
    row.cause = row.verdict == "keeping-up" ? std::optional<std::string>("none") : row.verdict;
    return row;
}

CollectorReport collector(std::string stream, std::string name, std::uint64_t lag, std::string verdict)
{
    return withVerdict(plainCollector(std::move(stream), std::move(name), lag), std::move(verdict));
}

/// A table in groups, watched by Qt's tester; a line of it as a word: "[title|note]", "name", "more".
struct Grouped
{
    Grouped()
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
        proxy.setNameColumns(
            {model.columnOf(QStringLiteral("stream")), model.columnOf(QStringLiteral("collector"))});
        proxy.setSourceModel(&model);
        proxy.sort(model.columnOf(QStringLiteral("verdict")), Qt::DescendingOrder);
        proxy.setGrouping(std::make_unique<CollectorGroups>(model));
    }
    void show(const ClusterReport& report)
    {
        history.add(report);
        model.show(std::make_shared<const ClusterReport>(report), history);
        proxy.arrange();
    }
    [[nodiscard]] QStringList lines() const
    {
        QStringList words;
        const int name = model.columnOf(QStringLiteral("collector"));
        for (int line = 0; line < proxy.rowCount(); ++line) {
            const QModelIndex cell = proxy.index(line, name);
            const QVariant group = cell.data(CalmProxy::GroupRole);
            if (group.isValid())
                words << QStringLiteral("[%1|%2]").arg(group.value<GroupLook>().title,
                                                       group.value<GroupLook>().note);
            else if (cell.data(CalmProxy::MoreRole).isValid())
                words << cell.data(CalmProxy::MoreRole).toString();
            else
                words << cell.data().toString();
        }
        return words;
    }
    [[nodiscard]] int groupOf(const QString& title) const
    {
        for (int line = 0; line < proxy.rowCount(); ++line) {
            const QVariant group = proxy.index(line, 0).data(CalmProxy::GroupRole);
            if (group.isValid() && group.value<GroupLook>().title == title)
                return proxy.line(line).group;
        }
        return -1;
    }

    RecentHistory history;
    CollectorModel model;
    CalmProxy proxy;
    Tester modelTester;
    Tester proxyTester;
};

QStringList list(std::initializer_list<const char*> words)
{
    QStringList all;
    for (const char* word : words)
        all << QString::fromUtf8(word);
    return all;
}

/// Two in trouble; SPARK of two streams, HDFS of one.
ClusterReport someCollectors(int second = 0)
{
    return reportOf(
        {collector("SPARK-1", "jobs", 50, "keeping-up"), collector("SPARK-2", "stages", 9000, "slow"),
         collector("SPARK-2", "idle-one", 0, "idle"), collector("HDFS-1", "storage", 700, "catching-up"),
         collector("HDFS-1", "audit", 40'000, "stopped"), collector("HDFS-1", "activity", 3, "keeping-up")},
        second);
}

} // namespace

class TestRowGroups final : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void linesOfGroups();
    void foldsAreRememberedAndForgottenWithAFilter();
    void whoNeedsALook_data();
    void whoNeedsALook();
    void worstFirstAndTheRestFolded();
    void countsStandInFixedPlaces();
    void openGroupsSurviveRefreshSortAndFilter();
    void aLongGroupOpensWithItsFirstRows();
    void rowsMoveBetweenGroupsAndStayChosen();
    void heldRowsKeepTheirPlacesAndSaySo();
    void aLostConnectionIsNoThousandProblems();
    void smallStreamsStandTogether();
    void revealOpensWhatARowIsFoldedInto();
    void withoutGroupsAgain();
    void collectorsComeAndGo();
    void hostileNames_data();
    void hostileNames();
    void tenThousand();
};

void TestRowGroups::linesOfGroups()
{
    using Kind = TableLine::Kind;
    FoldState folds;
    std::vector<RowGroup> groups{{.id = QStringLiteral("top"), .alwaysOpen = true, .rows = {4, 2}},
                                 {.id = QStringLiteral("empty"), .rows = {}},
                                 {.id = QStringLiteral("a"), .rows = {7}}};
    const std::vector<TableLine> folded{{.kind = Kind::Group, .group = 0},
                                        {.row = 4, .group = 0},
                                        {.row = 2, .group = 0},
                                        {.kind = Kind::Group, .group = 2}};
    QVERIFY(linesOf(groups, folds) == folded);
    folds.setOpen(QStringLiteral("a"), true);
    QCOMPARE(linesOf(groups, folds).size(), folded.size() + 1);
    QVERIFY(linesOf(groups, folds).back() == (TableLine{.row = 7, .group = 2}));
    QVERIFY(linesOf({}, folds).empty());
    // One more than the first rows is shown rather than "1 more".
    for (int row = 0; row < static_cast<int>(kFirstRows); ++row)
        groups[2].rows.push_back(100 + row);
    QCOMPARE(rowsShown(groups[2], folds), kFirstRows + 1);
    groups[2].rows.push_back(200);
    QCOMPARE(rowsShown(groups[2], folds), kFirstRows);
    QVERIFY(linesOf(groups, folds).back() == (TableLine{.kind = Kind::More, .group = 2}));
    folds.setWhole(QStringLiteral("a"));
    QCOMPARE(rowsShown(groups[2], folds), groups[2].rows.size());
    QVERIFY(linesOf(groups, folds).back() == (TableLine{.row = 200, .group = 2}));
}

void TestRowGroups::foldsAreRememberedAndForgottenWithAFilter()
{
    FoldState folds;
    const RowGroup one{.id = QStringLiteral("one"), .rows = {1}};
    const RowGroup top{.id = QStringLiteral("top"), .alwaysOpen = true, .rows = {1}};
    QVERIFY(!folds.isOpen(one));
    QVERIFY(folds.isOpen(top));
    folds.setFiltered(true);
    QVERIFY(folds.isOpen(one));
    folds.setOpen(one.id, false);
    QVERIFY(!folds.isOpen(one));
    folds.setFiltered(true); // another filter
    QVERIFY(folds.isOpen(one));
    folds.setFiltered(false);
    QVERIFY(!folds.isOpen(one));
    folds.setOpen(one.id, true);
    QCOMPARE(folds.opened(), QStringList{one.id});
    FoldState later;
    later.restore(folds.opened());
    QVERIFY(later.isOpen(one));
}

void TestRowGroups::whoNeedsALook_data()
{
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<bool>("needs");
    for (const char* verdict : {"lost", "stopped", "stuck", "slow", "stale"})
        QTest::newRow(verdict) << QString::fromLatin1(verdict) << true;
    for (const char* verdict : {"catching-up", "paused", "keeping-up", "idle"})
        QTest::newRow(verdict) << QString::fromLatin1(verdict) << false;
    QTest::newRow("looking") << QString() << false;
}

void TestRowGroups::whoNeedsALook()
{
    QFETCH(QString, verdict);
    QFETCH(bool, needs);
    CollectorReport row = plainCollector("A", "one", 1);
    if (!verdict.isEmpty())
        row.verdict = verdict.toStdString();
    QCOMPARE(needsALook(row, false), needs);
}

void TestRowGroups::worstFirstAndTheRestFolded()
{
    Grouped table;
    table.show(someCollectors());
    QCOMPARE(table.lines(), list({"[Need a look|2, always open]", "audit", "stages",
                                  "[HDFS-1|2 in one stream]", "[SPARK-*|2 in 2 streams]"}));
    QCOMPARE(table.proxy.acceptedRows().size(), std::size_t{6});
    // A group is one line for whoever reads with ears, too.
    const QString words = table.proxy.index(3, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(words.contains(QStringLiteral("1 catching up")) && words.contains(QStringLiteral("folded")),
             qPrintable(words));
}

void TestRowGroups::countsStandInFixedPlaces()
{
    Grouped table;
    table.show(someCollectors());
    const auto counts = [&](const char* title) {
        const int line = table.proxy.lineOfGroup(table.groupOf(QLatin1String(title)));
        QList<int> numbers;
        for (const GroupCount& one :
             table.proxy.index(line, 2).data(CalmProxy::GroupRole).value<GroupLook>().counts)
            numbers << one.count;
        return numbers;
    };
    QCOMPARE(counts("HDFS-1"), (QList<int>{1, 0, 0, 1, 0}));
    QCOMPARE(counts("SPARK-*"), (QList<int>{0, 0, 0, 1, 1}));
    // They follow the values also while rows keep their places.
    table.proxy.hold(true);
    ClusterReport report = someCollectors(1);
    report.collectors[0].verdict = "paused";
    table.show(report);
    QCOMPARE(counts("SPARK-*"), (QList<int>{0, 1, 0, 0, 1}));
}

void TestRowGroups::openGroupsSurviveRefreshSortAndFilter()
{
    Grouped table;
    table.show(someCollectors());
    table.proxy.setOpen(table.groupOf(QStringLiteral("SPARK-*")), true);
    const QStringList open =
        list({"[Need a look|2, always open]", "audit", "stages", "[HDFS-1|2 in one stream]",
              "[SPARK-*|2 in 2 streams]", "jobs", "idle-one"});
    QCOMPARE(table.lines(), open);
    table.show(someCollectors(1));
    QCOMPARE(table.lines(), open);
    table.proxy.sort(table.model.columnOf(QStringLiteral("collector")), Qt::AscendingOrder);
    QCOMPARE(table.lines().mid(5), list({"idle-one", "jobs"}));
    table.proxy.sort(table.model.columnOf(QStringLiteral("verdict")), Qt::DescendingOrder);
    // What a filter leaves is seen, whatever is folded.
    table.proxy.setFilter(QStringLiteral("stream:HDFS lag<10k"));
    QCOMPARE(table.lines(), list({"[HDFS-1|2 in one stream]", "storage", "activity"}));
    table.proxy.setFilter(QString());
    QCOMPARE(table.lines(), open);
    QCOMPARE(table.proxy.openedGroups().size(), 1);
    // A group that is empty for a while is still open when it comes back.
    ClusterReport report = someCollectors(2);
    report.collectors.erase(report.collectors.begin(), report.collectors.begin() + 3);
    table.show(report);
    table.show(someCollectors(3));
    QCOMPARE(table.lines(), open);
}

void TestRowGroups::aLongGroupOpensWithItsFirstRows()
{
    Grouped table;
    std::vector<CollectorReport> rows;
    for (int at = 0; at < 300; ++at)
        rows.push_back(collector("HDFS-" + std::to_string(at % 3), "c" + std::to_string(at),
                                 static_cast<std::uint64_t>(at), "keeping-up"));
    table.show(reportOf(rows));
    const int group = table.groupOf(QStringLiteral("HDFS-*"));
    table.proxy.setOpen(group, true);
    QCOMPARE(table.proxy.rowCount(), 1 + static_cast<int>(kFirstRows) + 1);
    QCOMPARE(table.lines().value(1), QStringLiteral("c299")); // worst first
    QVERIFY(table.lines().last().startsWith(QStringLiteral("280 more")));
    table.proxy.showWhole(group);
    QCOMPARE(table.proxy.rowCount(), 301);
    table.proxy.setOpen(group, false);
    QCOMPARE(table.proxy.rowCount(), 1);
}

void TestRowGroups::rowsMoveBetweenGroupsAndStayChosen()
{
    Grouped table;
    table.show(someCollectors());
    table.proxy.setOpen(table.groupOf(QStringLiteral("SPARK-*")), true);
    QItemSelectionModel selection(&table.proxy);
    const int name = table.model.columnOf(QStringLiteral("collector"));
    selection.setCurrentIndex(table.proxy.index(5, name),
                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QCOMPARE(selection.currentIndex().data().toString(), QStringLiteral("jobs"));
    ClusterReport report = someCollectors(1);
    report.collectors[0] = collector("SPARK-1", "jobs", 90'000, "lost");
    table.show(report);
    QCOMPARE(table.lines().value(1), QStringLiteral("jobs"));
    QCOMPARE(selection.currentIndex().row(), 1);
    QVERIFY(selection.isRowSelected(1));
}

void TestRowGroups::heldRowsKeepTheirPlacesAndSaySo()
{
    Grouped table;
    table.show(someCollectors());
    const QSignalSpy waits(&table.proxy, &CalmProxy::waitingChanged);
    table.proxy.hold(true);
    const QStringList before = table.lines();
    table.show(someCollectors(1)); // nothing would move
    QVERIFY(!table.proxy.isWaiting());
    ClusterReport report = someCollectors(2);
    report.collectors[0] = collector("SPARK-1", "jobs", 90'000, "lost");
    table.show(report);
    QCOMPARE(table.lines().mid(1, 2), before.mid(1, 2));
    QVERIFY(table.proxy.isWaiting());
    table.proxy.arrangeNow(); // somebody asked for it
    QCOMPARE(table.lines().value(1), QStringLiteral("jobs"));
    QVERIFY(!table.proxy.isWaiting());
    QCOMPARE(waits.size(), 2);
    table.show(someCollectors(3));
    QVERIFY(table.proxy.isWaiting());
    table.proxy.hold(false);
    QCOMPARE(table.lines(), before);
    QVERIFY(!table.proxy.isWaiting());
}

void TestRowGroups::aLostConnectionIsNoThousandProblems()
{
    Grouped table;
    ClusterReport report = someCollectors();
    const auto look = [&] { return table.proxy.groups().front().rows.size(); };
    for (CollectorReport& row : report.collectors) {
        auto diagnosis = std::make_shared<Diagnosis>();
        diagnosis->cause = row.verdict == "slow" ? Cause::Slow : Cause::None;
        row.diagnosis = diagnosis;
    }
    table.show(report);
    QCOMPARE(look(), std::size_t{2});
    report.at = reportTime(1);
    const auto goesStale = [](CollectorReport& row) {
        row.consumer.stale = true;
        row.verdict = "stale";
        row.cause.reset();
    };
    goesStale(report.collectors[0]); // one alone
    table.show(report);
    QCOMPARE(look(), std::size_t{3});
    for (CollectorReport& row : report.collectors)
        goesStale(row);
    report.at = reportTime(2);
    table.show(report);
    QCOMPARE(look(), std::size_t{1}); // which was slow
}

void TestRowGroups::smallStreamsStandTogether()
{
    Grouped table;
    table.show(reportOf({collector("ALPHA", "a", 1, "idle"), collector("BETA", "b", 1, "idle"),
                         collector("GAMMA", "c", 1, "idle"), collector("GAMMA", "d", 1, "idle"),
                         collector("GAMMA", "e", 1, "idle")}));
    QCOMPARE(table.lines(), list({"[GAMMA|3 in one stream]", "[Other streams|2 in 2 streams]"}));
}

void TestRowGroups::revealOpensWhatARowIsFoldedInto()
{
    Grouped table;
    table.show(someCollectors());
    const int row = *table.model.rowOf({"SPARK-2", "idle-one"});
    QVERIFY(!table.proxy.mapFromSource(table.model.index(row, 0)).isValid());
    QVERIFY(table.proxy.reveal(row));
    QVERIFY(table.proxy.mapFromSource(table.model.index(row, 0)).isValid());
    table.proxy.setFilter(QStringLiteral("stream:HDFS"));
    QVERIFY(!table.proxy.reveal(row));
    QCOMPARE(table.proxy.mapToSource(table.proxy.index(0, 0)), QModelIndex());
}

void TestRowGroups::withoutGroupsAgain()
{
    Grouped table;
    table.show(someCollectors());
    table.proxy.setGrouping(nullptr);
    QCOMPARE(table.lines(), list({"audit", "stages", "storage", "jobs", "activity", "idle-one"}));
    table.proxy.setGrouping(std::make_unique<CollectorGroups>(table.model));
    QCOMPARE(table.lines().size(), 5);
}

void TestRowGroups::collectorsComeAndGo()
{
    Grouped table;
    table.show(reportOf({}));
    QCOMPARE(table.proxy.rowCount(), 0);
    table.proxy.hold(true);
    table.show(someCollectors()); // the first rows never wait
    QCOMPARE(table.lines().size(), 5);
    ClusterReport more = someCollectors(1);
    more.collectors.push_back(collector("AUDIT-9", "new", 5, "stuck"));
    more.streams.push_back(plainStream("AUDIT-9"));
    table.show(more);
    QCOMPARE(table.lines().size(), 5);
    QVERIFY(table.proxy.isWaiting());
    // One that is gone is no place to rest on.
    more.at = reportTime(2);
    std::erase_if(more.collectors, [](const auto& row) { return row.consumer.name == "audit"; });
    table.show(more);
    QCOMPARE(table.lines().mid(0, 2), list({"[Need a look|1, always open]", "stages"}));
    table.proxy.hold(false);
    QCOMPARE(table.lines().mid(0, 3), list({"[Need a look|2, always open]", "new", "stages"}));
    table.show(reportOf({}, 3));
    QCOMPARE(table.proxy.rowCount(), 0);
}

void TestRowGroups::hostileNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("255 bytes") << QByteArray(255, 'n');
    QTest::newRow("right-to-left override") << QByteArray("\u202egnitekram");
    QTest::newRow("no UTF-8") << QByteArray("\xff\xfe jobs \xc3");
    QTest::newRow("line breaks and escapes") << QByteArray("a\nb\r\x1b[31m\x7f");
    QTest::newRow("markup") << QByteArray("<b>bold</b>");
    QTest::newRow("nothing but separators") << QByteArray("---");
}

void TestRowGroups::hostileNames()
{
    QFETCH(QByteArray, name);
    Grouped table;
    const std::string stream = name.toStdString();
    table.show(reportOf({collector(stream + "-1", "a", 1, "idle"), collector(stream + "-2", "b", 2, "idle"),
                         collector("OTHER-1", "c", 1, "idle"), collector("OTHER-2", "d", 1, "idle")}));
    QCOMPARE(table.proxy.acceptedRows().size(), std::size_t{4});
    for (int line = 0; line < table.proxy.rowCount(); ++line) {
        const QString words = table.proxy.index(line, 0).data().toString();
        for (const QChar c : words) {
            QVERIFY2(c.category() != QChar::Other_Control && c.unicode() != 0x202e && c.unicode() != 0xfffd,
                     qPrintable(words));
        }
    }
    // Opening and folding every group loses no row.
    for (int group = 0; group < static_cast<int>(table.proxy.groups().size()); ++group)
        table.proxy.setOpen(group, true);
    int rows = 0;
    for (int line = 0; line < table.proxy.rowCount(); ++line)
        rows += table.proxy.line(line).kind == TableLine::Kind::Row ? 1 : 0;
    QCOMPARE(rows, 4);
}

void TestRowGroups::tenThousand()
{
    std::vector<CollectorReport> rows;
    for (std::uint64_t at = 0; at < 10'000; ++at)
        rows.push_back(collector("S" + std::to_string(at % 500), "c" + std::to_string(at), at * 7 % 10'000,
                                 at % 100 == 0 ? "slow" : "keeping-up"));
    Grouped table;
    table.show(reportOf(rows));
    QCOMPARE(table.proxy.acceptedRows().size(), std::size_t{10'000});
    QCOMPARE(table.proxy.rowCount(), 1 + 100 + 1); // need a look, and one family
    table.proxy.setOpen(1, true);
    table.proxy.showWhole(1);
    QCOMPARE(table.proxy.rowCount(), 10'002);
    const int lag = table.model.columnOf(QStringLiteral("lag"));
    for (int line = 103; line < table.proxy.rowCount(); ++line)
        QVERIFY(table.proxy.index(line - 1, lag).data(SortRole).toULongLong() >
                table.proxy.index(line, lag).data(SortRole).toULongLong());
    table.show(reportOf(rows, 1));
    QCOMPARE(table.proxy.rowCount(), 10'002);
    QCOMPARE(table.proxy.setFilter(QStringLiteral("stream=S7 verdict:keeping")), QString());
    QCOMPARE(table.proxy.acceptedRows().size(), std::size_t{20});
}

QTEST_MAIN(TestRowGroups)
#include "tst_row_groups.moc"
