// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/history/history_helpers.h"

#include <QTest>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestHistoryFile final : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder.emplace(); }

    void everySampleComesBack();
    void allValuesComeBack();
    void theNextProgramGoesOn();
    void coarserTiersReachFurtherBack();
    void whatIsKeptBeginsWithItsFirstSample();
    void theTierSuitsTheRange();
    void onePeakIsSeenFromFarAway();
    void pausesAndStaleRowsAreGaps();
    void aClockThatGoesBackLosesNothingOld();
    void whatNobodyKeptIsEmpty();
    void statesHaveTheirWords();
    void marksAreFoundAgain();
    void twoConsolesShareAFile();
    void theFileKeepsItsBound();
    void oldRowsGoToo();
    void namesMayBeAnything();
    void rareLooksLoseNothing();
    void anOlderFileIsBroughtUpToDate();

private:
    [[nodiscard]] std::filesystem::path file() const { return *m_folder / "history.sqlite"; }
    /// Hands reports to a writer, as a recorder does.
    void run(HistoryWriter& writer, HistoryTails& tails, Feed& feed, int reports, int writeEach = 2)
    {
        for (int i = 0; i < reports; ++i) {
            tails.add(feed.next());
            if (i % writeEach == writeEach - 1)
                QVERIFY(writer.write(kConnection, tails, {}, feed.now()));
        }
        QVERIFY(writer.write(kConnection, tails, {}, feed.now()));
    }

    std::optional<TempFolder> m_folder;
};

void TestHistoryFile::everySampleComesBack()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    QVERIFY(writer);
    HistoryTails tails;
    Feed feed;
    run(*writer, tails, feed, 1500);
    QVERIFY(knownLags(file(), lagQuery(kReportTime, feed.now())) == feed.lags);
    // Parts of it too, at whatever ends.
    for (const auto& [from, to] :
         {std::pair{100s, 200s}, {0s, 1s}, {299s, 301s}, {1400s, 1500s}, {1490s, 5000s}}) {
        std::map<std::int64_t, double> expected;
        for (const auto& [at, lag] : feed.lags) {
            if (at >= toMillis(kReportTime + from) && at <= toMillis(kReportTime + to))
                expected[at] = lag;
        }
        QVERIFY(!expected.empty());
        QVERIFY(knownLags(file(), lagQuery(kReportTime + from, kReportTime + to)) == expected);
    }
}

void TestHistoryFile::allValuesComeBack()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    feed.change = [](CollectorReport& row) {
        row.redeliveredPerSecond = 12.5;
        row.runwaySeconds = std::nullopt;
        row.consumer.waiting = 3;
        row.consumer.redelivered = 4;
    };
    const ClusterReport report = feed.next();
    tails.add(report);
    QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
    Result<HistoryReader> reader = HistoryReader::open(file());
    HistoryQuery query = lagQuery(kReportTime, feed.now());
    query.values.assign(collectorValues().begin(), collectorValues().end());
    const Result<HistorySeries> answer = reader->series(query);
    QVERIFY(answer);
    const auto row = std::ranges::find(report.collectors, kCollector,
                                       [](const CollectorReport& one) { return one.consumer.name; });
    const auto value = [&](HistoryValue wanted) {
        const auto& line = answer->lines[static_cast<std::size_t>(std::ranges::find(query.values, wanted) -
                                                                  query.values.begin())];
        return line.empty() ? std::nan("") : line.front().value;
    };
    const auto isNear = [&](HistoryValue wanted, double truth) {
        return std::abs(value(wanted) - truth) <= truth * 0.0007 + 0.0007;
    };
    QCOMPARE(value(HistoryValue::Pending), static_cast<double>(row->consumer.pending));
    QCOMPARE(value(HistoryValue::AckPending), static_cast<double>(row->consumer.ackPending));
    QCOMPARE(value(HistoryValue::Redelivered), 4.0);
    QCOMPARE(value(HistoryValue::Waiting), 3.0);
    QCOMPARE(value(HistoryValue::DeliveredStream),
             static_cast<double>(row->consumer.delivered.stream.value()));
    QCOMPARE(value(HistoryValue::DeliveredConsumer),
             static_cast<double>(row->consumer.delivered.consumer.value()));
    QCOMPARE(value(HistoryValue::AckFloorStream), static_cast<double>(row->consumer.ackFloor.stream.value()));
    QVERIFY(isNear(HistoryValue::TimeLag, *row->timeLagSeconds));
    QVERIFY(isNear(HistoryValue::DeliveredRate, *row->deliveredPerSecond));
    QVERIFY(isNear(HistoryValue::AckedRate, *row->ackedPerSecond));
    QVERIFY(isNear(HistoryValue::RedeliveredRate, 12.5));
    QVERIFY(std::isnan(value(HistoryValue::Runway)));

    query.collector.clear();
    query.values.assign(streamValues().begin(), streamValues().end());
    const Result<HistorySeries> ofStream = reader->series(query);
    QVERIFY(ofStream);
    const StreamReport& stream = report.streams.front();
    QCOMPARE(stream.stream.name, kStream);
    QCOMPARE(ofStream->lines[1].front().value, static_cast<double>(stream.stream.lastSequence.value()));
    QCOMPARE(ofStream->lines[3].front().value, static_cast<double>(stream.stream.bytes));
}

