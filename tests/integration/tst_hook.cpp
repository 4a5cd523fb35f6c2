// SPDX-License-Identifier: Apache-2.0
#include "model/base/hash.h"
#include "model/record/headers.h"
#include "nats/hook/hook.h"
#include "tests/support/broker.h"
#include "tests/support/hook_run.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <fmt/format.h>
#include <zstd.h>

#include <fstream>
#include <map>
#include <memory>
#include <random>

using namespace jetlag;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

/// What a hook does with whole files, on a real broker.
class TestHook : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_broker = std::make_unique<test::Broker>(); }
    void cleanupTestCase() { m_broker.reset(); }
    void init();

    void publishesInFileOrder();
    void secondRunSendsNothing();
    void aGrownFileGoesOn();
    void publishedTwiceWithinTheWindow();
    void streamMadeAnewStartsAnew();
    void stoppedAndStartedAgain();
    void keepsToTheRate();
    void manyFilesOfAFolder();
    void sparkNamesItsApplication();
    void badFilesDoNotStopTheOthers();
    void malformedLinesTravelUnchanged();
    void largeRecords();
    void partsOnASmallServer();
    void sourceOfItsOwn();
    void aCopyThatDiffersIsRefused();
    void twoHooksOnOneFile();
    void wrongUse_data();
    void wrongUse();
    void deadServer();
    void positionsOfSomethingElse();

private:
    HookOptions options(RecordKind kind, std::vector<fs::path> paths) const;
    HookOutcome run(const HookOptions& options) const;
    std::vector<test::StoredMessage> stored(const std::string& stream) const;

    std::unique_ptr<test::Broker> m_broker;
    std::unique_ptr<test::TempFolder> m_folder;
    std::string m_stream; // one for each test
    int m_count = 0;
};

void TestHook::init()
{
    m_folder = std::make_unique<test::TempFolder>();
    m_stream = fmt::format("T{}", ++m_count);
}

HookOptions TestHook::options(RecordKind kind, std::vector<fs::path> paths) const
{
    HookOptions made;
    made.profile = m_broker->profile();
    made.kind = kind;
    made.paths = std::move(paths);
    made.stream = m_stream;
    made.subjectPrefix = fmt::format("t{}.{}", m_count, toString(kind));
    made.stateFolder = *m_folder / "state";
    return made;
}

HookOutcome TestHook::run(const HookOptions& options) const
{
    Result<HookOutcome> outcome = runHook(options, {});
    if (!outcome)
        throw std::runtime_error(outcome.error().message());
    return *outcome;
}

std::vector<test::StoredMessage> TestHook::stored(const std::string& stream) const
{
    test::TestClient client = m_broker->client();
    return test::readStream(client.connection(), stream);
}

