// SPDX-License-Identifier: Apache-2.0
//
// What the history asks SQLite for, counted: a statement for each row, value or point is slow only where
// nobody tests, at the size of an installation.
#include "tests/support/sql_count.h"
#include "tests/unit/model/history/history_helpers.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

/// BEGIN and COMMIT, the row's number, the journal, two statements for each of three tiers, the oldest block
/// of three tiers, the words of states: 14. With them, for each tail that is no block yet, one look.
constexpr std::uint64_t kStatementsOfAPlot = 14;
constexpr std::uint64_t kOpenTails = 3;
/// BEGIN, COMMIT, the connection's number, one blob for each of 16 parts of the journal, what of it may go.
constexpr std::uint64_t kStatementsOfAWrite = 20;

} // namespace

class TestHistoryCost final : public QObject
{
    Q_OBJECT

private:
    [[nodiscard]] std::filesystem::path file() const { return *m_folder / "history.sqlite"; }
    /// A sample of each collector every ten seconds, for so long.
    void keep(std::size_t collectors, std::chrono::seconds span)
    {
        m_folder.emplace();
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        QVERIFY(writer);
        HistoryTails tails;
        m_feed.emplace(10s, collectors);
        for (auto kept = 0s; kept < span; kept += 10s) {
            tails.add(m_feed->next());
            QVERIFY(writer->write(kConnection, tails, {}, m_feed->now()));
        }
    }
    [[nodiscard]] HistoryQuery plot(std::chrono::seconds width, std::size_t values) const
    {
        HistoryQuery query = lagQuery(m_feed->now() - width, m_feed->now(), 1'000);
        const std::span<const HistoryValue> all = collectorValues();
        query.values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(values));
        return query;
    }

    std::optional<TempFolder> m_folder;
    std::optional<Feed> m_feed;

private slots:
    void aPlotIsAFewStatementsWhateverItShows_data()
    {
        QTest::addColumn<int>("collectors");
        QTest::newRow("few collectors") << 3;
        QTest::newRow("many collectors") << 300;
    }
    void aPlotIsAFewStatementsWhateverItShows()
    {
        QFETCH(int, collectors);
        keep(static_cast<std::size_t>(collectors), 1h);
        SqlCount count;
        Result<HistoryReader> reader = HistoryReader::open(file());
        QVERIFY(reader);
        for (const auto width : {60s, 3600s, 86'400s, 60 * 86'400s}) {
            for (const std::size_t values : {std::size_t{1}, std::size_t{9}}) {
                count.restart();
                const Result<HistorySeries> series = reader->series(plot(width, values));
                QVERIFY(series && series->lines.size() == values && series->lines.front().size() > 2);
                QVERIFY2(count.statements() <= kStatementsOfAPlot + kOpenTails,
                         qPrintable(QString::number(count.statements())));
                // Blocks and pieces of the journal, not points: an hour of samples lies in a dozen blocks.
                QVERIFY2(count.rows() <= 100, qPrintable(QString::number(count.rows())));
            }
        }
    }

    void marksAreOneStatement()
    {
        keep(30, 1h);
        SqlCount count;
        Result<HistoryReader> reader = HistoryReader::open(file());
        count.restart();
        QVERIFY(reader->marks({.connection = kConnection, .limit = 1'000}));
        QCOMPARE(count.statements(), std::uint64_t{1});
    }

    void aWriteIsAFewStatementsHoweverManyCollectors()
    {
        m_folder.emplace();
        SqlCount count;
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        QVERIFY(writer);
        HistoryTails tails;
        Feed feed(1s, 300);
        for (int second = 0; second < 4; ++second) {
            tails.add(feed.next());
            count.restart();
            QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
            if (second > 0) // with the first, each row gets its number
                QVERIFY2(count.statements() <= kStatementsOfAWrite,
                         qPrintable(QString::number(count.statements())));
        }
    }
};

QTEST_GUILESS_MAIN(TestHistoryCost)
#include "tst_history_cost.moc"
