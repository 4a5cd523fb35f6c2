// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/hook.h"
#include "tests/support/broker.h"
#include "tests/support/hook_run.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <memory>

using namespace jetlag;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

void append(const fs::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

void compress(const fs::path& from, const fs::path& to)
{
    const std::string text = test::readFile(from);
    gzFile file = gzopen(to.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    fs::remove(from);
}

} // namespace

/// A hook that follows logs which grow, move, are cut and appear, on a real broker.
class TestHookFollow : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_broker = std::make_unique<test::Broker>(); }
    void cleanupTestCase() { m_broker.reset(); }
    void init();

    void growsLineByLine();
    void renamedAndReplaced();
    void rotatedWhileItsWriterGoesOn();
    void rotatedAndCompressedInAWatchedFolder();
    void cutToNothing();
    void copiedAndCut();
    void newFilesInAFolder();
    void sparkLogInProgress();
    void rolledSparkLog();
    void stoppedInTheMiddleOfALine();
    void rotatedWhileNobodyLooked();
    void compressedFileThatIsBeingWritten();
    void fileThatComesBack();
    void streamMadeAnewMeanwhile();
    void allShareTheRate();

private:
    HookOptions options(RecordKind kind, std::vector<fs::path> paths) const;
    // The payloads in the stream, as the core sees them.
    std::vector<std::string> records() const;
    bool reaches(const std::vector<std::string>& lines) const;

    std::unique_ptr<test::Broker> m_broker;
    std::unique_ptr<test::TempFolder> m_folder;
    std::string m_stream;
    int m_count = 0;
};

void TestHookFollow::init()
{
    m_folder = std::make_unique<test::TempFolder>();
    m_stream = fmt::format("F{}", ++m_count);
    fs::create_directories(*m_folder / "logs");
}

HookOptions TestHookFollow::options(RecordKind kind, std::vector<fs::path> paths) const
{
    HookOptions made;
    made.profile = m_broker->profile();
    made.kind = kind;
    made.paths = std::move(paths);
    made.stream = m_stream;
    made.subjectPrefix = fmt::format("f{}", m_count);
    made.stateFolder = *m_folder / "state";
    made.follow = true;
    made.lookEvery = 20ms;
    made.scanEvery = 50ms;
    made.closeAfter = 300ms;
    return made;
}

std::vector<std::string> TestHookFollow::records() const
{
    test::TestClient client = m_broker->client();
    if (!client.tryApi("STREAM.INFO." + m_stream))
        return {};
    return test::assemble(test::readStream(client.connection(), m_stream)).payloads();
}

bool TestHookFollow::reaches(const std::vector<std::string>& lines) const
{
    const bool reached = test::waitUntil([&] { return records().size() >= lines.size(); }, 30s);
    const std::vector<std::string> found = records();
    if (reached && found == lines)
        return true;
    qWarning("%zu records instead of %zu", found.size(), lines.size());
    for (std::size_t i = 0; i < std::min(found.size(), lines.size()); ++i) {
        if (found[i] != lines[i]) {
            qWarning("the first that differs is %zu: %s instead of %s", i, found[i].c_str(),
                     lines[i].c_str());
            break;
        }
    }
    return false;
}

void TestHookFollow::growsLineByLine()
{
    const std::vector<std::string> lines = test::hdfsLines(50);
    const fs::path path = m_folder->write("audit.log", "");
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        append(path, lines[i].substr(0, 20));
        append(path, lines[i].substr(20) + '\n');
        if (i % 10 == 9)
            QVERIFY(reaches({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i) + 1}));
    }
    append(path, "not yet a line");
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QVERIFY(outcome->stopped);
    QVERIFY(outcome->problems.empty());
    QCOMPARE(outcome->records, std::uint64_t(50));
    QCOMPARE(outcome->duplicates, std::uint64_t(0));
    QVERIFY(reaches(lines));
}