void TestHook::publishesInFileOrder()
{
    const std::vector<std::string> lines = test::hdfsLines(10'000);
    const HookOutcome outcome =
        run(options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(lines))}));
    QCOMPARE(outcome.stream, m_stream);
    QCOMPARE(outcome.records, std::uint64_t(10'000));
    QCOMPARE(outcome.messages, std::uint64_t(10'000));
    QCOMPARE(outcome.bytes, std::uint64_t(test::joined(lines).size() - lines.size()));
    QCOMPARE(outcome.duplicates, std::uint64_t(0));
    QCOMPARE(outcome.resent, std::uint64_t(0));
    QCOMPARE(outcome.skippedRecords, std::uint64_t(0));
    QCOMPARE(outcome.files, std::uint64_t(1));
    QVERIFY(!outcome.stopped && !outcome.partial && outcome.problems.empty());
    QCOMPARE(outcome.created.size(), std::size_t(1));
    QVERIFY(outcome.created.front().find("created stream " + m_stream) == 0);

    const std::vector<test::StoredMessage> messages = stored(m_stream);
    QCOMPARE(messages.size(), lines.size());
    std::map<std::string, std::string> heads; // partition -> offset
    const std::string source = hash128(lines.front()).toHex();
    std::size_t offset = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const test::StoredMessage& message = messages[i];
        QCOMPARE(message.payload, lines[i]);
        QCOMPARE(message.header(headers::kMessageId), fmt::format("{}:{}-{}", source, offset, offset));
        QCOMPARE(message.header(headers::kExpectedStream), m_stream);
        const std::string user = fmt::format("user{}", i % 10);
        QCOMPARE(message.header(headers::kKey), user);
        // t1.hdfs.<partition>.<user>
        const std::string partition = message.subject.substr(message.subject.size() - user.size() - 2, 1);
        QCOMPARE(message.subject, fmt::format("t{}.hdfs.{}.{}", m_count, partition, user));
        const auto head = heads.find(partition);
        QCOMPARE(message.header(headers::kPrevious), head == heads.end() ? std::string("-") : head->second);
        heads[partition] = std::to_string(offset);
        offset += lines[i].size() + 1;
    }
    QVERIFY(heads.size() > 1);
}

void TestHook::secondRunSendsNothing()
{
    const HookOptions once =
        options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(test::hdfsLines(500)))});
    run(once);
    const HookOutcome again = run(once);
    QCOMPARE(again.records, std::uint64_t(0));
    QCOMPARE(again.messages, std::uint64_t(0));
    QCOMPARE(again.skippedRecords, std::uint64_t(500));
    QCOMPARE(again.files, std::uint64_t(1));
    QVERIFY(again.created.empty() && again.problems.empty() && !again.stopped);

    // A copy elsewhere, under another name, touched: the log itself tells who it is.
    const fs::path copy = m_folder->write("elsewhere.log", test::joined(test::hdfsLines(500)));
    const HookOutcome copied = run(options(RecordKind::Hdfs, {copy}));
    QCOMPARE(copied.messages, std::uint64_t(0));
    QCOMPARE(copied.skippedRecords, std::uint64_t(500));
    QCOMPARE(stored(m_stream).size(), std::size_t(500));
}

