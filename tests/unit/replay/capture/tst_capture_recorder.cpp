// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_recorder.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include "capture_helpers.h"
#include <atomic>
#include <future>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using IfExists = CaptureWriterOptions::IfExists;

const std::vector<FakeMessage>& stream()
{
    static const std::vector<FakeMessage> messages = hookMessages(3'000, 20, 3);
    return messages;
}

StreamSequence last()
{
    return StreamSequence(stream().size());
}

struct WholeStream
{
    WholeStream() { source.sourceInfo.last = last(); }
    FakeSource source{stream(), 100};
};

CaptureInfo infoOf(const fs::path& path)
{
    Result<CaptureReader> reader = CaptureReader::open(path);
    if (!reader)
        return {};
    Result<CaptureInfo> info = reader->info();
    return info ? std::move(*info) : CaptureInfo();
}

/// Empty when the file holds the stream's messages [first, last] byte for byte.
std::string differenceFrom(const fs::path& path, std::uint64_t first, std::uint64_t count)
{
    Result<CaptureReader> reader = CaptureReader::open(path);
    if (!reader)
        return reader.error().message();
    const ReadBack back = readBack(*reader, "FAKE");
    if (!back.error.empty())
        return back.error;
    if (back.messages.size() != count)
        return std::to_string(back.messages.size()) + " messages";
    for (std::uint64_t i = 0; i < count; ++i) {
        const Message& got = back.messages[i];
        const FakeMessage& wanted = stream()[first - 1 + i];
        if (got.sequence.value() != first + i || got.subject != wanted.subject ||
            got.payload != wanted.payload || got.headers.size() != wanted.headers.size())
            return "message " + std::to_string(first + i);
        for (const auto& [name, value] : wanted.headers) {
            if (findHeader(got.headers, name) != value)
                return name + " of message " + std::to_string(first + i);
        }
    }
    return {};
}

} // namespace

class TestCaptureRecorder : public QObject
{
    Q_OBJECT

private slots:
    void aRangeIsRecordedWhole();
    void progressNeverGoesBackAndEndsAtItsTotal();
    void whatIsDeletedBecomesAGap();
    void cancelHalfWayKeepsWhatCame();
    void cancelEndsAnIdleTail();
    void anIdleTailIsCommittedInTime();
    void anEmptyRangeIsAFileToo();
    void anErrorOfTheSourceKeepsWhatCame();
    void aFileThatExistsIsRefused();
    void recordingGoesOnInAFile();
    void rawLogsAreRefused();
    void aFullDiskSaysWhatIsSafe();
    void aFullDiskAtTheEndIsTold();
    void aDiskThatFailsAfterTheSourceTellsBoth();
};

void TestCaptureRecorder::aRangeIsRecordedWhole()
{
    const TempFolder folder;
    WholeStream whole;
    FakeSource& source = whole.source;
    CaptureRecorder recorder(folder / "a.jetlag", {});
    const Result<RecordingSummary> recorded = recorder.record(source, {});
    QVERIFY(recorded.hasValue());
    QCOMPARE(recorded->messages, std::uint64_t{stream().size()});
    QVERIFY(recorded->bytes > 0);
    QCOMPARE(recorded->gaps, std::uint64_t{0});
    QVERIFY(recorded->firstSequence == StreamSequence(1));
    QVERIFY(recorded->lastSequence == last());
    QVERIFY(!recorded->cancelled);
    QVERIFY(recorded->closed.singleFile);
    QCOMPARE(differenceFrom(folder / "a.jetlag", 1, stream().size()), std::string());
    const CaptureInfo info = infoOf(folder / "a.jetlag");
    QVERIFY(info.cleanClose);
    QCOMPARE(info.bytes, recorded->bytes);
}

