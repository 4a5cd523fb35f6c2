// SPDX-License-Identifier: Apache-2.0
#include "model/event/subject.h"
#include "replay/source/capture_source.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/replay/capture/capture_helpers.h"

#include <QTest>
#include <sqlite3.h>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;
namespace fs = std::filesystem;

namespace {

/// 5,000 messages, every tenth sequence deleted, three subjects, then ten more gone at the end.
struct Recorded
{
    TempFolder folder;
    fs::path path = folder / "a.jetlag";
    MessageMaker maker;
    std::vector<SequenceGap> gaps;

    Recorded()
    {
        Result<CaptureWriter> writer = CaptureWriter::open(path);
        const auto stream = writer->addStream({.identity = identityOf("S"), .first = StreamSequence(1)});
        const auto other = writer->addStream({.identity = identityOf("OTHER"), .first = StreamSequence(1)});
        for (std::uint64_t sequence = 1; maker.messages.size() < 20'000; ++sequence) {
            if (sequence % 10 == 0)
                gaps.push_back({StreamSequence(sequence), StreamSequence(sequence), GapReason::Deleted});
            else
                maker.add("kind." + std::to_string(sequence % 3), {{"n", std::to_string(sequence)}},
                          std::string(sequence % 50, 'p'), sequence);
        }
        last = maker.messages.back().sequence.value();
        for (std::size_t i = 0; i < 20'000; i += 100) {
            MessageBatch batch = batchOf(maker.messages, i, i + 100);
            for (const SequenceGap& gap : gaps) {
                if (gap.first > (i ? maker.messages[i - 1].sequence : StreamSequence()) &&
                    gap.last < batch.messages.back().sequence)
                    batch.gaps.push_back(gap);
            }
            (void)writer->add(*stream, batch);
            (void)writer->add(*other, batchOf(maker.messages, i, i + 50));
        }
        MessageBatch end;
        gaps.push_back({StreamSequence(last + 1), StreamSequence(last + 10), GapReason::Denied});
        end.gaps = {gaps.back()};
        end.coveredTo = StreamSequence(last + 12);
        (void)writer->add(*stream, end);
        (void)writer->close();
    }
    void execute(const std::string& sql) const
    {
        sqlite3* db = nullptr;
        sqlite3_open(path.c_str(), &db);
        QCOMPARE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(db);
    }
    /// Of the chunk's row.
    std::int64_t integer(const std::string& sql) const
    {
        sqlite3* db = nullptr;
        sqlite3_open(path.c_str(), &db);
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
        sqlite3_step(statement);
        const std::int64_t value = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(db);
        return value;
    }

    std::uint64_t last = 0;
};

/// Everything a source gave, held until the end: memory that goes round must not change what is still held.
struct Read
{
    std::vector<MessageBatch> batches;
    std::vector<Message> messages;
    std::vector<SequenceGap> gaps;
    StreamSequence coveredTo;
    std::string error;
};

Read readAll(CaptureSource& source)
{
    Read read;
    for (;;) {
        MessageBatch batch;
        const Result<SourceOutcome> outcome = source.next(batch, std::chrono::milliseconds(50), {});
        if (!outcome) {
            read.error = outcome.error().message();
            return read;
        }
        if (*outcome == SourceOutcome::End)
            return read;
        if (*outcome == SourceOutcome::Idle)
            continue;
        if (batch.messages.empty() && batch.gaps.empty() && batch.coveredTo <= read.coveredTo)
            read.error = "a batch that holds nothing";
        for (const Message& message : batch.messages) {
            if (message.sequence <= read.coveredTo && !read.messages.empty())
                read.error = "went back";
            read.messages.push_back(message);
        }
        for (const SequenceGap& gap : batch.gaps) {
            if ((!read.gaps.empty() && gap.first <= read.gaps.back().last) || gap.last > batch.coveredTo)
                read.error = "a gap out of order";
            read.gaps.push_back(gap);
        }
        read.coveredTo = std::max(read.coveredTo, batch.coveredTo);
        read.batches.push_back(std::move(batch));
    }
}

Read readAll(const fs::path& path, CaptureSourceOptions options)
{
    if (!options.stream)
        options.stream = "S";
    Result<std::unique_ptr<CaptureSource>> source = CaptureSource::open(path, std::move(options));
    if (!source) {
        Read failed;
        failed.error = source.error().message();
        return failed;
    }
    return readAll(**source);
}

std::string difference(const Read& got, std::vector<Message> wanted)
{
    if (!got.error.empty())
        return got.error;
    if (got.messages.size() != wanted.size())
        return std::to_string(got.messages.size()) + " instead of " + std::to_string(wanted.size()) +
               " messages";
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (const std::string differs = test::difference(got.messages[i], wanted[i]); !differs.empty())
            return differs;
    }
    return {};
}

