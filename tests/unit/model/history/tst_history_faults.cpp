// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"
#include "tests/support/faulty_vfs.h"
#include "tests/unit/model/history/history_helpers.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

/// A child that keeps a history until it is killed, and tells through a pipe how many reports are written.
class KilledWriter final
{
public:
    explicit KilledWriter(const std::filesystem::path& file)
    {
        int ends[2];
        if (pipe(ends) != 0)
            qFatal("no pipe");
        m_child = fork();
        if (m_child == 0) {
            write(file, ends[1]);
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
    bool waitFor(int reports)
    {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 30'000) {
            pollfd waiting{m_pipe, POLLIN, 0};
            if (poll(&waiting, 1, 100) > 0 && read(m_pipe, &written, sizeof written) != sizeof written)
                return false;
            if (written >= reports)
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
        int report = 0;
        fcntl(m_pipe, F_SETFL, O_NONBLOCK);
        while (read(m_pipe, &report, sizeof report) == sizeof report)
            written = report;
    }
    int written = 0;

private:
    static void write(const std::filesystem::path& file, int pipe)
    {
        Result<HistoryWriter> writer = HistoryWriter::open(file);
        HistoryTails tails;
        Feed feed(1s, 50);
        for (int count = 1; writer && count < 1'000'000; ++count) {
            tails.add(feed.next());
            if (!writer->write(kConnection, tails, {}, feed.now()))
                return;
            if (::write(pipe, &count, sizeof count) != sizeof count)
                return;
        }
    }

    pid_t m_child = -1;
    int m_pipe = -1;
};

} // namespace

class TestHistoryFaults final : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder.emplace(); }

    void aKillLosesNothingWritten();
    void aFullDiskIsSaidAndOutlived();
    void aDiskThatStaysFullCostsTheOldest();
    void everyFailingWriteLeavesAWholeFile();
    void aDamagedBlockIsAGap();
    void aDamagedJournalIsSkipped();
    void whatIsNoHistoryIsRefused_data();
    void whatIsNoHistoryIsRefused();
    void aNewerFileIsRefused();
    void aPlaceThatCannotBeWrittenIsRefused();
    void aFileThatIsLockedIsSaid();

private:
    [[nodiscard]] std::filesystem::path file() const { return *m_folder / "history.sqlite"; }
    std::optional<TempFolder> m_folder;
};

void TestHistoryFaults::aKillLosesNothingWritten()
{
    for (const int after : {1, 40, 400}) {
        m_folder.emplace();
        int written = 0;
        {
            KilledWriter child(file());
            QVERIFY(child.waitFor(after));
            child.kill();
            written = child.written;
        }
        QVERIFY(written >= after);
        // The same reports again, to know what must be there.
        Feed feed(1s, 50);
        for (int i = 0; i < written; ++i)
            static_cast<void>(feed.next());
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        QVERIFY(writer);
        auto known = knownLags(file(), lagQuery(kReportTime, kReportTime + 24h));
        while (known.size() > feed.lags.size())
            known.erase(std::prev(known.end())); // one more may have been committed than was told
        QVERIFY(known == feed.lags);
        HistoryTails tails;
        QVERIFY(writer->takeUp(kConnection, tails));
        for (int i = 0; i < 700; ++i) { // and the next program goes on
            tails.add(feed.next());
            QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
        }
        known = knownLags(file(), lagQuery(kReportTime, feed.now()));
        QVERIFY(known == feed.lags);
    }
}

