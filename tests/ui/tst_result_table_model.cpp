// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_replay.h"
#include "ui/models/cell_format.h"
#include "ui/models/quarantine_model.h"
#include "ui/models/result_table_model.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

#include <algorithm>
#include <random>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr int kPatienceMs = 30'000;

const std::vector<Column> kColumns{
    {"user", Unit::None, Merge::Key}, {"numTasks"}, {"duration", Unit::Milliseconds}, {"status"}};

Row rowOf(std::string user, Cell tasks = std::int64_t{1}, Cell duration = {}, std::string status = "RUNNING")
{
    return {std::move(user), std::move(tasks), std::move(duration), std::move(status)};
}

std::shared_ptr<const EngineResult> resultOf(std::vector<Row> rows)
{
    auto result = std::make_shared<EngineResult>();
    result->tables.push_back(tableOf("jobs", kColumns, std::move(rows)));
    return result;
}

/// A model under Qt's own tester.
struct Watched
{
    Watched()
        : tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
        model.setSchema({.name = "jobs", .columns = tableOf("jobs", kColumns, {}).schema().columns});
    }
    void show(std::vector<Row> rows) { model.setResult(resultOf(std::move(rows)), 0); }
    [[nodiscard]] QStringList users() const
    {
        QStringList users;
        for (int row = 0; row < model.rowCount(); ++row)
            users << text(row, 0);
        return users;
    }
    [[nodiscard]] QString text(int row, int column) const
    {
        return model.data(model.index(row, column), Qt::DisplayRole).toString();
    }

    ResultTableModel model;
    QAbstractItemModelTester tester;
};

} // namespace

class TestResultTableModel : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup() { QThreadPool::globalInstance()->waitForDone(); }

    void columnsStandBeforeRows();
    void rowsComeInKeyOrder();
    void aChosenRowIsFollowed();
    void numbersSortByValueAndUnknownStaysLast();
    void wordsFilterInAnyCell();
    void whileHeldNothingMoves();
    void whoSortsWhileHeldIsObeyed();
    void anyChangeEndsInTheRightOrder();
    void tenThousandsAreArrangedAside();
    void moreThanCanBeShownIsSaid();
    void anotherSchemaForgetsAll();
    void cellsReadLikeWords_data();
    void cellsReadLikeWords();
    void titlesReadLikeWords();
    void markupInATipStaysText();
    void quarantineOnlyGrows();
};

void TestResultTableModel::columnsStandBeforeRows()
{
    const Watched table;
    QCOMPARE(table.model.rowCount(), 0);
    QCOMPARE(table.model.columnCount(), 4);
    QCOMPARE(table.model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Tasks"));
    QCOMPARE(table.model.headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString(),
             QStringLiteral("numTasks"));
}

void TestResultTableModel::rowsComeInKeyOrder()
{
    Watched table;
    table.show({rowOf("ann"), rowOf("cid")});
    table.show({rowOf("ann"), rowOf("bob"), rowOf("cid"), rowOf("dan")});
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann bob cid dan"));
    QCOMPARE(table.model.data(table.model.index(0, 1), Qt::TextAlignmentRole).toInt(),
             static_cast<int>(Qt::AlignRight | Qt::AlignVCenter));
}

void TestResultTableModel::aChosenRowIsFollowed()
{
    Watched table;
    table.show({rowOf("ann"), rowOf("cid"), rowOf("dan")});
    const QPersistentModelIndex chosen = table.model.index(1, 0);
    const QPersistentModelIndex other = table.model.index(2, 1);
    table.show({rowOf("ann"), rowOf("bob"), rowOf("cid", std::int64_t{7})});
    QCOMPARE(chosen.row(), 2);
    QCOMPARE(table.text(chosen.row(), 1), QStringLiteral("7"));
    QVERIFY(!other.isValid()); // dan is gone
}

void TestResultTableModel::numbersSortByValueAndUnknownStaysLast()
{
    Watched table;
    table.show({rowOf("ann", std::int64_t{10}), rowOf("bob", std::uint64_t{9}), rowOf("cid", Cell()),
                rowOf("dan", std::int64_t{-1})});
    table.model.sort(1, Qt::AscendingOrder);
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("dan bob ann cid"));
    table.model.sort(1, Qt::DescendingOrder);
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann bob dan cid"));
    table.model.sort(-1);
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann bob cid dan"));
}