void TestHistoryFile::theNextProgramGoesOn()
{
    Feed feed;
    for (int program = 0; program < 5; ++program) {
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        QVERIFY(writer);
        HistoryTails tails;
        QVERIFY(writer->takeUp(kConnection, tails));
        run(*writer, tails, feed, 137);
    }
    QVERIFY(knownLags(file(), lagQuery(kReportTime, feed.now())) == feed.lags);
}

void TestHistoryFile::coarserTiersReachFurtherBack()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed(10s, 1);
    run(*writer, tails, feed, 4 * 8640, /*writeEach=*/12); // four days
    QVERIFY(writer->prune(feed.now()));
    const auto pointsIn = [&](std::chrono::hours ago, std::chrono::minutes width) {
        return knownLags(file(), lagQuery(feed.now() - ago, feed.now() - ago + width - 1ms)).size();
    };
    QCOMPARE(pointsIn(1h, 10min), std::size_t{60});  // samples
    QCOMPARE(pointsIn(30h, 10min), std::size_t{60}); // ten seconds
    QCOMPARE(pointsIn(90h, 10min), std::size_t{10}); // minutes
    Result<HistoryReader> reader = HistoryReader::open(file());
    const Result<HistorySeries> all = reader->series(lagQuery(kReportTime, feed.now(), 2000));
    QVERIFY(all->oldest <= kReportTime + 1min);
    QVERIFY(all->lines.front().front().at <= kReportTime + 3min);
    QVERIFY(all->lines.front().back().at >= feed.now() - 4min);
    QVERIFY(all->lines.front().size() <= 2000);
    QVERIFY(std::ranges::none_of(all->lines.front(),
                                 [](const HistoryPoint& point) { return std::isnan(point.value); }));
}

// Blocks are named after where their span of time begins, hours before a collector that is new.
void TestHistoryFile::whatIsKeptBeginsWithItsFirstSample()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    const auto oldest = [&] {
        Result<HistoryReader> reader = HistoryReader::open(file());
        return reader->series(lagQuery(kReportTime, feed.now()))->oldest;
    };
    run(*writer, tails, feed, 20);
    const ServerTime first(std::chrono::milliseconds(feed.lags.begin()->first));
    QVERIFY(oldest() == first); // in the journal
    run(*writer, tails, feed, 1500);
    QVERIFY(oldest() == first); // in blocks
    feed.skip(3h);
    run(*writer, tails, feed, 400);
    QVERIFY(writer->prune(feed.now())); // its samples are gone, ten seconds are left
    QVERIFY(oldest() > first - 10s && oldest() <= first);
}

void TestHistoryFile::theTierSuitsTheRange()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    run(*writer, tails, feed, 600);
    Result<HistoryReader> reader = HistoryReader::open(file());
    const auto step = [&](std::chrono::hours width) {
        return reader->series(lagQuery(feed.now() - width, feed.now(), 2000))->step;
    };
    QVERIFY(step(1h) == 0ms);
    QVERIFY(step(6h) == 10s);
    QVERIFY(step(48h) == 60s);
    QVERIFY(step(60 * 24h) == 60s);
}