void TestCaptureRecorder::progressNeverGoesBackAndEndsAtItsTotal()
{
    const TempFolder folder;
    WholeStream whole;
    FakeSource& source = whole.source;
    std::vector<RecordingProgress> seen;
    CaptureRecorder recorder(folder / "a.jetlag", {});
    QVERIFY(recorder.record(source, {}, [&](const RecordingProgress& now) { seen.push_back(now); }));
    QVERIFY(seen.size() >= 30);
    for (std::size_t i = 1; i < seen.size(); ++i) {
        QVERIFY(seen[i].done > seen[i - 1].done);
        QVERIFY(seen[i].messages > seen[i - 1].messages);
        QVERIFY(seen[i].bytes > seen[i - 1].bytes);
    }
    QCOMPARE(seen.back().total, std::uint64_t{stream().size()});
    QCOMPARE(seen.back().done, seen.back().total);
}

void TestCaptureRecorder::whatIsDeletedBecomesAGap()
{
    const TempFolder folder;
    FakeSource source(stream(), 100, StreamSequence(51));
    source.sourceInfo.first = StreamSequence(51);
    source.sourceInfo.last = StreamSequence(160); // the last ten are gone
    source.editBatch = [](MessageBatch& batch) {
        if (batch.messages.front().sequence == StreamSequence(51)) {
            batch.messages.erase(batch.messages.begin() + 20, batch.messages.begin() + 25); // 71 to 75
            batch.gaps = {{StreamSequence(71), StreamSequence(75), GapReason::Deleted}};
        } else {
            batch.messages.clear();
            batch.gaps = {{StreamSequence(151), StreamSequence(160), GapReason::Denied}};
            batch.coveredTo = StreamSequence(160);
        }
    };
    std::stop_source stop;
    RecordingProgress latest;
    CaptureRecorder recorder(folder / "a.jetlag", {});
    const Result<RecordingSummary> recorded =
        recorder.record(source, stop.get_token(), [&](const RecordingProgress& now) {
            latest = now;
            if (now.done == now.total)
                stop.request_stop(); // this source would go on
        });
    QVERIFY(recorded.hasValue());
    QCOMPARE(recorded->messages, std::uint64_t{95});
    QCOMPARE(recorded->gaps, std::uint64_t{2});
    QVERIFY(recorded->firstSequence == StreamSequence(51));
    QVERIFY(recorded->lastSequence == StreamSequence(150));
    QCOMPARE(latest.total, std::uint64_t{110}); // messages alone would never get there
    const CaptureInfo info = infoOf(folder / "a.jetlag");
    const std::vector<SequenceGap> wanted{{StreamSequence(71), StreamSequence(75), GapReason::Deleted},
                                          {StreamSequence(151), StreamSequence(160), GapReason::Denied}};
    QVERIFY(info.streams.at(0).gaps == wanted);
}