void TestResultTableModel::wordsFilterInAnyCell()
{
    Watched table;
    table.show({rowOf("ann", std::int64_t{1}, {}, "FAILED"), rowOf("bob"), rowOf("anna")});
    table.model.setFilter(QStringLiteral("ANN"));
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann anna"));
    table.model.setFilter(QStringLiteral("ann failed"));
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann"));
    QCOMPARE(table.model.matchingRows(), std::size_t{1});
    QCOMPARE(table.model.totalRows(), std::size_t{3});
    table.show({rowOf("ann"), rowOf("bob")});
    QCOMPARE(table.model.rowCount(), 0);
    table.model.setFilter({});
    QCOMPARE(table.model.rowCount(), 2);
}

void TestResultTableModel::whileHeldNothingMoves()
{
    Watched table;
    table.model.sort(1, Qt::DescendingOrder);
    table.show({rowOf("ann", std::int64_t{5}), rowOf("bob", std::int64_t{3})});
    table.model.setHoldOrder(true);
    table.show(
        {rowOf("abe", std::int64_t{50}), rowOf("ann", std::int64_t{5}), rowOf("bob", std::int64_t{9})});
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("ann bob abe"));
    QCOMPARE(table.text(1, 1), QStringLiteral("9"));
    table.model.setHoldOrder(false);
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("abe bob ann"));
}

void TestResultTableModel::whoSortsWhileHeldIsObeyed()
{
    Watched table;
    table.show({rowOf("ann", std::int64_t{1}), rowOf("bob", std::int64_t{2})});
    table.model.setHoldOrder(true);
    table.model.sort(1, Qt::DescendingOrder);
    QCOMPARE(table.users().join(QLatin1Char(' ')), QStringLiteral("bob ann"));
}