void TestHistoryFile::onePeakIsSeenFromFarAway()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed(10s, 1);
    int count = 0;
    feed.change = [&](CollectorReport& row) { row.lag = ++count == 5000 ? 9'000'000 : 12; };
    run(*writer, tails, feed, 2 * 8640, 12);
    Result<HistoryReader> reader = HistoryReader::open(file());
    const Result<HistorySeries> series = reader->series(lagQuery(feed.now() - 60 * 24h, feed.now(), 300));
    double highest = 0;
    for (const HistoryPoint& point : series->lines.front())
        highest = std::max(highest, point.high);
    QVERIFY(std::abs(highest - 9e6) < 9e6 * 0.001);
}

void TestHistoryFile::pausesAndStaleRowsAreGaps()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    run(*writer, tails, feed, 400);
    feed.skip(10min);
    run(*writer, tails, feed, 100);
    const std::map<std::int64_t, double> known = feed.lags;
    feed.change = [](CollectorReport& row) { row.consumer.stale = true; };
    run(*writer, tails, feed, 60);
    feed.change = nullptr;
    run(*writer, tails, feed, 10);
    Result<HistoryReader> reader = HistoryReader::open(file());
    const Result<HistorySeries> series = reader->series(lagQuery(kReportTime, feed.now(), 5000));
    QCOMPARE(std::ranges::count_if(series->lines.front(),
                                   [](const HistoryPoint& point) { return std::isnan(point.value); }),
             std::ptrdiff_t{2});
    const auto found = knownLags(file(), lagQuery(kReportTime, feed.now()));
    QCOMPARE(found.size(), known.size() + 10);
}

void TestHistoryFile::aClockThatGoesBackLosesNothingOld()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    run(*writer, tails, feed, 700);
    const std::map<std::int64_t, double> before = feed.lags;
    feed.skip(-5min);
    run(*writer, tails, feed, 400);
    const auto found = knownLags(file(), lagQuery(kReportTime, feed.now() + 1h));
    QVERIFY(found.size() >= before.size());
    for (const auto& [at, lag] : before) {
        if (at < toMillis(kReportTime + 390s))
            QVERIFY(found.at(at) == lag);
    }
    // What came after the last moment known is there.
    QVERIFY(found.rbegin()->first == feed.lags.rbegin()->first);
}

void TestHistoryFile::whatNobodyKeptIsEmpty()
{
    QVERIFY(HistoryReader::open(file()).error().code() == ErrorCode::NotFound);
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    Result<HistoryReader> reader = HistoryReader::open(file());
    QVERIFY(reader);
    const Result<HistorySeries> series = reader->series(lagQuery(kReportTime, kReportTime + 1h));
    QVERIFY(series);
    QCOMPARE(series->lines.size(), std::size_t{1});
    QVERIFY(series->lines.front().empty());
    QVERIFY(reader->marks({.connection = kConnection})->empty());
}

void TestHistoryFile::statesHaveTheirWords()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed;
    int count = 0;
    feed.change = [&](CollectorReport& row) {
        if (++count > 3)
            row.verdict = count > 6 ? "stopped" : "slow";
        row.cause = count > 6 ? "no-pulls" : "slow";
        if (count <= 3)
            row.cause.reset();
    };
    run(*writer, tails, feed, 10);
    HistoryQuery query = lagQuery(kReportTime, feed.now());
    query.values = {HistoryValue::State};
    Result<HistoryReader> reader = HistoryReader::open(file());
    const Result<HistorySeries> series = reader->series(query);
    QStringList words;
    for (const HistoryPoint& point : series->lines.front()) {
        const HistoryState& state = series->states.at(static_cast<std::uint32_t>(point.value));
        words += QString::fromStdString(state.verdict + "/" + state.cause);
    }
    QCOMPARE(words.join(QLatin1Char(' ')),
             QStringLiteral("/ / / slow/slow slow/slow slow/slow stopped/no-pulls stopped/no-pulls "
                            "stopped/no-pulls stopped/no-pulls"));
}