void TestHook::aGrownFileGoesOn()
{
    const std::vector<std::string> lines = test::hdfsLines(1'500);
    const std::string text = test::joined(lines);
    const std::size_t part = test::joined(test::hdfsLines(500)).size();
    const fs::path path = m_folder->write("audit.log", text.substr(0, part));
    run(options(RecordKind::Hdfs, {path}));
    m_folder->write("audit.log", text);
    const HookOutcome outcome = run(options(RecordKind::Hdfs, {path}));
    QCOMPARE(outcome.records, std::uint64_t(1'000));
    QCOMPARE(outcome.skippedRecords, std::uint64_t(500));
    QCOMPARE(outcome.duplicates, std::uint64_t(0));
    const test::AssembledRecords assembled = test::assemble(stored(m_stream));
    QVERIFY(assembled.payloads() == lines);
    QCOMPARE(assembled.counters.chainGaps, std::uint64_t(0));
    QCOMPARE(assembled.counters.parked, std::uint64_t(0));
}

void TestHook::publishedTwiceWithinTheWindow()
{
    HookOptions first =
        options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(test::hdfsLines(3'000)))});
    run(first);
    first.stateFolder = *m_folder / "another state"; // it knows nothing of the first run
    const HookOutcome outcome = run(first);
    QCOMPARE(outcome.records, std::uint64_t(3'000));
    QCOMPARE(outcome.duplicates, std::uint64_t(3'000));
    QCOMPARE(stored(m_stream).size(), std::size_t(3'000));
}

void TestHook::streamMadeAnewStartsAnew()
{
    const HookOptions once =
        options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(test::hdfsLines(300)))});
    run(once);
    m_broker->client().api("STREAM.DELETE." + m_stream);
    const HookOutcome outcome = run(once);
    QCOMPARE(outcome.records, std::uint64_t(300));
    QCOMPARE(outcome.skippedRecords, std::uint64_t(0));
    QCOMPARE(outcome.created.size(), std::size_t(1));
    QVERIFY(test::assemble(stored(m_stream)).payloads() == test::hdfsLines(300));
}

void TestHook::stoppedAndStartedAgain()
{
    const std::vector<std::string> lines = test::hdfsLines(20'000);
    HookOptions slow = options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(lines))});
    slow.recordsPerSecond = 5'000;
    test::HookThread hook(slow);
    QVERIFY(hook.waitForRecords(1'000));
    hook.requestStop();
    const Result<HookOutcome> first = hook.outcome();
    QVERIFY(bool(first));
    QVERIFY(first->stopped);
    QVERIFY(first->records >= 1'000 && first->records < 20'000);
    QVERIFY(first->problems.empty());

    HookOptions fast = slow;
    fast.recordsPerSecond = 0;
    const HookOutcome rest = run(fast);
    QCOMPARE(rest.skippedRecords, first->records);
    QCOMPARE(rest.records, 20'000 - first->records);
    QCOMPARE(rest.duplicates, std::uint64_t(0)); // a clean stop leaves nothing in doubt
    QVERIFY(!rest.stopped);
    const test::AssembledRecords assembled = test::assemble(stored(m_stream));
    QVERIFY(assembled.payloads() == lines);
    QCOMPARE(assembled.counters.duplicates, std::uint64_t(0));
}

void TestHook::keepsToTheRate()
{
    HookOptions slow =
        options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(test::hdfsLines(300)))});
    slow.recordsPerSecond = 400;
    const auto begin = std::chrono::steady_clock::now();
    const HookOutcome outcome = run(slow);
    const auto took = std::chrono::steady_clock::now() - begin;
    QCOMPARE(outcome.records, std::uint64_t(300));
    // At the earliest: a twentieth of a second's worth at once, the rest at 400 a second.
    QVERIFY(took >= std::chrono::milliseconds((300 - 20 - 1) * 1'000 / 400));
}

void TestHook::manyFilesOfAFolder()
{
    std::vector<std::string> all;
    std::size_t first = 0;
    for (int i = 0; i < 60; ++i) {
        const std::vector<std::string> lines = test::hdfsLines(20, first);
        m_folder->write(fmt::format("logs/audit.log.{:02}", i), test::joined(lines));
        all.insert(all.end(), lines.begin(), lines.end());
        first += 20;
    }
    m_folder->write("logs/.audit.log.crc", "checksum");
    m_folder->write("logs/empty", "");
    const HookOutcome outcome = run(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QVERIFY2(outcome.problems.empty(), outcome.problems.empty() ? "" : outcome.problems.front().c_str());
    QCOMPARE(outcome.records, std::uint64_t(1'200));
    QCOMPARE(outcome.files, std::uint64_t(61));
    // Files of one log keep their order: the next begins when the one before is acked.
    QVERIFY(test::assemble(stored(m_stream)).payloads() == all);

    const HookOutcome again = run(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QCOMPARE(again.messages, std::uint64_t(0));
    QCOMPARE(again.skippedRecords, std::uint64_t(1'200));
}

void TestHook::sparkNamesItsApplication()
{
    const auto event = [](int i) {
        return fmt::format("{{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":{}}}", i);
    };
    const auto start = [](const std::string& id) {
        return fmt::format(
            "{{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"n\",\"App ID\":\"{}\","
            "\"Timestamp\":1,\"User\":\"u\",\"App Attempt ID\":\"1\"}}",
            id);
    };
    const std::string log = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.1.1\"}";
    m_folder->write("logs/anything", test::joined({log, event(0), start("application_1538416563558_0014"),
                                                   event(1), event(2)}));
    // A rolled log: only its first file has the start, and its name does not look like an application's.
    m_folder->write("logs/eventlog_v2_custom7/events_1_custom7",
                    test::joined({log, start("custom7"), event(3)}));
    m_folder->write("logs/eventlog_v2_custom7/events_2_custom7", test::joined({log, event(4)}));
    m_folder->write("logs/eventlog_v2_custom7/events_3_custom7", test::joined({event(5)}));
    m_folder->write("logs/eventlog_v2_custom7/appstatus_custom7", "");
    m_folder->write("logs/nameless", test::joined({log, event(6)}));

    const HookOutcome outcome = run(options(RecordKind::Spark, {*m_folder / "logs"}));
    QCOMPARE(outcome.records, std::uint64_t(5 + 3 + 2 + 1 + 2));
    QVERIFY(outcome.partial);
    QVERIFY2(outcome.problems.empty(), outcome.problems.empty() ? "" : outcome.problems.front().c_str());
    std::map<std::string, int> keys;
    std::vector<std::string> rolled;
    for (const test::StoredMessage& message : stored(m_stream)) {
        const std::string key = message.header(headers::kKey);
        ++keys[key.substr(0, 9) == "unknown:%" || key.find("unknown") == 0 ? "unknown" : key];
        if (key == "custom7/1")
            rolled.push_back(message.header(headers::kMessageId));
    }
    QCOMPARE(keys["application_1538416563558_0014/1"], 5);
    QCOMPARE(keys["custom7/1"], 6);
    QCOMPARE(keys["unknown"], 2);
    QCOMPARE(rolled.size(), std::size_t(6));
    QVERIFY(rolled[0].starts_with("custom7/1/1:0-0"));
    QVERIFY(rolled[3].starts_with("custom7/1/2:0-0"));
    QVERIFY(rolled[5].starts_with("custom7/1/3:0-0"));

    // Again, with the first file of the rolled log skipped: it still tells the later ones their application.
    std::ofstream(*m_folder / "logs/eventlog_v2_custom7/events_4_custom7") << event(7) << '\n';
    const HookOutcome again = run(options(RecordKind::Spark, {*m_folder / "logs"}));
    QCOMPARE(again.records, std::uint64_t(1));
    QCOMPARE(again.skippedRecords, std::uint64_t(13));
    QCOMPARE(stored(m_stream).back().header(headers::kMessageId), std::string("custom7/1/4:0-0"));
}

void TestHook::badFilesDoNotStopTheOthers()
{
    const std::string text = test::joined(test::hdfsLines(2'000));
    std::string compressed(ZSTD_compressBound(text.size()), '\0');
    compressed.resize(ZSTD_compress(compressed.data(), compressed.size(), text.data(), text.size(), 1));
    m_folder->write("logs/1-cut.zst", compressed.substr(0, compressed.size() / 2));
    m_folder->write("logs/2-bzip2", "BZh91AY&SY and more of it");
    m_folder->write("logs/3-empty", "");
    m_folder->write("logs/4-whole", test::joined(test::hdfsLines(10, 5'000)));
    fs::create_symlink(*m_folder / "nowhere", *m_folder / "logs/5-dangling");
    const HookOutcome outcome = run(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QCOMPARE(outcome.problems.size(), std::size_t(2));
    QVERIFY2(outcome.problems[0].find("1-cut.zst is cut short") != std::string::npos,
             outcome.problems[0].c_str());
    QVERIFY2(outcome.problems[1].find("compressed with bzip2") != std::string::npos,
             outcome.problems[1].c_str());
    const std::vector<test::StoredMessage> messages = stored(m_stream);
    QVERIFY(messages.size() >= 10);
    QCOMPARE(outcome.records, std::uint64_t(messages.size()));
    // What stood before the damage was sent, in order, and nothing of the broken line.
    const std::vector<std::string> whole = test::hdfsLines(2'000);
    for (std::size_t i = 0; i + 10 < messages.size(); ++i)
        QCOMPARE(messages[i].payload, whole[i]);

    // The file is mended: the rest of it follows.
    m_folder->write("logs/1-cut.zst", compressed);
    const HookOutcome mended = run(options(RecordKind::Hdfs, {*m_folder / "logs"}));
    QCOMPARE(mended.records + outcome.records, std::uint64_t(2'010));
    QCOMPARE(mended.duplicates, std::uint64_t(0));
}

void TestHook::malformedLinesTravelUnchanged()
{
    const std::string nothing("\x00\xff\xfe bytes", 9);
    const std::vector<std::string> lines = {"{\"Event\":\"SparkListenerLogStart\"}", "{\"a\": tru", "",
                                            nothing, "\tx\r"};
    HookOptions asSpark =
        options(RecordKind::Spark, {m_folder->write("local-1426533911241", test::joined(lines))});
    const HookOutcome outcome = run(asSpark);
    QCOMPARE(outcome.records, std::uint64_t(5));
    QVERIFY(!outcome.partial); // the file's name tells
    std::vector<std::string> payloads;
    for (const test::StoredMessage& message : stored(m_stream)) {
        payloads.push_back(message.payload);
        QCOMPARE(message.header(headers::kKey), std::string("local-1426533911241"));
    }
    QVERIFY(payloads == lines);
}

void TestHook::largeRecords()
{
    // 5 MB that compress, and more than a record may have.
    std::string large;
    while (large.size() < 5 * 1024 * 1024)
        large += fmt::format("{} ", large.size());
    const std::string tooLarge(kMaxRecordBytes + 1, 'x');
    const HookOutcome outcome =
        run(options(RecordKind::Lines, {m_folder->write("log", test::joined({"a", large, tooLarge, "b"}))}));
    QCOMPARE(outcome.records, std::uint64_t(4));
    QVERIFY(outcome.problems.empty());
    const std::vector<test::StoredMessage> messages = stored(m_stream);
    const test::AssembledRecords assembled = test::assemble(messages);
    QCOMPARE(assembled.records.size(), std::size_t(4));
    QCOMPARE(assembled.records[0].payload, std::string("a"));
    QVERIFY(assembled.records[1].payload == large);
    QVERIFY(assembled.records[2].reason == QuarantineReason::TooLarge);
    QCOMPARE(assembled.records[2].fullLength, std::uint64_t(kMaxRecordBytes + 1));
    QCOMPARE(assembled.records[3].payload, std::string("b"));
    QCOMPARE(outcome.messages, std::uint64_t(messages.size()));
}

void TestHook::partsOnASmallServer()
{
    test::Broker small({.extraConfig = "max_payload: 20000"});
    std::mt19937 random(7); // bytes that do not compress
    std::string noise(300'000, '\0');
    for (char& c : noise)
        c = static_cast<char>('0' + random() % 75);
    std::erase(noise, '\n');
    HookOptions made =
        options(RecordKind::Lines, {m_folder->write("log", test::joined({"before", noise, "after"}))});
    made.profile = small.profile();
    const HookOutcome outcome = run(made);
    QCOMPARE(outcome.records, std::uint64_t(3));
    QVERIFY(outcome.messages > 10);
    test::TestClient client = small.client();
    const std::vector<test::StoredMessage> messages = test::readStream(client.connection(), m_stream);
    QCOMPARE(outcome.messages, std::uint64_t(messages.size()));
    const std::string parts = std::to_string(messages.size() - 2);
    QCOMPARE(messages[1].header(headers::kPart), "1/" + parts);
    QCOMPARE(messages[messages.size() - 2].header(headers::kPart), parts + '/' + parts);
    QVERIFY(messages[1].header(headers::kMessageId) != messages[2].header(headers::kMessageId));
    const test::AssembledRecords assembled = test::assemble(messages);
    QVERIFY(assembled.payloads() == (std::vector<std::string>{"before", noise, "after"}));

    // The stream's own limit counts as well.
    client.createStream("{\"name\":\"NARROW\",\"subjects\":[\"narrow.>\"],\"max_msg_size\":9000,"
                        "\"allow_direct\":true,\"storage\":\"memory\"}");
    made.stream = "NARROW";
    made.subjectPrefix = "narrow";
    QCOMPARE(run(made).records, std::uint64_t(3));
    const auto narrow = test::readStream(client.connection(), "NARROW");
    QVERIFY(narrow.size() > messages.size());
    QVERIFY(test::assemble(narrow).payloads() == assembled.payloads());
}

void TestHook::sourceOfItsOwn()
{
    HookOptions named =
        options(RecordKind::Hdfs, {m_folder->write("a.log", test::joined(test::hdfsLines(3)))});
    named.sourceName = "my host/audit";
    named.timeZone = "Europe/Berlin";
    run(named);
    const std::vector<test::StoredMessage> messages = stored(m_stream);
    QCOMPARE(messages[0].header(headers::kMessageId), std::string("my%20host/audit:0-0"));
    QCOMPARE(messages[0].header(headers::kZone), std::string("Europe/Berlin"));

    // Of several files the name only stands in front: they would share offsets.
    named.paths.push_back(m_folder->write("b.log", test::joined(test::hdfsLines(3, 100))));
    run(named);
    const std::vector<test::StoredMessage> more = stored(m_stream);
    QCOMPARE(more.size(), std::size_t(9));
    QCOMPARE(more[8].header(headers::kMessageId).substr(0, 14), std::string("my%20host/audi"));
    QVERIFY(more[3].header(headers::kMessageId) != more[6].header(headers::kMessageId));
}

void TestHook::aCopyThatDiffersIsRefused()
{
    std::vector<std::string> lines = test::hdfsLines(100);
    run(options(RecordKind::Hdfs, {m_folder->write("a.log", test::joined(lines))}));
    std::swap(lines[98], lines[99]);
    lines.push_back("more");
    const HookOutcome outcome =
        run(options(RecordKind::Hdfs, {m_folder->write("b.log", test::joined(lines))}));
    QCOMPARE(outcome.records, std::uint64_t(0));
    QCOMPARE(outcome.problems.size(), std::size_t(1));
    QVERIFY2(outcome.problems[0].find("b.log begins like a log that was published before") !=
                 std::string::npos,
             outcome.problems[0].c_str());
}

void TestHook::twoHooksOnOneFile()
{
    HookOptions slow =
        options(RecordKind::Hdfs, {m_folder->write("audit.log", test::joined(test::hdfsLines(5'000)))});
    slow.recordsPerSecond = 500;
    test::HookThread first(slow);
    QVERIFY(first.waitForRecords(50));

    HookOptions second = slow;
    second.paths.push_back(m_folder->write("other.log", test::joined(test::hdfsLines(5, 100'000))));
    const HookOutcome outcome = run(second);
    QCOMPARE(outcome.records, std::uint64_t(5));
    QCOMPARE(outcome.problems.size(), std::size_t(1));
    QVERIFY2(outcome.problems[0].find("audit.log is being published by another hook") != std::string::npos,
             outcome.problems[0].c_str());
    first.requestStop();
    QVERIFY(bool(first.outcome()));
    second.recordsPerSecond = 0;
    QVERIFY(run(second).problems.empty());
}

void TestHook::wrongUse_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("words");
    QTest::newRow("no path") << "no path"
                             << "name a file or a folder";
    QTest::newRow("a path that leads nowhere") << "missing"
                                               << "there is no log";
    QTest::newRow("a bad prefix") << "prefix"
                                  << "`a b` cannot be what subjects begin with";
    QTest::newRow("a bad stream name") << "stream"
                                       << "`A.B` cannot be the name of a stream";
    QTest::newRow("an unknown zone") << "zone"
                                     << "Mars/Olympus";
}

void TestHook::wrongUse()
{
    QFETCH(QString, what);
    QFETCH(QString, words);
    HookOptions wrong = options(RecordKind::Hdfs, {m_folder->write("a.log", "x\n")});
    if (what == "no path")
        wrong.paths.clear();
    else if (what == "missing")
        wrong.paths = {*m_folder / "missing.log"};
    else if (what == "prefix")
        wrong.subjectPrefix = "a b";
    else if (what == "stream")
        wrong.stream = "A.B";
    else
        wrong.timeZone = "Mars/Olympus";
    const Result<HookOutcome> outcome = runHook(wrong, {});
    QVERIFY(!outcome);
    const QString message = QString::fromStdString(outcome.error().message());
    QVERIFY2(message.contains(words), qPrintable(message));
}

void TestHook::deadServer()
{
    HookOptions made = options(RecordKind::Hdfs, {m_folder->write("a.log", "x\n")});
    made.profile = profileFromUrl("nats://127.0.0.1:1");
    const Result<HookOutcome> outcome = runHook(made, {});
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::Unavailable);
    QVERIFY2(outcome.error().message().find("no NATS server answers at") == 0,
             outcome.error().message().c_str());
}

void TestHook::positionsOfSomethingElse()
{
    HookOptions made = options(RecordKind::Hdfs, {m_folder->write("a.log", "x\n")});
    m_folder->write("state/hook/" + m_stream + "/positions.sqlite", std::string(5'000, 'x'));
    const Result<HookOutcome> outcome = runHook(made, {});
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().message().find("opening the hook's positions") == 0,
             outcome.error().message().c_str());
}

QTEST_GUILESS_MAIN(TestHook)
#include "tst_hook.moc"