void TestHistoryFaults::aFullDiskIsSaidAndOutlived()
{
    FaultyVfs vfs;
    Result<HistoryWriter> writer = HistoryWriter::open(file(), {.vfs = vfs.name()});
    QVERIFY(writer);
    HistoryTails tails;
    Feed feed;
    const auto look = [&] {
        tails.add(feed.next());
        return writer->write(kConnection, tails, {}, feed.now());
    };
    for (int i = 0; i < 100; ++i)
        QVERIFY(look());
    vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    for (int i = 0; i < 600; ++i) {
        const Result<void> written = look();
        QVERIFY(!written);
        QVERIFY2(written.error().code() == ErrorCode::NoSpace, written.error().message().c_str());
    }
    QVERIFY(writer->write(kConnection, tails, {}, feed.now())
                .error()
                .message()
                .find("no space left on the disk for") != std::string::npos);
    vfs.heal();
    for (int i = 0; i < 100; ++i)
        QVERIFY(look());
    QCOMPARE(tails.samplesLost(), std::uint64_t{0});
    QVERIFY(knownLags(file(), lagQuery(kReportTime, feed.now())) == feed.lags);
}

void TestHistoryFaults::aDiskThatStaysFullCostsTheOldest()
{
    FaultyVfs vfs;
    Result<HistoryWriter> writer = HistoryWriter::open(file(), {.vfs = vfs.name()});
    HistoryTails tails;
    Feed feed;
    vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    for (int i = 0; i < 3600; ++i) {
        tails.add(feed.next());
        if (i % 10 == 0)
            QVERIFY(!writer->write(kConnection, tails, {}, feed.now()));
    }
    QVERIFY(tails.samplesLost() > 0);
    for (const auto& [name, row] : tails.rows())
        QVERIFY(row.tails.size() <= 4);
    vfs.heal();
    for (int i = 0; i < 10; ++i) {
        tails.add(feed.next());
        QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
    }
    const auto known = knownLags(file(), lagQuery(kReportTime, feed.now()));
    QVERIFY(known.size() >= 900 && known.size() < feed.lags.size());
    for (const auto& [at, lag] : known)
        QVERIFY(feed.lags.at(at) == lag);
}

void TestHistoryFaults::everyFailingWriteLeavesAWholeFile()
{
    for (const FaultyVfs::Fault fault :
         {FaultyVfs::Fault::DiskFull, FaultyVfs::Fault::IoError, FaultyVfs::Fault::CutShort}) {
        for (unsigned after = 0; after < 60; after += 3) {
            m_folder.emplace();
            FaultyVfs vfs;
            Feed feed(10s);
            std::map<std::int64_t, double> committed;
            {
                Result<HistoryWriter> writer = HistoryWriter::open(file(), {.vfs = vfs.name()});
                QVERIFY(writer);
                HistoryTails tails;
                bool failing = false;
                for (int i = 0; i < 200; ++i) {
                    if (i == 70) {
                        vfs.failWrites(after, fault);
                        failing = true;
                    }
                    tails.add(feed.next());
                    if (writer->write(kConnection, tails, {}, feed.now()))
                        committed = feed.lags;
                    else
                        QVERIFY(failing);
                }
                QVERIFY(vfs.failures() > 0);
                vfs.heal();
            }
            Result<HistoryWriter> writer = HistoryWriter::open(file());
            QVERIFY(writer);
            const auto known = knownLags(file(), lagQuery(kReportTime, feed.now()));
            for (const auto& [at, lag] : committed)
                QVERIFY(known.contains(at) && known.at(at) == lag);
        }
    }
}

void TestHistoryFaults::aDamagedBlockIsAGap()
{
    Feed feed;
    {
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        HistoryTails tails;
        for (int i = 0; i < 1500; ++i) {
            tails.add(feed.next());
            QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
        }
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        QVERIFY(other->execute("UPDATE blocks SET data=zeroblob(50)"));
        for (int i = 0; i < 1500; ++i) { // new buckets go into a block begun anew
            tails.add(feed.next());
            QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
        }
        QVERIFY(writer->damagedBlocks() > 0);
    }
    const auto known = knownLags(file(), lagQuery(kReportTime, feed.now()));
    QVERIFY(known.size() >= 1500 && known.size() < 3000);
    for (const auto& [at, lag] : known)
        QVERIFY(feed.lags.at(at) == lag);
}