void TestHistoryFile::marksAreFoundAgain()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    std::vector<HistoryMark> marks{
        {.at = kReportTime + 1s,
         .kind = MarkKind::Verdict,
         .stream = "S",
         .collector = "a",
         .word = "slow",
         .detail = "it is slow",
         .verdict = "slow",
         .verdictBefore = "keeping-up",
         .sequence = 47'311'905,
         .muted = true},
        {.at = kReportTime + 2s, .kind = MarkKind::Leader, .stream = "S", .word = "leader n2"},
        {.at = kReportTime + 3s, .kind = MarkKind::Verdict, .stream = "S", .collector = "b", .word = "idle"},
        {.at = kReportTime + 4s, .kind = MarkKind::Note, .word = "deploy"}};
    QVERIFY(writer->write(kConnection, tails, marks, kReportTime));
    QCOMPARE(marks.front().id, std::int64_t{1});
    Result<HistoryReader> reader = HistoryReader::open(file());
    const auto words = [&](MarkQuery query) {
        query.connection = kConnection;
        std::string text;
        const Result<std::vector<HistoryMark>> found = reader->marks(query);
        for (const HistoryMark& mark : *found)
            text += (text.empty() ? "" : ", ") + mark.word;
        return text;
    };
    QCOMPARE(words({}), std::string("slow, leader n2, idle, deploy"));
    QCOMPARE(words({.stream = "S"}), std::string("slow, leader n2, idle"));
    QCOMPARE(words({.stream = "S", .collector = "a"}), std::string("slow, leader n2"));
    QCOMPARE(words({.kinds = {MarkKind::Leader, MarkKind::Note}}), std::string("leader n2, deploy"));
    QCOMPARE(words({.from = kReportTime + 2s, .to = kReportTime + 3s}), std::string("leader n2, idle"));
    QCOMPARE(words({.limit = 2}), std::string("idle, deploy"));
    QVERIFY(reader->marks({.connection = "other"})->empty());

    QVERIFY(writer->setReviewed(std::vector{marks[0].id}, true));
    const Result<std::vector<HistoryMark>> all = reader->marks({.connection = kConnection});
    const HistoryMark& first = all->front();
    QVERIFY(first.reviewed && first.muted && !all->at(1).reviewed);
    QVERIFY(first.at == kReportTime + 1s && first.kind == MarkKind::Verdict);
    QCOMPARE(first.detail, std::string("it is slow"));
    QCOMPARE(first.verdictBefore, std::string("keeping-up"));
    QCOMPARE(first.sequence, std::uint64_t{47'311'905});
}

void TestHistoryFile::twoConsolesShareAFile()
{
    Result<HistoryWriter> one = HistoryWriter::open(file());
    Result<HistoryWriter> other = HistoryWriter::open(file());
    QVERIFY(one && other);
    HistoryTails oneTails;
    HistoryTails otherTails;
    Feed oneFeed;
    Feed otherFeed;
    for (int i = 0; i < 800; ++i) {
        oneTails.add(oneFeed.next());
        otherTails.add(otherFeed.next());
        QVERIFY(one->write(kConnection, oneTails, {}, oneFeed.now()));
        QVERIFY(other->write("staging", otherTails, {}, otherFeed.now()));
    }
    QVERIFY(one->prune(oneFeed.now()));
    QVERIFY(knownLags(file(), lagQuery(kReportTime, oneFeed.now())) == oneFeed.lags);
    HistoryQuery query = lagQuery(kReportTime, otherFeed.now());
    query.connection = "staging";
    QVERIFY(knownLags(file(), query) == otherFeed.lags);
}

