// SPDX-License-Identifier: Apache-2.0
#include "model/base/child_process.h"
#include "model/record/headers.h"
#include "nats/hook/hook.h"
#include "tests/support/broker.h"
#include "tests/support/hook_run.h"
#include "tests/support/temp_folder.h"

#include <QCoreApplication>
#include <QTest>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

using namespace jetlag;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kChildArgument = "--hook";

// `--hook URL STATE FILE RATE`: a hook in a process of its own, to be killed.
int hookProcess(char** argv)
{
    HookOptions options;
    options.profile = profileFromUrl(argv[2]);
    options.kind = RecordKind::Hdfs;
    options.stateFolder = argv[3];
    options.paths = {argv[4]};
    options.recordsPerSecond = std::stod(argv[5]);
    options.saveEvery = 50ms;
    const Result<HookOutcome> outcome = runHook(options, {});
    return outcome && outcome->problems.empty() ? 0 : 1;
}

std::uint64_t storedIn(const std::string& streamInfo)
{
    const std::size_t at = streamInfo.find("\"messages\":");
    return at == std::string::npos ? 0 : std::stoull(streamInfo.substr(at + 11));
}

std::uint64_t storedCount(test::TestClient& client, const std::string& stream)
{
    return storedIn(client.api("STREAM.INFO." + stream));
}

/// 0 while there is no such stream, or nobody answers.
std::uint64_t storedCountSoFar(test::TestClient& client, const std::string& stream)
{
    const Result<std::string> info = client.tryApi("STREAM.INFO." + stream);
    return info ? storedIn(*info) : 0;
}

/// When nobody publishes any more: what is on its way to the stream is stored within some looks.
std::uint64_t settledCount(test::TestClient& client, const std::string& stream)
{
    constexpr int kLooks = 20;
    std::uint64_t count = storedCount(client, stream);
    int same = 0;
    (void)test::waitUntil([&] {
        const std::uint64_t now = storedCount(client, stream);
        same = now == count ? same + 1 : 0;
        count = now;
        return same >= kLooks;
    });
    return count;
}

} // namespace

/// A hook whose broker dies, refuses, is not allowed, or that is killed itself.
class TestHookOutage : public QObject
{
    Q_OBJECT
private slots:
    void brokerKilledAndRestarted();
    void hookKilledAndRestarted();
    void leaderOfAClusterKilled();
    void stopDuringAnOutage();
    void outageThatDoesNotEnd();
    void messagesLostWithTheBroker();
    void streamThatIsFull();
    void streamThatIsFullForEver();
    void streamDeletedForGood();
    void subjectsThatMovedToAnotherStream();
    void mayNotPublish();
    void mayNotReceiveAcks();
    void mayNotCreate();
    void wrongPassword();
    void messageLargerThanTheStreamTakes();

private:
    static HookOptions options(const ConnectionProfile& profile, const test::TempFolder& folder,
                               const fs::path& path);
    static void verifyWhole(test::TestClient& client, const std::vector<std::string>& lines);
};

HookOptions TestHookOutage::options(const ConnectionProfile& profile, const test::TempFolder& folder,
                                    const fs::path& path)
{
    HookOptions made;
    made.profile = profile;
    made.kind = RecordKind::Hdfs;
    made.paths = {path};
    made.stateFolder = folder / "state";
    made.saveEvery = 50ms;
    return made;
}

// Everything is there, in file order for the core, and nothing waits for what will not come.
void TestHookOutage::verifyWhole(test::TestClient& client, const std::vector<std::string>& lines)
{
    const test::AssembledRecords assembled = test::assemble(test::readStream(client.connection(), "HDFS"));
    QCOMPARE(assembled.counters.parked, std::uint64_t(0));
    QCOMPARE(assembled.counters.lost, std::uint64_t(0));
    QCOMPARE(assembled.counters.chainGaps, std::uint64_t(0));
    QCOMPARE(assembled.records.size(), lines.size());
    // Parked ones come later than others, but never out of order within a key.
    std::map<std::string, std::vector<std::string>> expected;
    std::map<std::string, std::vector<std::string>> found;
    for (std::size_t i = 0; i < lines.size(); ++i)
        expected[fmt::format("user{}", i % 10)].push_back(lines[i]);
    for (const auto& record : assembled.records)
        found[record.key].push_back(record.payload);
    QVERIFY(found == expected);
}