void TestHistoryFaults::aDamagedJournalIsSkipped()
{
    Feed feed;
    {
        Result<HistoryWriter> writer = HistoryWriter::open(file());
        HistoryTails tails;
        for (int i = 0; i < 50; ++i) {
            tails.add(feed.next());
            QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
        }
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        QVERIFY(other->execute("UPDATE journal SET data=zeroblob(9) WHERE id>160"));
    }
    Result<HistoryWriter> writer = HistoryWriter::open(file());
    HistoryTails tails;
    QVERIFY(writer->takeUp(kConnection, tails));
    QCOMPARE(writer->damagedBlocks(), std::uint64_t{40}); // four rows, each in a part of its own
    QCOMPARE(knownLags(file(), lagQuery(kReportTime, feed.now())).size(), std::size_t{40});
}

void TestHistoryFaults::whatIsNoHistoryIsRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("text") << QByteArray(5000, 'x');
    QTest::newRow("a header and nothing") << QByteArray("SQLite format 3\0", 16);
    QTest::newRow("a header and nonsense") << QByteArray("SQLite format 3\0", 16) + QByteArray(9000, '\x7f');
}

void TestHistoryFaults::whatIsNoHistoryIsRefused()
{
    QFETCH(QByteArray, content);
    m_folder->write("history.sqlite", content.toStdString());
    const Result<HistoryWriter> writer = HistoryWriter::open(file());
    QVERIFY(!writer);
    QVERIFY2(writer.error().code() == ErrorCode::Corrupt, writer.error().message().c_str());
    QVERIFY(writer.error().message().find("history.sqlite") != std::string::npos);
    QVERIFY(!HistoryReader::open(file()));
    QVERIFY(readFile(file()) == content.toStdString()); // as it was
}

void TestHistoryFaults::aNewerFileIsRefused()
{
    {
        QVERIFY(HistoryWriter::open(file()));
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        QVERIFY(other->execute("PRAGMA user_version=99"));
    }
    const Result<HistoryWriter> writer = HistoryWriter::open(file());
    QVERIFY(writer.error().code() == ErrorCode::Unsupported);
    QVERIFY(writer.error().message().find("newer Jetlag") != std::string::npos);
    QVERIFY(HistoryReader::open(file()).error().code() == ErrorCode::Unsupported);
    {
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        QVERIFY(other->execute("PRAGMA user_version=1; PRAGMA application_id=7"));
    }
    QVERIFY(HistoryWriter::open(file()).error().code() == ErrorCode::Conflict);
}

void TestHistoryFaults::aPlaceThatCannotBeWrittenIsRefused()
{
    m_folder->write("in-the-way", "");
    const Result<HistoryWriter> writer = HistoryWriter::open(*m_folder / "in-the-way/jetlag/history.sqlite");
    QVERIFY(!writer);
    QVERIFY2(writer.error().message().find("cannot be opened") != std::string::npos,
             writer.error().message().c_str());
    if (geteuid() == 0)
        QSKIP("root may write everywhere");
    std::filesystem::permissions(m_folder->path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const Result<HistoryWriter> denied = HistoryWriter::open(file());
    std::filesystem::permissions(m_folder->path(), std::filesystem::perms::owner_all);
    QVERIFY(denied.error().code() == ErrorCode::Denied);
}

void TestHistoryFaults::aFileThatIsLockedIsSaid()
{
    Result<HistoryWriter> writer = HistoryWriter::open(file(), {.busyTimeout = 10ms});
    HistoryTails tails;
    Feed feed;
    tails.add(feed.next());
    {
        Result<sqlite::Connection> other = sqlite::Connection::open(file());
        Result<sqlite::Transaction> held = sqlite::Transaction::begin(*other);
        const Result<void> written = writer->write(kConnection, tails, {}, feed.now());
        QVERIFY(written.error().code() == ErrorCode::Conflict);
    }
    QVERIFY(writer->write(kConnection, tails, {}, feed.now()));
    QVERIFY(knownLags(file(), lagQuery(kReportTime, feed.now())) == feed.lags);
}

QTEST_GUILESS_MAIN(TestHistoryFaults)
#include "tst_history_faults.moc"