void TestResultTableModel::anyChangeEndsInTheRightOrder()
{
    std::mt19937 random(17); // the same walk on every machine
    Watched table;
    for (int step = 0; step < 300; ++step) {
        std::vector<Row> rows;
        for (int user = 0; user < 24; ++user) {
            if (random() % 3 != 0)
                rows.push_back(rowOf(QStringLiteral("u%1").arg(user, 2, 10, QLatin1Char('0')).toStdString(),
                                     static_cast<std::int64_t>(random() % 5)));
        }
        std::vector<std::pair<QPersistentModelIndex, QString>> followed;
        for (int row = 0; row < table.model.rowCount(); ++row)
            followed.emplace_back(table.model.index(row, 0), table.text(row, 0));
        const bool byNumber = random() % 2 == 0;
        table.model.sort(byNumber ? 1 : -1, random() % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
        table.show(rows);

        QCOMPARE(table.model.rowCount(), static_cast<int>(rows.size()));
        QStringList expected;
        for (const Row& row : rows)
            expected << QString::fromStdString(std::get<std::string>(row[0]));
        QStringList users = table.users();
        for (const auto& [index, user] : followed) {
            QCOMPARE(index.isValid(), expected.contains(user));
            if (index.isValid())
                QCOMPARE(users[index.row()], user);
        }
        if (byNumber)
            std::sort(users.begin(), users.end());
        QCOMPARE(users, expected);
    }
}

void TestResultTableModel::tenThousandsAreArrangedAside()
{
    Watched table;
    std::vector<Row> rows;
    for (int i = 0; i < 10'000; ++i)
        rows.push_back(
            rowOf(QStringLiteral("u%1").arg(i, 5, 10, QLatin1Char('0')).toStdString(), std::int64_t{i}));
    table.show(rows);
    QVERIFY(table.model.isBusy()); // setResult() itself did not do it
    table.model.sort(1, Qt::DescendingOrder);
    table.model.setFilter(QStringLiteral("u00"));
    QTRY_COMPARE_WITH_TIMEOUT(table.model.rowCount(), 1'000, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(table.text(0, 0), QStringLiteral("u00999"), kPatienceMs);
}

void TestResultTableModel::moreThanCanBeShownIsSaid()
{
    Watched table;
    std::vector<Row> rows;
    for (std::size_t i = 0; i < kMostRowsShown + 5; ++i)
        rows.push_back(rowOf(QStringLiteral("u%1").arg(i, 6, 10, QLatin1Char('0')).toStdString()));
    table.show(std::move(rows));
    QTRY_COMPARE_WITH_TIMEOUT(table.model.rowCount(), static_cast<int>(kMostRowsShown), kPatienceMs);
    QCOMPARE(table.model.matchingRows(), kMostRowsShown + 5);
}

void TestResultTableModel::anotherSchemaForgetsAll()
{
    Watched table;
    std::vector<Row> rows(5'000, rowOf("x"));
    table.show(rows); // is being arranged when the table becomes another
    table.model.setSchema({.name = "users", .columns = {{"user", Unit::None, Merge::Key}}});
    auto result = std::make_shared<EngineResult>();
    result->tables.push_back(tableOf("users", {{"user"}}, {{std::string("eve")}}));
    table.model.setResult(result, 0);
    QTRY_COMPARE_WITH_TIMEOUT(table.users().join(QLatin1Char(' ')), QStringLiteral("eve"), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!table.model.isBusy(), kPatienceMs);
    QCOMPARE(table.model.columnCount(), 1);
}

void TestResultTableModel::cellsReadLikeWords_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("text");
    QTest::newRow("unknown is a dash") << 0 << QStringLiteral("–");
    QTest::newRow("milliseconds are a duration") << 1 << QStringLiteral("4.12 s");
    QTest::newRow("bytes have a unit") << 2 << QStringLiteral("8.10 MB");
    QTest::newRow("numbers are grouped") << 3 << QStringLiteral("47 311 905");
    QTest::newRow("negative numbers too") << 4 << QStringLiteral("−1 200");
    QTest::newRow("lists have commas") << 5 << QStringLiteral("a, b");
    QTest::newRow("line ends are seen") << 6 << QStringLiteral("a\\x0ab");
    QTest::newRow("not a number is unknown") << 7 << QStringLiteral("–");
}

void TestResultTableModel::cellsReadLikeWords()
{
    static const std::vector<std::pair<Cell, Unit>> cells{
        {Cell(), Unit::None},
        {std::int64_t{4'120}, Unit::Milliseconds},
        {std::uint64_t{8'100'000}, Unit::Bytes},
        {std::int64_t{47'311'905}, Unit::None},
        {std::int64_t{-1'200}, Unit::Count},
        {std::vector<std::string>{"a", "b"}, Unit::None},
        {std::string("a\nb"), Unit::None},
        {std::numeric_limits<double>::quiet_NaN(), Unit::None}};
    QFETCH(int, which);
    QFETCH(QString, text);
    const auto& [cell, unit] = cells[static_cast<std::size_t>(which)];
    QCOMPARE(cellShown(cell, unit).replace(QChar(0x202f), QLatin1Char(' ')), text);
}

void TestResultTableModel::titlesReadLikeWords()
{
    QCOMPARE(columnTitle("numCompletedTasks"), QStringLiteral("Completed tasks"));
    QCOMPARE(columnTitle("appId"), QStringLiteral("App id"));
    QCOMPARE(columnTitle("totalGCTime"), QStringLiteral("Total GC time"));
    QCOMPARE(columnTitle("sql"), QStringLiteral("SQL"));
    QCOMPARE(columnTitle("number"), QStringLiteral("Number"));
}

void TestResultTableModel::markupInATipStaysText()
{
    Watched table;
    table.show({rowOf("<b>ann</b>")});
    const QString tip = table.model.data(table.model.index(0, 0), Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("&lt;b&gt;")), qPrintable(tip));
}

void TestResultTableModel::quarantineOnlyGrows()
{
    QuarantineModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto first = std::make_shared<EngineResult>();
    first->quarantined = {quarantinedEvent(StreamSequence(7), "{\"a\": tru")};
    first->counters.quarantined = 1;
    model.setResult(first);
    const QPersistentModelIndex kept = model.index(0, 0);
    auto second = std::make_shared<EngineResult>(*first);
    second->quarantined.push_back(quarantinedEvent(StreamSequence(9), "\xff\xfe"));
    second->counters.quarantined = 5;
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setResult(second);
    QCOMPARE(inserted.count(), 1);
    QVERIFY(kept.isValid());
    QCOMPARE(model.total(), std::uint64_t{5});
    QCOMPARE(model.data(model.index(1, QuarantineModel::SequenceColumn), Qt::DisplayRole).toString(),
             QStringLiteral("9"));
    QCOMPARE(model.data(model.index(1, QuarantineModel::ReasonColumn), Qt::DisplayRole).toString(),
             QStringLiteral("malformed"));
    QCOMPARE(model.data(model.index(1, QuarantineModel::BeginColumn), Qt::DisplayRole).toString(),
             QStringLiteral("\\xff\\xfe"));
    model.setResult(nullptr);
    QCOMPARE(model.rowCount(), 0);
    model.setResult(first); // another run begins anew
    QCOMPARE(model.rowCount(), 1);
}

QTEST_MAIN(TestResultTableModel)
#include "tst_result_table_model.moc"