void TestHookFollow::renamedAndReplaced()
{
    const std::vector<std::string> lines = test::hdfsLines(60);
    const auto slice = [&](std::size_t from, std::size_t to) {
        return test::joined({lines.begin() + static_cast<std::ptrdiff_t>(from),
                             lines.begin() + static_cast<std::ptrdiff_t>(to)});
    };
    const fs::path path = m_folder->write("audit.log", slice(0, 10));
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    QVERIFY(hook.waitForRecords(10));
    for (std::size_t round = 1; round <= 5; ++round) {
        // The last line before the rotation has no end; that is a record once the file is closed.
        const std::size_t from = round * 10;
        std::string text = slice(from - (round == 1 ? 0 : 0), from + 5);
        append(path, text.substr(0, text.size() - 1));
        fs::rename(path, *m_folder / fmt::format("audit.log.{}", round));
        m_folder->write("audit.log", slice(from + 5, from + 10));
        QVERIFY(hook.waitForRecords(from + 10));
    }
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->records, std::uint64_t(60));
    QVERIFY(outcome->problems.empty());
    std::vector<std::string> found = records();
    std::sort(found.begin(), found.end());
    std::vector<std::string> expected = lines;
    std::sort(expected.begin(), expected.end());
    QVERIFY(found == expected);
}

void TestHookFollow::rotatedWhileItsWriterGoesOn()
{
    const std::vector<std::string> lines = test::hdfsLines(30);
    const fs::path path = m_folder->write("audit.log", test::joined({lines.begin(), lines.begin() + 10}));
    HookOptions made = options(RecordKind::Hdfs, {path});
    made.closeAfter = 60s; // longer than this test
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(10));
    fs::rename(path, *m_folder / "audit.log.1");
    append(*m_folder / "audit.log.1", test::joined({lines.begin() + 10, lines.begin() + 20}));
    QVERIFY(hook.waitForRecords(20));
    m_folder->write("audit.log", test::joined({lines.begin() + 20, lines.end()}));
    append(*m_folder / "audit.log.1", "its last words");
    QVERIFY(hook.waitForRecords(30));
    QVERIFY(reaches(lines));
    // A stop counts as its end: nobody would find it again.
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->records, std::uint64_t(31));
    QCOMPARE(records().back(), std::string("its last words"));
}

void TestHookFollow::rotatedAndCompressedInAWatchedFolder()
{
    const std::vector<std::string> lines = test::hdfsLines(40);
    const fs::path path =
        m_folder->write("logs/audit.log", test::joined({lines.begin(), lines.begin() + 20}));
    test::HookThread hook(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QVERIFY(hook.waitForRecords(20));
    compress(path, *m_folder / "logs/audit.log.1.gz");
    m_folder->write("logs/audit.log", test::joined({lines.begin() + 20, lines.end()}));
    QVERIFY(hook.waitForRecords(40));
    // The compressed file is the log that was published: nothing of it is sent again.
    QVERIFY(test::waitUntil([&] { return hook.progress().filesDone >= 2; }));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->messages, std::uint64_t(40));
    QVERIFY(outcome->problems.empty());
    QVERIFY(reaches(lines));
}

void TestHookFollow::cutToNothing()
{
    const std::vector<std::string> lines = test::hdfsLines(40);
    const fs::path path = m_folder->write("audit.log", test::joined({lines.begin(), lines.begin() + 10}));
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    QVERIFY(hook.waitForRecords(10));
    fs::resize_file(path, 0);
    append(path, test::joined({lines.begin() + 10, lines.begin() + 15})); // shorter than it was
    QVERIFY(hook.waitForRecords(15));
    fs::resize_file(path, 0);
    append(path, test::joined({lines.begin() + 15, lines.end()})); // longer than it was
    QVERIFY(hook.waitForRecords(40));
    QVERIFY(reaches(lines));
}

void TestHookFollow::copiedAndCut()
{
    // As `copytruncate` does; what was written between the hook's last look and the cut stands in the copy.
    const std::vector<std::string> lines = test::hdfsLines(40);
    const fs::path path =
        m_folder->write("logs/audit.log", test::joined({lines.begin(), lines.begin() + 10}));
    HookOptions made = options(RecordKind::Hdfs, {*m_folder / "logs"});
    made.lookEvery = 400ms;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(10));
    append(path, test::joined({lines.begin() + 10, lines.begin() + 20}));
    fs::copy_file(path, *m_folder / "logs/audit.log.1");
    fs::resize_file(path, 0);
    append(path, test::joined({lines.begin() + 20, lines.end()}));
    QVERIFY(hook.waitForRecords(40));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->messages, std::uint64_t(40));
    std::vector<std::string> found = records();
    std::sort(found.begin(), found.end());
    std::vector<std::string> expected = lines;
    std::sort(expected.begin(), expected.end());
    QVERIFY(found == expected);
}