void TestCaptureRecorder::cancelHalfWayKeepsWhatCame()
{
    const TempFolder folder;
    WholeStream whole;
    FakeSource& source = whole.source;
    std::stop_source stop;
    CaptureRecorder recorder(folder / "a.jetlag", {});
    const Result<RecordingSummary> recorded =
        recorder.record(source, stop.get_token(), [&](const RecordingProgress& now) {
            if (now.messages == 1'000)
                stop.request_stop();
        });
    QVERIFY(recorded.hasValue());
    QVERIFY(recorded->cancelled);
    QCOMPARE(recorded->messages, std::uint64_t{1'000});
    QCOMPARE(recorded->lastSequence.value(), std::uint64_t{1'000});
    QCOMPARE(differenceFrom(folder / "a.jetlag", 1, 1'000), std::string());
    QVERIFY(infoOf(folder / "a.jetlag").cleanClose);
}

void TestCaptureRecorder::cancelEndsAnIdleTail()
{
    const TempFolder folder;
    FakeSource source(stream(), 1'000);
    source.followsTail = true;
    std::stop_source stop;
    std::atomic<std::uint64_t> messages = 0;
    std::atomic<std::uint64_t> total = 1;
    CaptureRecorder recorder(folder / "a.jetlag", {});
    auto recording = std::async(std::launch::async, [&] {
        return recorder.record(source, stop.get_token(), [&](const RecordingProgress& now) {
            messages = now.messages;
            total = now.total;
        });
    });
    QVERIFY(waitUntil([&] { return messages == stream().size(); }));
    QCOMPARE(total.load(), std::uint64_t{0}); // a tail has no end
    stop.request_stop();
    QVERIFY(recording.wait_for(30s) == std::future_status::ready);
    const Result<RecordingSummary> recorded = recording.get();
    QVERIFY(recorded->cancelled);
    QCOMPARE(recorded->messages, std::uint64_t{stream().size()});
    QVERIFY(infoOf(folder / "a.jetlag").cleanClose);
}

void TestCaptureRecorder::anIdleTailIsCommittedInTime()
{
    const TempFolder folder;
    FakeClock clock;
    FakeSource source(stream(), 1'000);
    source.followsTail = true;
    std::stop_source stop;
    CaptureRecorder recorder(folder / "a.jetlag", {.clock = &clock});
    auto recording =
        std::async(std::launch::async, [&] { return recorder.record(source, stop.get_token()); });
    // Nothing comes any more: only the clock moves, and what came is in the file for others to read.
    QVERIFY(waitUntil([&] {
        clock.advance(500ms);
        return infoOf(folder / "a.jetlag").messages == stream().size();
    }));
    QVERIFY(!infoOf(folder / "a.jetlag").cleanClose);
    stop.request_stop();
    QVERIFY(recording.wait_for(30s) == std::future_status::ready);
    QVERIFY(recording.get().hasValue());
}

void TestCaptureRecorder::anEmptyRangeIsAFileToo()
{
    const TempFolder folder;
    const std::vector<FakeMessage> none;
    FakeSource source(none, 10);
    CaptureRecorder recorder(folder / "a.jetlag", {});
    const Result<RecordingSummary> recorded = recorder.record(source, {});
    QVERIFY(recorded.hasValue());
    QVERIFY(recorded->firstSequence.isZero());
    const CaptureInfo info = infoOf(folder / "a.jetlag");
    QVERIFY(info.cleanClose);
    QCOMPARE(info.streams.size(), std::size_t{1});
    QCOMPARE(info.messages, std::uint64_t{0});
}

void TestCaptureRecorder::anErrorOfTheSourceKeepsWhatCame()
{
    const TempFolder folder;
    WholeStream whole;
    FakeSource& source = whole.source;
    source.failsAt = {StreamSequence(701), Error(ErrorCode::Unavailable, "the server went away")};
    CaptureRecorder recorder(folder / "a.jetlag", {});
    const Result<RecordingSummary> recorded = recorder.record(source, {});
    QVERIFY(!recorded.hasValue());
    QVERIFY(recorded.error().code() == ErrorCode::Unavailable);
    const std::string words = recorded.error().message();
    QVERIFY2(words.find("the server went away") != std::string::npos, words.c_str());
    QVERIFY2(words.find("700 messages") != std::string::npos, words.c_str());
    QVERIFY2(words.find("a.jetlag") != std::string::npos, words.c_str());
    QVERIFY(infoOf(folder / "a.jetlag").cleanClose);
    QCOMPARE(differenceFrom(folder / "a.jetlag", 1, 700), std::string());
}

void TestCaptureRecorder::aFileThatExistsIsRefused()
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jetlag", "something of the user's");
    WholeStream whole;
    FakeSource& source = whole.source;
    const Result<RecordingSummary> refused = CaptureRecorder(file, {}).record(source, {});
    QVERIFY(refused.error().code() == ErrorCode::Exists);
    QCOMPARE(readFile(file), std::string("something of the user's"));
    QCOMPARE(source.handedOut().value(), std::uint64_t{0});

    QVERIFY(CaptureRecorder(file, {.ifExists = IfExists::Overwrite}).record(source, {}).hasValue());
    QCOMPARE(differenceFrom(file, 1, stream().size()), std::string());
}

void TestCaptureRecorder::recordingGoesOnInAFile()
{
    const TempFolder folder;
    const std::vector<FakeMessage> head(stream().begin(), stream().begin() + 1'000);
    FakeSource first(head, 100);
    QVERIFY(CaptureRecorder(folder / "a.jetlag", {}).record(first, {}).hasValue());
    FakeSource second(stream(), 100, StreamSequence(1'011));
    second.sourceInfo.first = StreamSequence(1'011);
    // The stream is the same one only if the message it is known by is.
    second.sourceInfo.stream->knownSequence = StreamSequence(1'000);
    second.sourceInfo.stream->knownTime = ServerTime(std::chrono::seconds(1'700'000'000) + 1'000ms);
    const Result<RecordingSummary> more =
        CaptureRecorder(folder / "a.jetlag", {.ifExists = IfExists::Append}).record(second, {});
    QVERIFY2(more.hasValue(), more ? "" : more.error().message().c_str());
    QCOMPARE(more->messages, std::uint64_t{stream().size() - 1'010});
    const CaptureInfo info = infoOf(folder / "a.jetlag");
    QCOMPARE(info.messages, std::uint64_t{stream().size() - 10});
    const std::vector<SequenceGap> wanted{
        {StreamSequence(1'001), StreamSequence(1'010), GapReason::NotRecorded}};
    QVERIFY(info.streams.at(0).gaps == wanted);
}

void TestCaptureRecorder::rawLogsAreRefused()
{
    const TempFolder folder;
    WholeStream whole;
    FakeSource& source = whole.source;
    source.sourceInfo.stream.reset();
    const Result<RecordingSummary> refused = CaptureRecorder(folder / "a.jetlag", {}).record(source, {});
    QVERIFY(refused.error().code() == ErrorCode::InvalidArgument);
    QVERIFY(!fs::exists(folder / "a.jetlag"));
}

void TestCaptureRecorder::aFullDiskSaysWhatIsSafe()
{
    const TempFolder folder;
    FaultyVfs vfs;
    FakeClock clock;
    WholeStream whole;
    FakeSource& source = whole.source;
    source.beforeBatch = [&](StreamSequence) { clock.advance(500ms); }; // each batch is committed
    const fs::path file = folder / "a.jetlag";
    CaptureRecorder recorder(file, {.clock = &clock, .vfs = vfs.name()});
    const Result<RecordingSummary> recorded = recorder.record(source, {}, [&](const RecordingProgress& now) {
        if (now.messages == 1'000 && waitUntil([&] { return infoOf(file).messages > 0; }))
            vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    });
    QVERIFY(!recorded.hasValue());
    QVERIFY(recorded.error().code() == ErrorCode::NoSpace);
    QVERIFY(vfs.failures() > 0);

    // What the sentence says is what the file holds.
    const std::uint64_t safe = infoOf(folder / "a.jetlag").messages;
    QVERIFY(safe > 0 && safe <= 1'000);
    const std::string words = recorded.error().message();
    QVERIFY2(words.find(std::to_string(safe) + " messages of this recording are safe") != std::string::npos,
             words.c_str());
    QCOMPARE(differenceFrom(folder / "a.jetlag", 1, safe), std::string());
}

void TestCaptureRecorder::aFullDiskAtTheEndIsTold()
{
    const TempFolder folder;
    FaultyVfs vfs;
    FakeClock clock; // stands: nothing is committed before the close
    WholeStream whole;
    FakeSource& source = whole.source;
    source.beforeBatch = [&](StreamSequence first) {
        if (first > last())
            vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    };
    CaptureRecorder recorder(folder / "a.jetlag", {.clock = &clock, .vfs = vfs.name()});
    const Result<RecordingSummary> recorded = recorder.record(source, {});
    QVERIFY(!recorded.hasValue());
    QVERIFY(recorded.error().code() == ErrorCode::NoSpace);
}

void TestCaptureRecorder::aDiskThatFailsAfterTheSourceTellsBoth()
{
    const TempFolder folder;
    FaultyVfs vfs;
    FakeClock clock;
    WholeStream whole;
    FakeSource& source = whole.source;
    source.failsAt = {StreamSequence(701), Error(ErrorCode::Unavailable, "the server went away")};
    source.beforeBatch = [&](StreamSequence first) {
        if (first == StreamSequence(701))
            vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    };
    CaptureRecorder recorder(folder / "a.jetlag", {.clock = &clock, .vfs = vfs.name()});
    const Result<RecordingSummary> recorded = recorder.record(source, {});
    QVERIFY(!recorded.hasValue());
    QVERIFY(recorded.error().code() == ErrorCode::NoSpace);
    QVERIFY(recorded.error().message().find("the server went away") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestCaptureRecorder)
#include "tst_capture_recorder.moc"
