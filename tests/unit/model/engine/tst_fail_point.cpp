// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/engine/fail_point.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kNever = std::chrono::milliseconds(24h);

std::vector<FakeMessage> plain(std::size_t count)
{
    std::vector<FakeMessage> messages(count);
    for (std::size_t i = 0; i < count; ++i)
        messages[i].payload = "key " + std::to_string(i + 1);
    return messages;
}

/// Acks into a file, so that they outlive the process.
class FileAcks final : public AckSink
{
public:
    explicit FileAcks(const std::filesystem::path& path)
        : m_path(path)
    {}
    Result<void> checkpointed(StreamSequence upTo) override
    {
        std::FILE* file = std::fopen(m_path.c_str(), "a");
        std::fprintf(file, "%llu\n", static_cast<unsigned long long>(upTo.value()));
        std::fclose(file);
        return {};
    }

private:
    std::filesystem::path m_path;
};

constexpr const char* kAsCollector = "--as-collector";
constexpr std::size_t kCollected = 100;

// This program as a collector: what dies is a whole process.
int collect(const std::filesystem::path& folder)
{
    const std::vector<FakeMessage> messages = plain(kCollected);
    FakeSource source(messages, 10);
    const OrderAnalyzer analyzer;
    FileAcks acks(folder / "acks");
    const auto store = SqliteCheckpointStore::open(folder / "state");
    Engine engine(analyzer, {.checkpointEvery = kNever, .checkpointEvents = 30});
    if (!store || !engine.restore(**store))
        return 1;
    return engine.run(source, {}, store->get(), &acks) ? 0 : 1;
}

} // namespace

class TestFailPoint : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { qunsetenv("JETLAG_FAIL_POINT"); }

    void wordsAreRead()
    {
        QVERIFY(!parseFailPoints("").ackBeforeCheckpoint);
        const FailPoints all = parseFailPoints("ack-before-checkpoint,someone-elses=3,hold-acks-ms=1500,"
                                               "kill-between-checkpoint-and-ack=2");
        QVERIFY(all.ackBeforeCheckpoint);
        QCOMPARE(all.killAfterCommit, 2u);
        QCOMPARE(all.holdAcks.count(), 1500);
        QCOMPARE(parseFailPoints("kill-between-checkpoint-and-ack").killAfterCommit, 1u);
        QVERIFY(!parseFailPoints("ack-before-checkpoints").ackBeforeCheckpoint);
    }

    void theMutantAcksWhatIsNotSaved()
    {
        qputenv("JETLAG_FAIL_POINT", "ack-before-checkpoint");
        const std::vector<FakeMessage> messages = plain(30);
        FakeSource source(messages, 10);
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.checkpointEvery = kNever, .checkpointEvents = UINT64_MAX});
        QVERIFY(engine.run(source, {}, &store, &acks));
        QCOMPARE(journal.entries(),
                 (std::vector<std::string>{"ack 10", "ack 20", "ack 30", "commit 30", "ack 30"}));
    }

    void killedBetweenCheckpointAndAck()
    {
        const TempFolder folder;
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("JETLAG_FAIL_POINT", "kill-between-checkpoint-and-ack=2");
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(),
                    {QString::fromUtf8(kAsCollector), QString::fromStdString(folder.path().string())});
        QVERIFY(child.waitForFinished(60'000));
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        QCOMPARE(child.exitCode(), SIGKILL);
        QCOMPARE(readFile(folder / "acks"), std::string("30\n"));

        // The lock went with the process; what was committed and not acked is there.
        auto store = SqliteCheckpointStore::open(folder / "state");
        QVERIFY2(store, store ? "" : store.error().message().c_str());
        const std::vector<FakeMessage> messages = plain(kCollected);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {});
        QVERIFY(engine.restore(**store));
        QCOMPARE(engine.result().lastSequence.value(), 60u);
        FakeSource rest(messages, 10, StreamSequence(61));
        QVERIFY(engine.run(rest, {}, store->get()));
        FakeSource whole(messages, 10);
        Engine undisturbed(analyzer, {});
        QVERIFY(undisturbed.run(whole, {}));
        QCOMPARE(engine.result().digest.toHex(), undisturbed.result().digest.toHex());
    }

    void heldAcksComeLate()
    {
        qputenv("JETLAG_FAIL_POINT", "hold-acks-ms=300");
        const std::vector<FakeMessage> messages = plain(10);
        FakeSource source(messages, 10);
        source.followsTail = true;
        Journal journal;
        std::chrono::steady_clock::time_point committedAt;
        FakeStore store(&journal);
        store.onCommit = [&](const CheckpointDelta&) { committedAt = std::chrono::steady_clock::now(); };
        FakeAcks acks(journal);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.checkpointEvery = 1ms});
        std::jthread thread([&](std::stop_token stop) {
            static_cast<void>(engine.run(source, std::move(stop), &store, &acks));
        });
        QVERIFY(waitUntil([&] { return journal.count("ack") == 1; })); // while idle, not at the end
        QVERIFY(std::chrono::steady_clock::now() - committedAt >= 300ms);
        QCOMPARE(journal.entries(), (std::vector<std::string>{"commit 10", "ack 10"}));
    }

    void heldAcksGoOutAtTheEnd()
    {
        qputenv("JETLAG_FAIL_POINT", "hold-acks-ms=3600000");
        const std::vector<FakeMessage> messages = plain(20);
        FakeSource source(messages, 10);
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.checkpointEvery = kNever, .checkpointEvents = 10});
        QVERIFY(engine.run(source, {}, &store, &acks));
        QCOMPARE(journal.entries(), (std::vector<std::string>{"commit 10", "commit 20", "ack 10", "ack 20"}));
    }
};

int main(int argc, char* argv[])
{
    if (argc == 3 && std::string_view(argv[1]) == kAsCollector)
        return collect(argv[2]);
    QCoreApplication application(argc, argv);
    TestFailPoint test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_fail_point.moc"