void TestHistoryFile::theFileKeepsItsBound()
{
    constexpr std::uint64_t kBound = 300'000;
    Result<HistoryWriter> writer = HistoryWriter::open(file(), {.maxBytes = kBound});
    HistoryTails tails;
    Feed feed(10s, 20);
    for (int hours = 0; hours < 40; ++hours) {
        run(*writer, tails, feed, 360, 12);
        QVERIFY(writer->prune(feed.now()));
    }
    QVERIFY(writer->bytes() <= kBound);
    QVERIFY(std::filesystem::file_size(file()) <= kBound + kBound / 5); // pages that are free again
    QVERIFY(writer->bytes() > kBound / 2);
    // The old went, the newest stayed.
    const auto known = knownLags(file(), lagQuery(feed.now() - 1h, feed.now()));
    QVERIFY(known.size() > 350);
    Result<HistoryReader> reader = HistoryReader::open(file());
    QVERIFY(reader->series(lagQuery(kReportTime, feed.now()))->oldest > kReportTime + 2h);
}

void TestHistoryFile::oldRowsGoToo()
{
    Feed feed;
    {
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        HistoryTails tails;
        run(*writer, tails, feed, 700);
    }
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    const auto count = [&] { return knownLags(file(), lagQuery(kReportTime, feed.now(), 2)).size(); };
    QVERIFY(writer->prune(feed.now() + 24h));
    QVERIFY(count() > 0);
    QVERIFY(writer->prune(feed.now() + 30 * 24h));
    QVERIFY(count() > 0); // the minutes, and what no block has yet
    QVERIFY(writer->forgetRows(kConnection, {}));
    QVERIFY(count() > 0);
    QVERIFY(writer->prune(feed.now() + 90 * 24h));
    QCOMPARE(count(), std::size_t{0});
    // Names go with the last block, but not one that is about to get its first.
    HistoryTails tails;
    tails.add(feed.next());
    QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
    QVERIFY(writer->forgetRows(kConnection, tails));
    QCOMPARE(count(), std::size_t{1});
    QVERIFY(writer->forgetRows(kConnection, {}));
    QCOMPARE(count(), std::size_t{0});
}

void TestHistoryFile::namesMayBeAnything()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    ClusterReport report = hostileReport();
    for (int i = 0; i < 5; ++i) {
        tails.add(report);
        QVERIFY(writer->write("a\nb\"';--", tails, {}, report.at));
        report = later(std::move(report), 1s);
    }
    Result<HistoryReader> reader = HistoryReader::open(file());
    for (const CollectorReport& row : report.collectors) {
        const Result<HistorySeries> series = reader->series({.connection = "a\nb\"';--",
                                                             .stream = row.consumer.stream,
                                                             .collector = row.consumer.name,
                                                             .values = {HistoryValue::Lag},
                                                             .from = kReportTime,
                                                             .to = report.at});
        QVERIFY(series);
        QCOMPARE(series->lines.front().size(), std::size_t{5});
    }
}

// As few writes as looks: tails must not wait for a turn that does not come.
void TestHistoryFile::rareLooksLoseNothing()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    Feed feed(60s, 300);
    run(*writer, tails, feed, 100, /*writeEach=*/1);
    QCOMPARE(tails.samplesLost(), std::uint64_t{0});
    QVERIFY(knownLags(file(), lagQuery(kReportTime, feed.now())) == feed.lags);
}

void TestHistoryFile::anOlderFileIsBroughtUpToDate()
{
    Feed feed;
    {
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        HistoryTails tails;
        run(*writer, tails, feed, 1000);
        // The first layout had a journal without parts.
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        QVERIFY(other->execute(
            "DROP TABLE journal; CREATE TABLE journal(id INTEGER PRIMARY KEY, connection "
            "INTEGER NOT NULL, newest_tail INTEGER NOT NULL, data BLOB NOT NULL); CREATE INDEX "
            "journal_by_connection ON journal(connection, newest_tail); PRAGMA user_version=1"));
    }
    QVERIFY(HistoryReader::open(file()).error().code() == ErrorCode::Unsupported);
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    QVERIFY(writer);
    HistoryTails tails;
    QVERIFY(writer->takeUp(kConnection, tails));
    run(*writer, tails, feed, 100);
    const auto known = knownLags(file(), lagQuery(kReportTime, feed.now()));
    QVERIFY(known.size() > 600); // blocks and what came since
}

QTEST_GUILESS_MAIN(TestHistoryFile)
#include "tst_history_file.moc"