void TestHookFollow::newFilesInAFolder()
{
    test::HookThread hook(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    std::vector<std::string> all;
    for (std::size_t i = 0; i < 20; ++i) {
        const std::vector<std::string> lines = test::hdfsLines(5, i * 100);
        m_folder->write(fmt::format("logs/audit.log.{:02}", i), test::joined(lines));
        all.insert(all.end(), lines.begin(), lines.end());
        if (i % 5 == 4)
            QVERIFY(reaches(all));
    }
    // A file that was at its end grows again.
    append(*m_folder / "logs/audit.log.03", "one more\n");
    all.push_back("one more");
    QVERIFY(reaches(all));
}

void TestHookFollow::sparkLogInProgress()
{
    const std::string log = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.1.1\"}";
    const std::string start =
        "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"n\",\"App ID\":\"my-app\","
        "\"Timestamp\":1,\"User\":\"u\"}";
    const std::string event = "{\"Event\":\"SparkListenerTaskEnd\"}";
    const fs::path path = m_folder->write("logs/custom.inprogress", test::joined({log}));
    test::HookThread hook(options(RecordKind::Spark, {*m_folder / "logs"}));
    QVERIFY(test::waitUntil([&] { return hook.progress().files.size() == 1; }));
    QCOMPARE(hook.progress().records, std::uint64_t(0)); // its application is not known yet
    append(path, test::joined({event, start, event}));
    QVERIFY(reaches({log, event, start, event}));
    fs::rename(path, *m_folder / "logs/custom");
    append(*m_folder / "logs/custom", test::joined({event}));
    QVERIFY(reaches({log, event, start, event, event}));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->messages, std::uint64_t(5));
    QVERIFY(!outcome->partial);
}

void TestHookFollow::rolledSparkLog()
{
    const std::string start =
        "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"n\",\"App ID\":\"my-app\","
        "\"Timestamp\":1,\"User\":\"u\"}";
    const auto event = [](int i) {
        return fmt::format("{{\"Event\":\"SparkListenerTaskEnd\",\"n\":{}}}", i);
    };
    m_folder->write("logs/eventlog_v2_mine/appstatus_mine.inprogress", "");
    const fs::path first =
        m_folder->write("logs/eventlog_v2_mine/events_1_mine", test::joined({start, event(1)}));
    test::HookThread hook(options(RecordKind::Spark, {*m_folder / "logs"}));
    QVERIFY(reaches({start, event(1)}));
    append(first, event(2)); // no end: closed when the next file is there
    const fs::path second = m_folder->write("logs/eventlog_v2_mine/events_2_mine", test::joined({event(3)}));
    QVERIFY(reaches({start, event(1), event(2), event(3)}));
    append(second, test::joined({event(4)}));
    QVERIFY(reaches({start, event(1), event(2), event(3), event(4)}));
    test::TestClient client = m_broker->client();
    for (const test::StoredMessage& message : test::readStream(client.connection(), m_stream))
        QCOMPARE(message.header("Jetlag-Key"), std::string("my-app"));
}

void TestHookFollow::stoppedInTheMiddleOfALine()
{
    const std::vector<std::string> lines = test::hdfsLines(20);
    const std::string text = test::joined(lines);
    const std::size_t middle = text.size() / 2 + 7;
    const fs::path path = m_folder->write("audit.log", text.substr(0, middle));
    {
        test::HookThread hook(options(RecordKind::Hdfs, {path}));
        QVERIFY(hook.waitForRecords(9));
        hook.requestStop();
        QVERIFY(bool(hook.outcome()));
    }
    append(path, text.substr(middle));
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    QVERIFY(reaches(lines));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->duplicates, std::uint64_t(0));
    QVERIFY(outcome->skippedRecords >= 9);
}

