// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_format.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <sqlite3.h>

#include "capture_helpers.h"
#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
namespace fs = std::filesystem;

namespace {

using IfExists = CaptureWriterOptions::IfExists;

MessageMaker someMessages(int count, std::uint64_t seed = 1)
{
    MessageMaker maker;
    std::mt19937_64 random(seed);
    std::uint64_t sequence = 0;
    for (int i = 0; i < count; ++i) {
        sequence += random() % 10 ? 1 : 3; // holes
        const std::string number = std::to_string(random() % 100'000);
        if (random() % 4)
            maker.addChained("application_1/1", "spark.1.app", "app/1",
                             "{\"Event\":\"TaskEnd\",\"n\":" + number + '}');
        else
            maker.add("foreign." + number, {{"trace", number}, {"trace", "2"}},
                      std::string(random() % 300, 'f'));
        maker.messages.back().sequence = StreamSequence(sequence);
    }
    return maker;
}

void writeCapture(const fs::path& path, const std::deque<Message>& messages,
                  CaptureWriterOptions options = {})
{
    Result<CaptureWriter> writer = CaptureWriter::open(path, std::move(options));
    QVERIFY2(writer, writer ? "" : writer.error().message().c_str());
    const auto stream = writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
    QVERIFY(stream);
    for (std::size_t i = 0; i < messages.size(); i += 333)
        QVERIFY(writer->add(*stream, batchOf(messages, i, i + 333)));
    const auto closed = writer->close();
    QVERIFY2(closed, closed ? "" : closed.error().message().c_str());
    QVERIFY(closed->singleFile);
}

std::string errorOf(const auto& result)
{
    return result ? "no error" : result.error().message();
}

std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

void execute(const fs::path& path, const char* sql)
{
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    QCOMPARE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
}

} // namespace

class TestCaptureFile : public QObject
{
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead()
    {
        const TempFolder folder;
        MessageMaker maker = someMessages(20'000);
        maker.add("big", {{"k", std::string("\0\xff\x01", 3)}}, std::string(5'000'000, 'b'),
                  maker.messages.back().sequence.value() + 1);
        maker.add("empty", {}, "");
        writeCapture(folder / "a.jetlag", maker.messages);
        QCOMPARE(namesIn(folder.path()), std::vector<std::string>{"a.jetlag"});

        const ReadBack got = readBack(folder / "a.jetlag", "SPARK");
        QCOMPARE(difference(got, maker.messages), std::string());
        QVERIFY2(got.chunks >= 6 && got.chunks <= 9, qPrintable(QString::number(got.chunks)));
        QCOMPARE(got.damaged, std::size_t(0));

        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QVERIFY(reader);
        const Result<CaptureCheck> check = reader->check({});
        QVERIFY(check);
        QVERIFY2(check->good(), check->findings.empty() ? "" : check->findings.front().c_str());
        QCOMPARE(check->messages, std::uint64_t(maker.messages.size()));
        QVERIFY(check->rows > got.chunks);
    }

    void infoTellsEverythingWithoutAScan()
    {
        const TempFolder folder;
        MessageMaker maker = someMessages(2'500);
        const fs::path path = folder / "a.jetlag";
        FakeClock clock;
        Result<CaptureWriter> writer = CaptureWriter::open(path, {.clock = &clock});
        QVERIFY(writer);
        CaptureStream wanted{.identity = identityOf("SP ARK\xff"),
                             .config = R"({"name":"x"})",
                             .filters = {"spark.>", "foreign.*"},
                             .first = StreamSequence(1)};
        wanted.identity.knownSequence = StreamSequence(1);
        auto stream = writer->addStream(wanted);
        QVERIFY(stream);
        QVERIFY(writer->addStream({.identity = identityOf("EMPTY"), .first = StreamSequence(8)}));
        MessageBatch batch = batchOf(maker.messages);
        const std::uint64_t last = maker.messages.back().sequence.value();
        batch.gaps = {{StreamSequence(last + 1), StreamSequence(last + 4), GapReason::Deleted}};
        batch.coveredTo = StreamSequence(last + 4);
        QVERIFY(writer->add(*stream, batch));
        batch = {};
        batch.gaps = {{StreamSequence(last + 5), StreamSequence(last + 9), GapReason::Deleted},
                      {StreamSequence(last + 10), StreamSequence(last + 10), GapReason::Denied}};
        batch.coveredTo = StreamSequence(last + 50);
        QVERIFY(writer->add(*stream, batch));
        QVERIFY(writer->close());

        Result<CaptureReader> reader = CaptureReader::open(path);
        QVERIFY(reader);
        const Result<CaptureInfo> info = reader->info();
        QVERIFY(info);
        std::uint64_t bytes = 0;
        for (const Message& message : maker.messages)
            bytes += message.payload.size();
        QCOMPARE(info->messages, std::uint64_t(2'500));
        QCOMPARE(info->bytes, bytes);
        QVERIFY(info->cleanClose && !info->beingWritten && !info->readFromCopy);
        QCOMPARE(info->wal, CaptureWal::None);
        QCOMPARE(info->recovery, std::string());
        QCOMPARE(info->formatVersion, 1);
        QCOMPARE(info->writer, std::string("Jetlag " JETLAG_VERSION));
        QCOMPARE(info->created, clock.now());
        QCOMPARE(info->fileBytes, std::uint64_t(fs::file_size(path)));
        QCOMPARE(info->streams.size(), std::size_t(2));
        const CaptureStreamInfo& first = info->streams[0];
        QCOMPARE(first.identity.name, wanted.identity.name);
        QCOMPARE(first.identity.created, wanted.identity.created);
        QCOMPARE(first.identity.knownSequence.value(), last);
        QCOMPARE(first.identity.knownTime, maker.messages.back().time);
        QCOMPARE(first.config, wanted.config);
        QCOMPARE(first.filters, wanted.filters);
        QCOMPARE(first.firstSequence, maker.messages.front().sequence);
        QCOMPARE(first.lastSequence.value(), last);
        QCOMPARE(first.coveredTo.value(), last + 50);
        QCOMPARE(first.firstTime, maker.messages.front().time);
        // Two runs of deleted ones that touch are one gap.
        const std::vector<SequenceGap> gaps = {
            {StreamSequence(last + 1), StreamSequence(last + 9), GapReason::Deleted},
            {StreamSequence(last + 10), StreamSequence(last + 10), GapReason::Denied}};
        QCOMPARE(first.gaps, gaps);
        QCOMPARE(info->streams[1].messages, std::uint64_t(0));
        QCOMPARE(info->streams[1].askedFrom, StreamSequence(8));

        QCOMPARE(reader->gapsFrom(1, StreamSequence(last + 3), 10).value(), gaps);
        QCOMPARE(reader->gapsFrom(1, StreamSequence(last + 10), 10).value().size(), std::size_t(1));
        QCOMPARE(reader->gapsFrom(1, StreamSequence(last + 11), 10).value().size(), std::size_t(0));
        QVERIFY(reader->check({})->good());
        QVERIFY(errorOf(reader->stream({})).find("EMPTY") != std::string::npos);
        QVERIFY(errorOf(reader->stream("NOPE")).find("NOPE") != std::string::npos);
        QCOMPARE(reader->stream("EMPTY").value().askedFrom, StreamSequence(8));
    }

    void subjectTotalsAreKept()
    {
        const TempFolder folder;
        MessageMaker maker;
        for (int i = 0; i < 8'400; ++i)
            maker.add(i % 3 ? "a.b" : "\xff.c", {}, "12345");
        Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
        const auto stream = writer->addStream({.identity = identityOf("S"), .first = StreamSequence(1)});
        for (std::size_t i = 0; i < 8'400; i += 200) {
            QVERIFY(writer->add(*stream, batchOf(maker.messages, i, i + 200)));
            QVERIFY(writer->commit()); // the same chunk again and again, longer
        }
        QVERIFY(writer->close());
        sqlite3* db = nullptr;
        sqlite3_open((folder / "a.jetlag").c_str(), &db);
        sqlite3_stmt* select = nullptr;
        sqlite3_prepare_v2(
            db, "SELECT messages, bytes, first_sequence, last_sequence FROM subjects ORDER BY messages", -1,
            &select, nullptr);
        QCOMPARE(sqlite3_step(select), SQLITE_ROW);
        QCOMPARE(sqlite3_column_int(select, 0), 2'800);
        QCOMPARE(sqlite3_column_int(select, 1), 14'000);
        QCOMPARE(sqlite3_column_int(select, 2), 1);
        QCOMPARE(sqlite3_column_int(select, 3), 8'398);
        QCOMPARE(sqlite3_step(select), SQLITE_ROW);
        QCOMPARE(sqlite3_column_int(select, 0), 5'600);
        QCOMPARE(sqlite3_step(select), SQLITE_DONE);
        sqlite3_finalize(select);
        sqlite3_close(db);
        const ReadBack got = readBack(folder / "a.jetlag", "S");
        QCOMPARE(difference(got, maker.messages), std::string());
        QCOMPARE(got.chunks, std::size_t(3)); // 4,000 messages each, however often they were committed
        QVERIFY(CaptureReader::open(folder / "a.jetlag")->check({})->good());
    }

    void severalStreamsShareAFile()
    {
        const TempFolder folder;
        const MessageMaker one = someMessages(2'345, 1), two = someMessages(1'234, 2);
        Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
        const auto first = writer->addStream({.identity = identityOf("ONE"), .first = StreamSequence(1)});
        const auto second = writer->addStream({.identity = identityOf("TWO"), .first = StreamSequence(1)});
        for (std::size_t i = 0; i < 2'345; i += 100) {
            QVERIFY(writer->add(*first, batchOf(one.messages, i, i + 100)));
            QVERIFY(writer->add(*second, batchOf(two.messages, i, i + 100)));
        }
        QVERIFY(writer->close());
        QCOMPARE(difference(readBack(folder / "a.jetlag", "ONE"), one.messages), std::string());
        QCOMPARE(difference(readBack(folder / "a.jetlag", "TWO"), two.messages), std::string());
        QVERIFY(CaptureReader::open(folder / "a.jetlag")->check({})->good());
    }

    void aFileIsNotOverwrittenUnasked()
    {
        const TempFolder folder;
        const fs::path path = folder.write("a.jetlag", "precious");
        QVERIFY(errorOf(CaptureWriter::open(path)).find("exists already") != std::string::npos);
        QCOMPARE(readFile(path), std::string("precious"));
        QCOMPARE(namesIn(folder.path()), std::vector<std::string>{"a.jetlag"});

        const MessageMaker maker = someMessages(100);
        writeCapture(path, maker.messages, {.ifExists = IfExists::Overwrite});
        QCOMPARE(difference(readBack(path, "SPARK"), maker.messages), std::string());

        fs::create_directory(folder / "dir");
        QVERIFY(!CaptureWriter::open(folder / "dir", {.ifExists = IfExists::Overwrite}));
        QVERIFY(!CaptureWriter::open(folder / "no" / "such" / "folder"));
    }

    void appendingGoesOnBehindWhatIsThere()
    {
        const TempFolder folder;
        const fs::path path = folder / "a.jetlag";
        MessageMaker maker;
        for (int i = 0; i < 1'500; ++i)
            maker.add("a.b", {}, std::to_string(i));
        for (int i = 0; i < 1'500; ++i)
            maker.add("a.b", {}, std::to_string(i), i ? 0 : 2'001);
        writeCapture(path, {maker.messages.begin(), maker.messages.begin() + 1'500});

        Result<CaptureWriter> writer = CaptureWriter::open(path, {.ifExists = IfExists::Append});
        QVERIFY(writer);
        QVERIFY(
            errorOf(writer->addStream(
                        {.identity = identityOf("SPARK"), .filters = {"x"}, .first = StreamSequence(2'001)}))
                .find("filter") != std::string::npos);
        StreamIdentity other = identityOf("SPARK");
        other.created += std::chrono::hours(1);
        QVERIFY(errorOf(writer->addStream({.identity = other, .first = StreamSequence(2'001)}))
                    .find("another stream") != std::string::npos);
        QVERIFY(errorOf(writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1'500)}))
                    .find("up to message 1500") != std::string::npos);
        // `created` moved, but the message that was remembered is still there with its time.
        other.knownSequence = StreamSequence(1'500);
        other.knownTime = maker.messages[1'499].time;
        const auto stream = writer->addStream({.identity = other, .first = StreamSequence(2'001)});
        QVERIFY2(stream, errorOf(stream).c_str());
        QVERIFY(writer->add(*stream, batchOf(maker.messages, 1'500)));
        QVERIFY(errorOf(writer->add(*stream, batchOf(maker.messages, 1'600))).find("out of order") !=
                std::string::npos);
        QVERIFY(writer->close());

        QCOMPARE(difference(readBack(path, "SPARK"), maker.messages), std::string());
        Result<CaptureReader> reader = CaptureReader::open(path);
        const Result<CaptureInfo> info = reader->info();
        QCOMPARE(info->streams.size(), std::size_t(1));
        QCOMPARE(info->streams[0].gaps,
                 (std::vector<SequenceGap>{
                     {StreamSequence(1'501), StreamSequence(2'000), GapReason::NotRecorded}}));
        QVERIFY(reader->check({})->good());
    }

    void twoWritersNeverMeet()
    {
        const TempFolder folder;
        Result<CaptureWriter> first = CaptureWriter::open(folder / "a.jetlag");
        QVERIFY(first);
        for (const IfExists ifExists : {IfExists::Append, IfExists::Overwrite})
            QVERIFY(errorOf(CaptureWriter::open(folder / "a.jetlag", {.ifExists = ifExists}))
                        .find("being written") != std::string::npos);
        QVERIFY(CaptureReader::open(folder / "a.jetlag")->info()->beingWritten);
        QVERIFY(first->close());
        QVERIFY(CaptureWriter::open(folder / "a.jetlag", {.ifExists = IfExists::Append})->close());
    }

    void aReaderSeesWhatIsCommittedMeanwhile()
    {
        const TempFolder folder;
        const MessageMaker maker = someMessages(3'000);
        FakeClock clock;
        Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag", {.clock = &clock});
        const auto stream = writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
        QVERIFY(writer->add(*stream, batchOf(maker.messages, 0, 10)));
        // Nothing is due yet; then time passes and the writer is only asked for nothing.
        clock.advance(std::chrono::milliseconds(260));
        QVERIFY(writer->add(*stream, {}));
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QVERIFY(reader);
        // The other half of the interval passes for the writer's own thread.
        QTRY_VERIFY_WITH_TIMEOUT(
            (clock.advance(std::chrono::milliseconds(100)), reader->info()->messages == 10), 30'000);
        QCOMPARE(writer->progress().committedMessages, std::uint64_t(10));
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages, 10), std::string());

        QVERIFY(writer->add(*stream, batchOf(maker.messages, 10)));
        QVERIFY(writer->commit());
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages), std::string());

        // It is read while it is closed: it stays whole, with its -wal, and says so.
        const auto closed = writer->close();
        QVERIFY2(closed, errorOf(closed).c_str());
        QVERIFY(!closed->singleFile);
        QVERIFY(reader->info()->cleanClose);
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages), std::string());
        QCOMPARE(difference(readBack(folder / "a.jetlag", "SPARK"), maker.messages), std::string());
    }

    void aDestroyedWriterKeepsWhatItHad()
    {
        const TempFolder folder;
        const MessageMaker maker = someMessages(1'500);
        {
            Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
            const auto stream =
                writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
            QVERIFY(writer->add(*stream, batchOf(maker.messages)));
            QVERIFY(writer->commit());
        }
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        const Result<CaptureInfo> info = reader->info();
        QVERIFY(!info->cleanClose && !info->beingWritten);
        QVERIFY(!info->recovery.empty());
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages), std::string());
    }

    void strangersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("missing") << QByteArray("missing") << QByteArray("does not exist");
        QTest::newRow("folder") << QByteArray("folder") << QByteArray("no file");
        QTest::newRow("empty") << QByteArray("empty") << QByteArray("empty file");
        QTest::newRow("text") << QByteArray("text") << QByteArray("not a capture");
        QTest::newRow("another database") << QByteArray("database") << QByteArray("not a capture");
        QTest::newRow("future version") << QByteArray("future") << QByteArray("newer Jetlag");
        QTest::newRow("cut in half") << QByteArray("half") << QByteArray("cut short");
        QTest::newRow("only the header") << QByteArray("header") << QByteArray("cut short");
        QTest::newRow("zeros") << QByteArray("zeros") << QByteArray("not a capture");
    }
    void strangersAreRefused()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, words);
        const TempFolder folder;
        const fs::path path = folder / "a.jetlag";
        if (kind == "folder")
            fs::create_directory(path);
        else if (kind == "empty")
            folder.write("a.jetlag", "");
        else if (kind == "text")
            folder.write("a.jetlag", std::string(5'000, 't'));
        else if (kind == "zeros")
            folder.write("a.jetlag", std::string(50'000, '\0'));
        else if (kind == "database")
            execute(path, "CREATE TABLE t(a); PRAGMA user_version=1;");
        else if (kind != "missing")
            writeCapture(path, someMessages(20'000).messages);
        if (kind == "future")
            execute(path, "PRAGMA user_version=99");
        if (kind == "half")
            fs::resize_file(path, fs::file_size(path) / 2);
        if (kind == "header")
            fs::resize_file(path, 100);
        const std::string before = kind == "missing" || kind == "folder" ? "" : readFile(path);
        const Result<CaptureReader> reader = CaptureReader::open(path);
        QVERIFY(!reader);
        QVERIFY2(reader.error().message().find(words.toStdString()) != std::string::npos,
                 reader.error().message().c_str());
        if (kind != "missing" && kind != "folder") {
            QVERIFY(!CaptureWriter::open(path, {.ifExists = IfExists::Append}));
            QCOMPARE(readFile(path), before);
        }
    }

    void aDamagedChunkCostsOnlyItself()
    {
        const TempFolder folder;
        const fs::path path = folder / "a.jetlag";
        MessageMaker maker;
        for (int i = 0; i < 20'000; ++i)
            maker.add("a.b", {}, "payload " + std::to_string(i));
        writeCapture(path, maker.messages);
        execute(path, "UPDATE events SET data = CAST(substr(data, 1, 100) || x'ff' || substr(data, 102) AS "
                      "BLOB) WHERE id = 3");
        execute(path, "UPDATE events SET last_time = last_time + 1 WHERE id = 5");
        const ReadBack got = readBack(path, "SPARK");
        QCOMPARE(got.damaged, std::size_t(2));
        QCOMPARE(got.messages.size(), std::size_t(12'000));
        Result<CaptureReader> reader = CaptureReader::open(path);
        const Result<CaptureCheck> check = reader->check({});
        QVERIFY(check && !check->good());
        QCOMPARE(check->damagedRows, std::uint64_t(2));
        QCOMPARE(check->messages, std::uint64_t(12'000));

        // Every table's rows are checked.
        execute(path, "UPDATE meta SET value = 'x' WHERE key = 'writer'; UPDATE subjects SET messages = 1; "
                      "UPDATE streams SET bytes = 1;");
        QCOMPARE(reader->check({})->damagedRows,
                 std::uint64_t(3)); // without its stream no chunk is looked at
        QCOMPARE(reader->info()->damagedRows, std::uint64_t(2));
        QVERIFY(reader->info()->recovery.find("2 rows") != std::string::npos);
    }

    void flippedBitsNeverLieAndNeverCrash()
    {
        const TempFolder folder;
        MessageMaker maker = someMessages(6'000);
        writeCapture(folder / "good.jetlag", maker.messages);
        const std::string good = readFile(folder / "good.jetlag");
        std::mt19937_64 random(11);
        int noticed = 0;
        constexpr int kRounds = 400;
        for (int round = 0; round < kRounds; ++round) {
            std::string bad = good;
            for (int flips = 1 + static_cast<int>(random() % 3); flips > 0; --flips)
                bad[random() % bad.size()] ^= static_cast<char>(1 << random() % 8);
            const fs::path path = folder.write("bad.jetlag", bad);
            Result<CaptureReader> reader = CaptureReader::open(path);
            if (!reader) {
                ++noticed;
                continue;
            }
            const ReadBack got = readBack(*reader, "SPARK");
            std::size_t next = 0;
            for (const Message& message : got.messages) {
                while (next < maker.messages.size() && maker.messages[next].sequence != message.sequence)
                    ++next;
                QVERIFY2(next < maker.messages.size(), "a message that never was, or one twice");
                QCOMPARE(difference(message, maker.messages[next]), std::string());
                ++next;
            }
            const Result<CaptureCheck> check = reader->check({});
            if (!check || !check->good() || !got.error.empty() || got.damaged > 0)
                ++noticed;
            if (got.error.empty() && got.messages.size() < maker.messages.size())
                QVERIFY(!check || !check->good()); // what is missing is never missing silently
        }
        // The rest hit what no row depends on: free space and the index.
        QVERIFY2(noticed > kRounds / 2, qPrintable(QString::number(noticed)));
    }

    void aFullDiskIsSaidClearlyAndWhatWasCommittedStays()
    {
        const TempFolder folder;
        FaultyVfs vfs;
        const MessageMaker maker = someMessages(20'000);
        std::string said;
        {
            Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag", {.vfs = vfs.name()});
            QVERIFY(writer);
            const auto stream =
                writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
            QVERIFY(writer->add(*stream, batchOf(maker.messages, 0, 2'500)));
            QVERIFY(writer->commit());
            vfs.failWrites(3, FaultyVfs::Fault::DiskFull);
            for (std::size_t i = 2'500; i < 20'000 && said.empty(); i += 500) {
                Result<void> done = writer->add(*stream, batchOf(maker.messages, i, i + 500));
                if (done && i % 2'000 == 0)
                    done = writer->commit();
                if (!done)
                    said = done.error().message();
            }
            QVERIFY(vfs.failures() > 0);
            QVERIFY2(said.find("no space left") != std::string::npos &&
                         said.find("2500 messages") != std::string::npos,
                     said.c_str());
            QCOMPARE(errorOf(writer->commit()), said); // and ever again
            QVERIFY(!writer->close());
        }
        vfs.heal();
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QVERIFY2(reader, errorOf(reader).c_str());
        QVERIFY(!reader->info()->cleanClose);
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages, 2'500), std::string());
        QVERIFY(reader->check({})->good());
    }

    void aWriteThatFailsInTheMiddleTearsNothing()
    {
        const TempFolder folder;
        const MessageMaker maker = someMessages(8'000);
        for (unsigned after = 0; after < 40; after += 3) {
            const fs::path path = folder / "a.jetlag";
            FaultyVfs vfs;
            std::uint64_t committed = 0;
            {
                Result<CaptureWriter> writer =
                    CaptureWriter::open(path, {.ifExists = IfExists::Overwrite, .vfs = vfs.name()});
                const auto stream =
                    writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
                vfs.failWrites(after, FaultyVfs::Fault::CutShort);
                for (std::size_t i = 0; i < 8'000; i += 1'000) {
                    if (!writer->add(*stream, batchOf(maker.messages, i, i + 1'000)) || !writer->commit())
                        break;
                }
                committed = writer->progress().committedMessages;
            }
            vfs.heal();
            Result<CaptureReader> reader = CaptureReader::open(path);
            QVERIFY2(reader, errorOf(reader).c_str());
            QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages, committed), std::string());
            QVERIFY(reader->check({})->good());
        }
    }

    void aFileSizeLimitIsAnErrorLikeAnyOther()
    {
        const TempFolder folder;
        const MessageMaker maker = someMessages(40'000);
        const pid_t child = fork();
        if (child == 0) {
            // The system's own limit rather than an injected one: the real path through write(2).
            signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{300'000, 300'000};
            setrlimit(RLIMIT_FSIZE, &limit);
            Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
            if (!writer)
                _exit(2);
            const auto stream =
                writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
            for (std::size_t i = 0; i < 40'000; i += 500) {
                if (!writer->add(*stream, batchOf(maker.messages, i, i + 500)) || !writer->commit())
                    _exit(writer->progress().committedMessages > 0 ? 0 : 3);
            }
            _exit(4);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QVERIFY2(reader, errorOf(reader).c_str());
        QCOMPARE(difference(readBack(*reader, "SPARK"), maker.messages, 500), std::string());
        QVERIFY(reader->check({})->good());
    }
};

QTEST_GUILESS_MAIN(TestCaptureFile)
#include "tst_capture_file.moc"
