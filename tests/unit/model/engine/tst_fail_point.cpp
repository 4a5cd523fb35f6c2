// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/engine/fail_point.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

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
        const std::vector<FakeMessage> messages = plain(100);
        const auto acksFile = folder / "acks";
        const pid_t child = fork();
        if (child == 0) {
            qputenv("JETLAG_FAIL_POINT", "kill-between-checkpoint-and-ack=2");
            FakeSource source(messages, 10);
            const OrderAnalyzer analyzer;
            FileAcks acks(acksFile);
            auto store = SqliteCheckpointStore::open(folder / "state");
            Engine engine(analyzer, {.checkpointEvery = kNever, .checkpointEvents = 30});
            if (store && engine.restore(**store))
                static_cast<void>(engine.run(source, {}, store->get(), &acks));
            _exit(7); // it should not come here
        }
        QVERIFY(child > 0);
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGKILL);
        QCOMPARE(readFile(acksFile), std::string("30\n"));

        // The lock went with the process; what was committed and not acked is there.
        auto store = SqliteCheckpointStore::open(folder / "state");
        QVERIFY2(store, store ? "" : store.error().message().c_str());
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

QTEST_GUILESS_MAIN(TestFailPoint)
#include "tst_fail_point.moc"
