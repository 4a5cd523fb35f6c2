// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_folder.h"

#include <QElapsedTimer>
#include <QTest>

#include "capture_helpers.h"
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
namespace fs = std::filesystem;

namespace {

/// The same messages in the process that writes and in the one that checks.
std::deque<Message> messagesFrom(MessageMaker& maker, int count)
{
    for (int i = 0; i < count; ++i)
        maker.addChained("application_1/1", "spark." + std::to_string(i % 3) + ".app", "app/1",
                         "{\"Event\":\"SparkListenerTaskEnd\",\"n\":" + std::to_string(i * 7919 % 10'007) +
                             '}');
    return maker.messages;
}

/// A child that writes a capture until it is killed, and tells through a pipe how many messages it has
/// handed to add() (without a wait) and how many of them were committed.
class KilledWriter final
{
public:
    struct Report
    {
        std::uint64_t taken = 0;
        std::uint64_t committed = 0;
    };

    KilledWriter(const fs::path& path, const std::deque<Message>& messages)
    {
        int ends[2];
        if (pipe(ends) != 0)
            qFatal("no pipe");
        m_child = fork();
        if (m_child == 0) {
            write(path, messages, ends[1]);
            _exit(1);
        }
        close(ends[1]);
        m_pipe = ends[0];
    }
    ~KilledWriter()
    {
        kill();
        close(m_pipe);
    }

    /// Reads reports until one satisfies `enough`; false after 30 s.
    bool waitFor(const auto& enough)
    {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 30'000) {
            pollfd waiting{m_pipe, POLLIN, 0};
            if (poll(&waiting, 1, 100) > 0 && read(m_pipe, &last, sizeof last) != sizeof last)
                return false;
            if (enough(last))
                return true;
        }
        return false;
    }

    void kill()
    {
        if (m_child <= 0)
            return;
        ::kill(m_child, SIGKILL);
        waitpid(m_child, nullptr, 0);
        m_child = -1;
        Report report;
        fcntl(m_pipe, F_SETFL, O_NONBLOCK);
        while (read(m_pipe, &report, sizeof report) == sizeof report)
            last = report;
    }

    Report last;

private:
    static void write(const fs::path& path, const std::deque<Message>& messages, int pipe)
    {
        Result<CaptureWriter> writer =
            CaptureWriter::open(path, {.commitEvery = std::chrono::milliseconds(40)});
        if (!writer)
            return;
        const auto stream = writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
        for (std::size_t i = 0; stream && i < messages.size(); i += 20) {
            if (!writer->add(*stream, batchOf(messages, i, i + 20)))
                return;
            const CaptureProgress progress = writer->progress();
            const Report report{progress.messages, progress.committedMessages};
            if (::write(pipe, &report, sizeof report) != sizeof report)
                return;
            usleep(200); // a stream that goes on for a while, so that the kill falls anywhere
        }
        // Never closes by itself; what was written last is committed later.
        while (true) {
            const CaptureProgress progress = writer->progress();
            const Report report{progress.messages, progress.committedMessages};
            if (::write(pipe, &report, sizeof report) != sizeof report)
                return;
            usleep(1'000);
        }
    }

    pid_t m_child = -1;
    int m_pipe = -1;
};

std::string errorOf(const auto& result)
{
    return result ? "no error" : result.error().message();
}

/// Runs `work` in a child without root's rights, for which read-only means it.
int asNobody(const auto& work)
{
    const pid_t child = fork();
    if (child == 0) {
        if (getuid() == 0 && (setgid(65'534) != 0 || setuid(65'534) != 0))
            _exit(99);
        _exit(work());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

} // namespace

class TestCaptureCrash : public QObject
{
    Q_OBJECT

private slots:
    void aKilledWriterLosesAtMostWhatItHadNotCommitted()
    {
        MessageMaker maker;
        const std::deque<Message> messages = messagesFrom(maker, 40'000);
        std::mt19937_64 random(5);
        std::uint64_t least = UINT64_MAX, most = 0;
        for (int round = 0; round < 12; ++round) {
            const TempFolder folder;
            KilledWriter writer(folder / "a.jetlag", messages);
            const std::uint64_t killAt = 200 + random() % 20'000;
            QVERIFY(writer.waitFor([killAt](const KilledWriter::Report& report) {
                return report.taken >= killAt && report.committed > 0;
            }));
            writer.kill();

            Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
            QVERIFY2(reader, errorOf(reader).c_str());
            const Result<CaptureInfo> info = reader->info();
            QVERIFY(info && !info->cleanClose && !info->beingWritten);
            QCOMPARE(info->wal, CaptureWal::Present);
            QVERIFY(!info->recovery.empty());
            const ReadBack got = readBack(*reader, "SPARK");
            QCOMPARE(difference(got, messages, writer.last.committed), std::string());
            QCOMPARE(got.damaged, std::size_t(0));
            QCOMPARE(info->messages, std::uint64_t(got.messages.size()));
            const Result<CaptureCheck> check = reader->check({});
            QVERIFY2(check && check->good(), check->findings.empty() ? "" : check->findings.front().c_str());
            least = std::min<std::uint64_t>(least, got.messages.size());
            most = std::max<std::uint64_t>(most, got.messages.size());
        }
        QVERIFY(least < most); // the kills fell at different moments
    }

    void aCrashedCaptureIsGoneOnWith()
    {
        MessageMaker maker;
        const std::deque<Message> messages = messagesFrom(maker, 60'000);
        const TempFolder folder;
        {
            KilledWriter writer(folder / "a.jetlag", messages);
            QVERIFY(
                writer.waitFor([](const KilledWriter::Report& report) { return report.committed > 500; }));
        }
        Result<CaptureWriter> writer =
            CaptureWriter::open(folder / "a.jetlag", {.ifExists = CaptureWriterOptions::IfExists::Append});
        QVERIFY2(writer, errorOf(writer).c_str());
        const Result<CaptureInfo> info = CaptureReader::open(folder / "a.jetlag")->info();
        const std::uint64_t had = info->messages;
        QVERIFY(had > 0 && had < messages.size());
        const auto stream =
            writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(had + 1)});
        QVERIFY2(stream, errorOf(stream).c_str());
        QVERIFY(writer->add(*stream, batchOf(messages, had)));
        QVERIFY(writer->close()->singleFile);
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QCOMPARE(difference(readBack(*reader, "SPARK"), messages), std::string());
        QVERIFY(reader->info()->cleanClose && reader->info()->recovery.empty());
        QVERIFY(reader->check({})->good());
    }

    void aMissingWalIsSaid()
    {
        MessageMaker maker;
        const std::deque<Message> messages = messagesFrom(maker, 6'000);
        const TempFolder folder;
        {
            KilledWriter writer(folder / "a.jetlag", messages);
            QVERIFY(
                writer.waitFor([](const KilledWriter::Report& report) { return report.committed > 1'500; }));
        }
        QVERIFY(fs::remove(folder / "a.jetlag-wal"));
        fs::remove(folder / "a.jetlag-shm");
        Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
        QVERIFY2(reader, errorOf(reader).c_str());
        const Result<CaptureInfo> info = reader->info();
        QCOMPARE(info->wal, CaptureWal::Missing);
        QVERIFY2(info->recovery.find("a.jetlag-wal is not beside it") != std::string::npos,
                 info->recovery.c_str());
        QVERIFY(info->messages < 1'500);
        // Asked again (SQLite has made an empty -wal meanwhile), it still says so.
        QCOMPARE(CaptureReader::open(folder / "a.jetlag")->info()->wal, CaptureWal::Missing);
    }

    void aReadOnlyFolderAfterACrash()
    {
        MessageMaker maker;
        const std::deque<Message> messages = messagesFrom(maker, 6'000);
        const TempFolder folder;
        std::uint64_t committed = 0;
        {
            KilledWriter writer(folder / "a.jetlag", messages);
            QVERIFY(
                writer.waitFor([](const KilledWriter::Report& report) { return report.committed > 1'500; }));
            writer.kill();
            committed = writer.last.committed;
        }
        const TempFolder temporary;
        fs::permissions(temporary.path(), fs::perms(0777));
        fs::remove(folder / "a.jetlag-shm"); // as after a copy to a read-only medium
        fs::permissions(folder.path(), fs::perms(0555));
        const int outcome = asNobody([&] {
            setenv("TMPDIR", temporary.path().c_str(), 1);
            Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
            if (!reader)
                return 1;
            const Result<CaptureInfo> info = reader->info();
            if (!info || !info->readFromCopy || info->wal != CaptureWal::Present)
                return 2;
            return difference(readBack(*reader, "SPARK"), messages, committed).empty() ? 0 : 3;
        });
        fs::permissions(folder.path(), fs::perms(0755));
        QCOMPARE(outcome, 0);
        // Nothing was changed there, and the copy is gone.
        QVERIFY(!fs::exists(folder / "a.jetlag-shm"));
        QVERIFY(fs::is_empty(temporary.path()));
    }

    void aReadOnlyFolderAfterACleanClose()
    {
        MessageMaker maker;
        const std::deque<Message> messages = messagesFrom(maker, 1'500);
        const TempFolder folder;
        Result<CaptureWriter> writer = CaptureWriter::open(folder / "a.jetlag");
        const auto stream = writer->addStream({.identity = identityOf("SPARK"), .first = StreamSequence(1)});
        QVERIFY(writer->add(*stream, batchOf(messages)));
        QVERIFY(writer->close());
        fs::permissions(folder.path(), fs::perms(0555));
        const int outcome = asNobody([&] {
            Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
            if (!reader || reader->info()->readFromCopy)
                return 1;
            if (CaptureWriter::open(folder / "a.jetlag",
                                    {.ifExists = CaptureWriterOptions::IfExists::Append}))
                return 2;
            return difference(readBack(*reader, "SPARK"), messages).empty() ? 0 : 3;
        });
        fs::permissions(folder.path(), fs::perms(0755));
        QCOMPARE(outcome, 0);
    }

    void aFileThatMayNotBeReadIsSaidSo()
    {
        const TempFolder folder;
        fs::permissions(folder.path(), fs::perms(0755));
        folder.write("a.jetlag", "secret");
        fs::permissions(folder / "a.jetlag", fs::perms(0200));
        const int outcome = asNobody([&] {
            const Result<CaptureReader> reader = CaptureReader::open(folder / "a.jetlag");
            return !reader && reader.error().code() == ErrorCode::Denied ? 0 : 1;
        });
        QCOMPARE(outcome, 0);
    }
};

QTEST_GUILESS_MAIN(TestCaptureCrash)
#include "tst_capture_crash.moc"