std::vector<Message> between(const Recorded& recorded, std::uint64_t from, std::uint64_t to,
                             std::string_view subject = {})
{
    std::vector<Message> messages;
    for (const Message& message : recorded.maker.messages) {
        if (message.sequence.value() >= from && message.sequence.value() <= to &&
            subjectMatches(subject, message.subject))
            messages.push_back(message);
    }
    return messages;
}

PositionRange sequences(std::uint64_t from, std::uint64_t to)
{
    return {StreamSequence(from), StreamSequence(to)};
}

} // namespace

class TestCaptureSource : public QObject
{
    Q_OBJECT

private slots:
    void everythingComesOut()
    {
        const Recorded recorded;
        Result<std::unique_ptr<CaptureSource>> source = CaptureSource::open(recorded.path, {.stream = "S"});
        QVERIFY(source);
        QCOMPARE((*source)->info().stream->name, std::string("S"));
        QCOMPARE((*source)->info().first, StreamSequence(1));
        QCOMPARE((*source)->info().last, std::optional(StreamSequence(recorded.last + 12)));
        const Read got = readAll(**source);
        QCOMPARE(difference(got, between(recorded, 0, UINT64_MAX)), std::string());
        QCOMPARE(got.gaps, recorded.gaps);
        QCOMPARE(got.coveredTo.value(), recorded.last + 12);
        MessageBatch batch;
        QCOMPARE(*(*source)->next(batch, std::chrono::milliseconds(0), {}), SourceOutcome::End); // and again
    }