void TestHookOutage::brokerKilledAndRestarted()
{
    test::Broker broker;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(30'000);
    HookOptions made = options(broker.profile(), folder, folder.write("audit.log", test::joined(lines)));
    made.recordsPerSecond = 15'000;
    test::HookThread hook(made);
    std::uint64_t atLeast = 3'000;
    for (int round = 0; round < 3; ++round) {
        QVERIFY(hook.waitForRecords(atLeast));
        broker.kill9();
        QVERIFY(test::waitUntil([&] { return !hook.progress().trouble.empty(); }));
        QVERIFY(!hook.isFinished());
        broker.restart();
        atLeast = hook.progress().records + 3'000;
    }
    const auto outcome = hook.outcome();
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    QCOMPARE(outcome->records, std::uint64_t(30'000));
    QVERIFY(outcome->problems.empty());
    test::TestClient client = broker.client();
    verifyWhole(client, lines);
    QCOMPARE(storedCount(client, "HDFS"), std::uint64_t(30'000));
}

void TestHookOutage::hookKilledAndRestarted()
{
    test::Broker broker;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(20'000);
    const fs::path path = folder.write("audit.log", test::joined(lines));
    test::TestClient client = broker.client();
    ChildSpec spec;
    spec.program = QCoreApplication::applicationFilePath().toStdString();
    spec.arguments = {std::string(kChildArgument), broker.url(), (folder / "state").string(), path.string(),
                      "8000"};
    std::uint64_t before = 0;
    for (int round = 0; round < 3; ++round) {
        Result<ChildProcess> child = ChildProcess::start(spec);
        QVERIFY(bool(child));
        QVERIFY(test::waitUntil([&] { return storedCountSoFar(client, "HDFS") > before + 2'000; }));
        child->kill();
        before = settledCount(client, "HDFS");
        QVERIFY(before > 0 && before < 20'000);
    }
    const auto outcome = runHook(options(broker.profile(), folder, path), {});
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    // It went on where the last saved position was, and sent again what came after it.
    QVERIFY(outcome->skippedRecords > 0);
    QVERIFY(outcome->skippedRecords <= before);
    QCOMPARE(outcome->skippedRecords + outcome->records, std::uint64_t(20'000));
    QCOMPARE(outcome->duplicates, before - outcome->skippedRecords);
    QCOMPARE(storedCount(client, "HDFS"), std::uint64_t(20'000));
    verifyWhole(client, lines);
}

void TestHookOutage::leaderOfAClusterKilled()
{
    test::BrokerCluster cluster;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(12'000);
    cluster.client().createStream("{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"num_replicas\":3,"
                                  "\"allow_direct\":true,\"duplicate_window\":120000000000}");
    cluster.waitForLeaders();
    // The hook knows only the server that dies; that one told it of the others.
    const std::size_t leader = cluster.streamLeader("HDFS");
    HookOptions made =
        options(profileFromUrl(cluster.url(leader)), folder, folder.write("audit.log", test::joined(lines)));
    made.recordsPerSecond = 3'000;
    made.ackWait = 2s;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(2'000));
    cluster.kill9(leader);
    const std::uint64_t atKill = hook.progress().records;
    QVERIFY(hook.waitForRecords(std::min<std::uint64_t>(atKill + 3'000, 12'000)));
    cluster.restart(leader);
    const auto outcome = hook.outcome();
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    QCOMPARE(outcome->records, std::uint64_t(12'000));
    cluster.waitForLeaders();
    // A replica that was down may answer a direct get before it has caught up: ask until it has.
    test::TestClient client = cluster.client();
    QVERIFY(test::waitUntil([&] {
        return test::assemble(test::readStream(client.connection(), "HDFS")).records.size() == lines.size();
    }));
    verifyWhole(client, lines);
}

void TestHookOutage::stopDuringAnOutage()
{
    test::Broker broker;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(20'000);
    HookOptions made = options(broker.profile(), folder, folder.write("audit.log", test::joined(lines)));
    made.recordsPerSecond = 5'000;
    made.stopPatience = 300ms;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(1'000));
    broker.kill9();
    QVERIFY(test::waitUntil([&] { return !hook.progress().trouble.empty(); }));
    hook.requestStop();
    const auto outcome = hook.outcome(); // fails when it does not end
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    QVERIFY(outcome->stopped);
    QVERIFY(outcome->records >= 1'000);
    const std::uint64_t acked = outcome->records;
    for (const std::string& problem : outcome->problems)
        QVERIFY2(problem.find("sent but not confirmed; the next run sends them again") != std::string::npos,
                 problem.c_str());

    broker.restart();
    made.recordsPerSecond = 0;
    const auto rest = runHook(made, {});
    QVERIFY2(bool(rest), rest ? "" : rest.error().message().c_str());
    QCOMPARE(rest->skippedRecords, acked);
    test::TestClient client = broker.client();
    verifyWhole(client, lines);
}

void TestHookOutage::outageThatDoesNotEnd()
{
    test::Broker broker;
    const test::TempFolder folder;
    HookOptions made =
        options(broker.profile(), folder, folder.write("audit.log", test::joined(test::hdfsLines(20'000))));
    made.recordsPerSecond = 5'000;
    made.patience = 500ms;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(1'000));
    broker.kill9();
    const auto outcome = hook.outcome();
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::Unavailable);
    const QString words = QString::fromStdString(outcome.error().message());
    QVERIFY2(words.contains("records were stored before, and the position is kept"), qPrintable(words));
}

void TestHookOutage::messagesLostWithTheBroker()
{
    // A stream in memory is the same stream after a restart, and empty.
    test::Broker broker;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(500);
    broker.client().createStream(
        "{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"storage\":\"memory\",\"allow_direct\":true}");
    const HookOptions made =
        options(broker.profile(), folder, folder.write("audit.log", test::joined(lines)));
    QCOMPARE(runHook(made, {})->records, std::uint64_t(500));
    broker.kill9();
    broker.restart();
    const auto again = runHook(made, {});
    QVERIFY2(bool(again), again ? "" : again.error().message().c_str());
    QCOMPARE(again->records, std::uint64_t(500));
    test::TestClient client = broker.client();
    verifyWhole(client, lines);
}

void TestHookOutage::streamThatIsFull()
{
    test::Broker broker;
    const test::TempFolder folder;
    const std::vector<std::string> lines = test::hdfsLines(3'000);
    test::TestClient client = broker.client();
    client.createStream("{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"max_msgs\":1000,\"discard\":\"new\","
                        "\"allow_direct\":true}");
    test::HookThread hook(options(broker.profile(), folder, folder.write("audit.log", test::joined(lines))));
    QVERIFY(test::waitUntil(
        [&] { return hook.progress().trouble.find("takes no more messages") != std::string::npos; }));
    QVERIFY2(hook.progress().trouble.find("HDFS takes no more messages (maximum messages exceeded)") !=
                 std::string::npos,
             hook.progress().trouble.c_str());
    // All of the first burst is answered; from now on one message at a time asks for room.
    QVERIFY(test::waitUntil([&] { return hook.progress().resent > 0; }));
    QCOMPARE(hook.progress().records, std::uint64_t(1'000));
    QVERIFY(!hook.isFinished());
    client.api("STREAM.UPDATE.HDFS",
               "{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"max_msgs\":-1,\"discard\":\"new\","
               "\"allow_direct\":true}");
    const auto outcome = hook.outcome();
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    QCOMPARE(outcome->records, std::uint64_t(3'000));
    // Room came at once: so even in the stream itself all is in order.
    const std::vector<test::StoredMessage> messages = test::readStream(client.connection(), "HDFS");
    QCOMPARE(messages.size(), lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        QCOMPARE(messages[i].payload, lines[i]);
}

void TestHookOutage::streamThatIsFullForEver()
{
    test::Broker broker;
    const test::TempFolder folder;
    broker.client().createStream(
        "{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"max_msgs\":100,\"discard\":\"new\"}");
    HookOptions made =
        options(broker.profile(), folder, folder.write("audit.log", test::joined(test::hdfsLines(300))));
    made.patience = 300ms;
    const auto outcome = runHook(made, {});
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::NoSpace);
    const QString words = QString::fromStdString(outcome.error().message());
    QVERIFY2(words.contains("stream HDFS takes no more messages (maximum messages exceeded)"),
             qPrintable(words));
    QVERIFY2(words.contains("100 records were stored before"), qPrintable(words));
}

void TestHookOutage::streamDeletedForGood()
{
    test::Broker broker;
    const test::TempFolder folder;
    HookOptions made =
        options(broker.profile(), folder, folder.write("audit.log", test::joined(test::hdfsLines(20'000))));
    made.recordsPerSecond = 5'000;
    made.patience = 500ms;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(500));
    broker.client().api("STREAM.DELETE.HDFS");
    const auto outcome = hook.outcome();
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().code() == ErrorCode::NotFound, outcome.error().message().c_str());
}

void TestHookOutage::subjectsThatMovedToAnotherStream()
{
    test::Broker broker;
    const test::TempFolder folder;
    HookOptions made =
        options(broker.profile(), folder, folder.write("audit.log", test::joined(test::hdfsLines(20'000))));
    made.recordsPerSecond = 5'000;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(500));
    test::TestClient client = broker.client();
    client.api("STREAM.DELETE.HDFS");
    client.createStream("{\"name\":\"OTHER\",\"subjects\":[\"hdfs.>\"],\"allow_direct\":true}");
    const auto outcome = hook.outcome();
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().code() == ErrorCode::Conflict, outcome.error().message().c_str());
    QVERIFY2(outcome.error().message().find("go to another stream") != std::string::npos,
             outcome.error().message().c_str());
    // What was meant for one stream is not stored by another.
    QCOMPARE(storedCount(client, "OTHER"), std::uint64_t(0));
}

namespace {

test::BrokerOptions users(const std::string& permissions)
{
    return {.extraConfig = "authorization { users: [ {user: all, password: all}, {user: me, password: me, "
                           "permissions: { " +
                           permissions + " }} ] }"};
}

ConnectionProfile as(const test::Broker& broker, const std::string& user, const std::string& password)
{
    return profileFromUrl(fmt::format("nats://{}:{}@127.0.0.1:{}", user, password, broker.port()));
}

} // namespace

void TestHookOutage::mayNotPublish()
{
    test::Broker broker(users("publish: {allow: [\"$JS.API.>\", \"hdfs.7.>\"]}"));
    const test::TempFolder folder;
    const auto outcome = runHook(options(as(broker, "me", "me"), folder,
                                         folder.write("audit.log", test::joined(test::hdfsLines(300)))),
                                 {});
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::Denied);
    QVERIFY2(outcome.error().message().find("this account may not publish to hdfs.") == 0,
             outcome.error().message().c_str());
}

void TestHookOutage::mayNotReceiveAcks()
{
    test::Broker broker(users("subscribe: {allow: [\"nowhere\"]}"));
    const test::TempFolder folder;
    HookOptions made = options(as(broker, "me", "me"), folder, folder.write("audit.log", "x\n"));
    const auto outcome = runHook(made, {});
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().code() == ErrorCode::Denied, outcome.error().message().c_str());
}

void TestHookOutage::mayNotCreate()
{
    test::Broker broker(users("publish: {deny: [\"$JS.API.STREAM.CREATE.>\"]}"));
    const test::TempFolder folder;
    const HookOptions made = options(as(broker, "me", "me"), folder, folder.write("audit.log", "x\n"));
    const auto outcome = runHook(made, {});
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().code() == ErrorCode::Denied, outcome.error().message().c_str());
    QVERIFY2(outcome.error().message().find("creating stream HDFS") != std::string::npos,
             outcome.error().message().c_str());
    // Somebody who may creates it; then that right is not needed.
    test::TestClient(as(broker, "all", "all"))
        .createStream("{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"allow_direct\":true}");
    const auto again = runHook(made, {});
    QVERIFY2(bool(again), again ? "" : again.error().message().c_str());
    QCOMPARE(again->records, std::uint64_t(1));
}

void TestHookOutage::wrongPassword()
{
    test::Broker broker(users(""));
    const test::TempFolder folder;
    const auto outcome =
        runHook(options(as(broker, "me", "wrong"), folder, folder.write("audit.log", "x\n")), {});
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code() == ErrorCode::Denied);
    QVERIFY2(outcome.error().message().find("refused the login") != std::string::npos,
             outcome.error().message().c_str());
}

void TestHookOutage::messageLargerThanTheStreamTakes()
{
    test::Broker broker;
    const test::TempFolder folder;
    test::TestClient client = broker.client();
    client.createStream(
        "{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"max_msg_size\":100000,\"allow_direct\":true}");
    std::vector<std::string> lines = test::hdfsLines(20'000);
    HookOptions made = options(broker.profile(), folder, folder.write("1.log", test::joined(lines)));
    const fs::path other = folder.write("2.log", test::joined(test::hdfsLines(5, 100'000)));
    made.paths.push_back(other);
    made.recordsPerSecond = 5'000;
    test::HookThread hook(made);
    QVERIFY(hook.waitForRecords(500));
    // The limit is lowered while the hook cuts its messages by the old one.
    client.api("STREAM.UPDATE.HDFS", "{\"name\":\"HDFS\",\"subjects\":[\"hdfs.>\"],\"max_msg_size\":100,"
                                     "\"allow_direct\":true}");
    const auto outcome = hook.outcome();
    QVERIFY2(bool(outcome), outcome ? "" : outcome.error().message().c_str());
    QCOMPARE(outcome->problems.size(), std::size_t(2));
    QVERIFY2(outcome->problems[0].find("1.log: a message is larger than stream HDFS takes") !=
                 std::string::npos,
             outcome->problems[0].c_str());
    QVERIFY(outcome->records >= 500 && outcome->records < 20'000);
}

int main(int argc, char** argv)
{
    if (argc == 6 && argv[1] == kChildArgument)
        return hookProcess(argv);
    QCoreApplication application(argc, argv);
    TestHookOutage test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_hook_outage.moc"