void TestHookFollow::rotatedWhileNobodyLooked()
{
    const std::vector<std::string> lines = test::hdfsLines(30);
    const fs::path path =
        m_folder->write("logs/audit.log", test::joined({lines.begin(), lines.begin() + 10}));
    {
        test::HookThread hook(options(RecordKind::Hdfs, {*m_folder / "logs"}));
        QVERIFY(hook.waitForRecords(10));
        hook.requestStop();
        QVERIFY(bool(hook.outcome()));
    }
    append(path, test::joined({lines.begin() + 10, lines.begin() + 20}));
    fs::rename(path, *m_folder / "logs/audit.log.1");
    compress(*m_folder / "logs/audit.log.1", *m_folder / "logs/a-audit.log.1.gz");
    m_folder->write("logs/audit.log", test::joined({lines.begin() + 20, lines.end()}));
    test::HookThread hook(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QVERIFY(hook.waitForRecords(20));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QCOMPARE(outcome->messages, std::uint64_t(20));
    QVERIFY(reaches(lines));
}

void TestHookFollow::compressedFileThatIsBeingWritten()
{
    const std::vector<std::string> lines = test::hdfsLines(2'000);
    const fs::path whole = m_folder->write("text", test::joined(lines));
    compress(whole, *m_folder / "text.gz");
    const std::string bytes = test::readFile(*m_folder / "text.gz");
    const fs::path path = m_folder->write("logs/audit.log.1.gz", bytes.substr(0, bytes.size() / 3));
    HookOptions made = options(RecordKind::Hdfs, {*m_folder / "logs"});
    made.closeAfter = 60s; // longer than this test: it is not taken for damaged
    test::HookThread hook(made);
    QVERIFY(test::waitUntil([&] { return hook.progress().files.size() == 1; }));
    append(path, bytes.substr(bytes.size() / 3));
    QVERIFY(reaches(lines));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY(bool(outcome));
    QVERIFY(outcome->problems.empty());

    // One that stays cut short is told after a while; the others go on.
    m_folder->write("logs/broken.gz", bytes.substr(0, bytes.size() / 2));
    made.closeAfter = 200ms;
    test::HookThread again(made);
    m_folder->write("logs/more.log", test::joined(test::hdfsLines(3, 50'000)));
    QVERIFY(again.waitForRecords(3));
    again.requestStop();
    QVERIFY(bool(again.outcome()));
}

void TestHookFollow::fileThatComesBack()
{
    const std::vector<std::string> lines = test::hdfsLines(20);
    const fs::path path = m_folder->write("audit.log", test::joined({lines.begin(), lines.begin() + 10}));
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    QVERIFY(hook.waitForRecords(10));
    fs::remove(path);
    QVERIFY(test::waitUntil([&] { return hook.progress().filesDone == 1; }));
    m_folder->write("audit.log", test::joined({lines.begin() + 10, lines.end()}));
    QVERIFY(hook.waitForRecords(20));
    QVERIFY(reaches(lines));
}

void TestHookFollow::streamMadeAnewMeanwhile()
{
    const std::vector<std::string> lines = test::hdfsLines(30);
    const fs::path path = m_folder->write("audit.log", test::joined({lines.begin(), lines.begin() + 20}));
    test::HookThread hook(options(RecordKind::Hdfs, {path}));
    QVERIFY(hook.waitForRecords(20));
    test::TestClient client = m_broker->client();
    client.api("STREAM.DELETE." + m_stream);
    client.createStream(
        fmt::format("{{\"name\":\"{}\",\"subjects\":[\"f{}.>\"],\"allow_direct\":true}}", m_stream, m_count));
    append(path, test::joined({lines.begin() + 20, lines.end()}));
    // The new stream gets everything, from the first line on.
    QVERIFY(test::waitUntil([&] {
        std::vector<std::string> found = records();
        std::sort(found.begin(), found.end());
        return found == lines;
    }));
    hook.requestStop();
    const auto outcome = hook.outcome();
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
}

void TestHookFollow::allShareTheRate()
{
    // Far more in each than the rate lets through while this test runs.
    m_folder->write("logs/local-1", test::joined(test::hdfsLines(20'000)));
    m_folder->write("logs/local-2", test::joined(test::hdfsLines(20'000)));
    m_folder->write("logs/local-3", test::joined(test::hdfsLines(20'000)));
    HookOptions made = options(RecordKind::Spark, {*m_folder / "logs"});
    made.recordsPerSecond = 300;
    test::HookThread hook(made);
    QVERIFY(test::waitUntil([&] {
        const std::vector<HookFileProgress> files = hook.progress().files;
        return files.size() == 3 && std::all_of(files.begin(), files.end(), [](const HookFileProgress& file) {
                   return file.records > 20;
               });
    }));
}

QTEST_GUILESS_MAIN(TestHookFollow)
#include "tst_hook_follow.moc"