    void rangesOfSequences_data()
    {
        QTest::addColumn<quint64>("from");
        QTest::addColumn<quint64>("to");
        const auto row = [](const char* name, quint64 from, quint64 to) {
            QTest::newRow(name) << from << to;
        };
        row("one chunk's middle", 100, 200);
        row("over chunks", 900, 13'456);
        row("one message", 1'234, 1'234);
        row("one deleted", 1'230, 1'230);
        row("between deleted", 1'230, 1'240);
        row("up to the end", 20'000, 1'000'000);
        row("beyond the end", 1'000'000, 1'000'001);
        row("backwards", 500, 400);
        row("zero", 0, 10);
    }
    void rangesOfSequences()
    {
        QFETCH(quint64, from);
        QFETCH(quint64, to);
        static const Recorded recorded;
        const Read got = readAll(recorded.path, {.range = sequences(from, to)});
        QCOMPARE(difference(got, between(recorded, from, to)), std::string());
        std::vector<SequenceGap> gaps;
        for (const SequenceGap& gap : recorded.gaps) {
            if (gap.last.value() >= from && gap.first.value() <= to)
                gaps.push_back(gap);
        }
        QCOMPARE(got.gaps, gaps);
    }

    void rangesOfTimes()
    {
        const Recorded recorded;
        const auto at = [&](std::size_t index) { return recorded.maker.messages[index].time; };
        const auto sequence = [&](std::size_t index) {
            return recorded.maker.messages[index].sequence.value();
        };
        const std::chrono::nanoseconds one(1);
        const auto check = [&](PositionRange range, std::uint64_t from, std::uint64_t to) {
            return difference(readAll(recorded.path, {.range = range}), between(recorded, from, to));
        };
        QCOMPARE(check({at(1'500), at(2'700)}, sequence(1'500), sequence(2'700)), std::string());
        QCOMPARE(check({at(1'500) + one, at(2'700) - one}, sequence(1'501), sequence(2'699)), std::string());
        QCOMPARE(check({at(3'999), at(4'000)}, sequence(3'999), sequence(4'000)),
                 std::string()); // where a chunk ends
        QCOMPARE(check({at(0) - one, at(19'999) + one}, 1, UINT64_MAX), std::string());
        QCOMPARE(check({at(19'999) + one, std::nullopt}, 2, 1), std::string());
        QCOMPARE(check({std::nullopt, at(0) - one}, 2, 1), std::string());
        QCOMPARE(check({at(3'000), StreamSequence(4'000)}, sequence(3'000), 4'000), std::string());
    }

    void aFilterPicksSubjects()
    {
        const Recorded recorded;
        const Read got = readAll(recorded.path, {.filters = {"kind.2", "none.>"}});
        QCOMPARE(difference(got, between(recorded, 0, UINT64_MAX, "kind.2")), std::string());
        QCOMPARE(got.gaps, recorded.gaps);
        QCOMPARE(got.coveredTo.value(), recorded.last + 12);
        Result<std::unique_ptr<CaptureSource>> source =
            CaptureSource::open(recorded.path, {.stream = "S", .filters = {"kind.2"}});
        QCOMPARE((*source)->info().filters, std::vector<std::string>{"kind.2"});
        QCOMPARE(difference(readAll(recorded.path, {.filters = {"nothing"}}), {}), std::string());
    }

    void theStreamIsChosen()
    {
        const Recorded recorded;
        QVERIFY(
            readAll(recorded.path, {.stream = "NOPE"}).error.find("holds no stream NOPE, only S, OTHER") !=
            std::string::npos);
        const Result<std::unique_ptr<CaptureSource>> several = CaptureSource::open(recorded.path);
        QVERIFY(!several && several.error().message().find("name one of S, OTHER") != std::string::npos);
        const Read other = readAll(recorded.path, {.stream = "OTHER"});
        QCOMPARE(other.error, std::string());
        QCOMPARE(other.messages.size(), std::size_t(10'000));
    }

    void aDamagedChunkIsAGap()
    {
        const Recorded recorded;
        const std::int64_t id =
            recorded.integer("SELECT id FROM events WHERE stream = 1 ORDER BY id LIMIT 1 OFFSET 2");
        const auto first = static_cast<std::uint64_t>(
            recorded.integer("SELECT first_sequence FROM events WHERE id = " + std::to_string(id)));
        const auto last = static_cast<std::uint64_t>(
            recorded.integer("SELECT last_sequence FROM events WHERE id = " + std::to_string(id)));
        for (const char* damage :
             {"UPDATE events SET checksum = checksum + 1 WHERE id = ", "DELETE FROM events WHERE id = "}) {
            recorded.execute(damage + std::to_string(id));
            const Read got = readAll(recorded.path, {});
            std::vector<Message> wanted = between(recorded, 0, first - 1);
            const std::vector<Message> rest = between(recorded, last + 1, UINT64_MAX);
            wanted.insert(wanted.end(), rest.begin(), rest.end());
            QCOMPARE(difference(got, wanted), std::string());
            // Damaged is all of it that was not recorded as deleted.
            std::uint64_t damaged = 0, deleted = 0;
            for (const SequenceGap& gap : got.gaps) {
                if (gap.reason == GapReason::Damaged) {
                    QVERIFY(gap.first.value() >= first && gap.last.value() <= last + 1);
                    damaged += countBetween(gap.first, gap.last);
                }
                deleted += gap.reason == GapReason::Deleted;
            }
            QCOMPARE(damaged, std::uint64_t(4'000));
            QCOMPARE(deleted, std::uint64_t(recorded.gaps.size() - 1));
            QCOMPARE(got.coveredTo.value(), recorded.last + 12);
        }
    }

    void aVanishedLastChunkIsAGap()
    {
        const Recorded recorded;
        recorded.execute("DELETE FROM events WHERE stream = 1 AND last_sequence = " +
                         std::to_string(recorded.last));
        const Read got = readAll(recorded.path, {});
        QCOMPARE(difference(got, between(recorded, 0, recorded.maker.messages[15'999].sequence.value())),
                 std::string());
        QVERIFY(std::ranges::any_of(got.gaps,
                                    [](const SequenceGap& gap) { return gap.reason == GapReason::Damaged; }));
        // All of them gone: one damage, not an empty success.
        recorded.execute("DELETE FROM events WHERE stream = 1");
        const Read none = readAll(recorded.path, {});
        QVERIFY(none.messages.empty());
        QVERIFY(none.gaps.front().reason == GapReason::Damaged);
    }

    void aCaptureThatIsBeingWrittenIsReadAsFarAsItWas()
    {
        const TempFolder folder;
        MessageMaker maker;
        for (int i = 0; i < 3'000; ++i)
            maker.add("a", {}, std::to_string(i));
        Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
        const auto stream = writer->addStream({.identity = identityOf("S"), .first = StreamSequence(1)});
        QVERIFY(writer->add(*stream, batchOf(maker.messages, 0, 1'500)));
        QVERIFY(writer->commit());
        Result<std::unique_ptr<CaptureSource>> source = CaptureSource::open(folder / "a.jetlag");
        QVERIFY(writer->add(*stream, batchOf(maker.messages, 1'500)));
        QVERIFY(writer->commit()); // the second chunk is a longer one now
        const Read got = readAll(**source);
        QCOMPARE(difference(got, {maker.messages.begin(), maker.messages.begin() + 1'500}), std::string());
        QCOMPARE(got.gaps.size(), std::size_t(0));
    }

    void aSourceThatIsLeftEarlyEndsItsThread()
    {
        const Recorded recorded;
        Result<std::unique_ptr<CaptureSource>> source = CaptureSource::open(recorded.path, {.stream = "S"});
        MessageBatch batch;
        QCOMPARE(*(*source)->next(batch, std::chrono::seconds(20), {}), SourceOutcome::Batch);
        std::stop_source stop;
        stop.request_stop();
        source->reset();
        QCOMPARE(test::difference(batch.messages.front(), recorded.maker.messages.front()),
                 std::string()); // outlives it
    }
};

QTEST_GUILESS_MAIN(TestCaptureSource)
#include "tst_capture_source.moc"
