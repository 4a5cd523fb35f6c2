// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/connection.h"
#include "model/sqlite/transaction.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <limits>
#include <string>

using namespace jetlag;
using namespace jetlag::sqlite;
using jetlag::test::FaultyVfs;
using jetlag::test::TempFolder;

namespace {

constexpr auto kTable = "CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT, bytes BLOB)";

std::int64_t rowsOf(Connection& connection)
{
    return connection.queryInteger("SELECT count(*) FROM t").value();
}

} // namespace

class TestSqliteConnection : public QObject
{
    Q_OBJECT

private slots:
    void valuesComeBackAsTheyWere()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "a.db").value();
        QVERIFY(connection.execute("CREATE TABLE v(i, u, r, t, b, n, e)"));
        const std::string bytes("\0\xff'\n", 4);
        Statement insert = connection.prepare("INSERT INTO v VALUES(?1,?2,?3,?4,?5,?6,?7)").value();
        QVERIFY(insert.run(std::numeric_limits<std::int64_t>::min(),
                           std::numeric_limits<std::uint64_t>::max(), 0.5, std::string_view(bytes),
                           Blob{bytes}, nullptr, std::string_view()));
        Statement select = connection.prepare("SELECT * FROM v").value();
        QVERIFY(select.step().value());
        QCOMPARE(select.integer(0), std::numeric_limits<std::int64_t>::min());
        QCOMPARE(select.unsignedInteger(1), std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(select.real(2), 0.5);
        QVERIFY(select.text(3) == bytes);
        QVERIFY(select.blob(4) == bytes);
        QVERIFY(select.isNull(5));
        QVERIFY(!select.isNull(6)); // an empty view is the empty text, not NULL
        QVERIFY(!select.step().value());
    }

    void statementRunsAgainAndAgain()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "a.db").value();
        QVERIFY(connection.execute(kTable));
        Statement insert = connection.prepare("INSERT INTO t VALUES(?1, ?2, ?3)").value();
        for (int i = 0; i < 5; ++i)
            QVERIFY(insert.run(i, "x", Blob{""}));
        const Result<void> again = insert.run(4, "x", Blob{""});
        QVERIFY(!again);
        QVERIFY(again.error().code() == ErrorCode::Exists);
        QVERIFY(insert.run(5, "x", Blob{""})); // usable after an error
        QCOMPARE(rowsOf(connection), 6);
    }

    void tooManyValuesAreAnError()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "a.db").value();
        Statement select = connection.prepare("SELECT ?1").value();
        const Result<void> wrong = select.run(1, 2);
        QVERIFY(!wrong);
        QVERIFY(wrong.error().code() == ErrorCode::Internal);
        QVERIFY(select.run(1));
    }

    void forgottenTransactionIsRolledBack()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "a.db").value();
        QVERIFY(connection.execute(kTable));
        {
            const Transaction forgotten = Transaction::begin(connection).value();
            QVERIFY(connection.execute("INSERT INTO t VALUES(1, '', '')"));
            QVERIFY(connection.inTransaction());
        }
        QVERIFY(!connection.inTransaction());
        QCOMPARE(rowsOf(connection), 0);
        Transaction kept = Transaction::begin(connection).value();
        QVERIFY(connection.execute("INSERT INTO t VALUES(1, '', '')"));
        QVERIFY(kept.commit());
        QCOMPARE(rowsOf(connection), 1);
    }

    void missingFileIsNotFound()
    {
        const TempFolder folder;
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
            const Result<Connection> missing = Connection::open(folder / "none.db", {.mode = mode});
            QVERIFY(!missing);
            QVERIFY(missing.error().code() == ErrorCode::NotFound);
            QVERIFY(missing.error().message().find("none.db") != std::string::npos);
        }
        const Result<Connection> noFolder = Connection::open(folder / "no/such/folder.db");
        QVERIFY(!noFolder);
        QVERIFY(noFolder.error().code() == ErrorCode::NotFound);
    }

    void otherFilesAreRefused()
    {
        const TempFolder folder;
        const Result<Connection> text = Connection::open(folder.write("text.db", std::string(4096, 'x')));
        QVERIFY(!text);
        QVERIFY(text.error().code() == ErrorCode::Corrupt);
        QVERIFY2(text.error().message().ends_with("text.db is not a SQLite database"),
                 text.error().message().c_str());
    }

    void damagedFileIsFound()
    {
        const TempFolder folder;
        const auto path = folder / "a.db";
        {
            Connection connection = Connection::open(path).value();
            QVERIFY(connection.execute(kTable));
            QVERIFY(connection.execute("CREATE INDEX textIndex ON t(text)"));
            Statement insert = connection.prepare("INSERT INTO t VALUES(?1, ?2, '')").value();
            for (int i = 0; i < 500; ++i)
                QVERIFY(insert.run(i, std::string_view("some text that fills pages")));
            QVERIFY(connection.quickCheck());
        }
        std::string bytes = jetlag::test::readFile(path);
        for (std::size_t i = 4096 + 8; i < bytes.size(); i += 97)
            bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
        folder.write("a.db", bytes);
        Result<Connection> damaged = Connection::open(path);
        const Result<void> checked = damaged ? damaged->quickCheck() : damaged.error();
        QVERIFY(!checked);
        QVERIFY(checked.error().code() == ErrorCode::Corrupt);
    }

    void readOnlyNeverWrites()
    {
        const TempFolder folder;
        QVERIFY(Connection::open(folder / "a.db").value().execute(kTable));
        Connection reader = Connection::open(folder / "a.db", {.mode = OpenMode::ReadOnly}).value();
        const Result<void> refused = reader.execute("INSERT INTO t VALUES(1, '', '')");
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Denied);
    }

    void secondWriterMeetsConflict()
    {
        const TempFolder folder;
        Connection first = Connection::open(folder / "a.db", {.journal = Journal::Wal}).value();
        QVERIFY(first.execute(kTable));
        const Transaction writing = Transaction::begin(first).value();
        Connection second =
            Connection::open(folder / "a.db", {.busyTimeout = std::chrono::milliseconds(1)}).value();
        const Result<Transaction> refused = Transaction::begin(second);
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Conflict);
    }

    void walBecomesOneFile()
    {
        const TempFolder folder;
        const auto wal = folder / "a.db-wal";
        Connection connection = Connection::open(folder / "a.db", {.journal = Journal::Wal}).value();
        QVERIFY(connection.execute(kTable));
        QVERIFY(std::filesystem::file_size(wal) > 0);
        QVERIFY(connection.checkpointWal());
        QCOMPARE(std::filesystem::file_size(wal), 0u);
        {
            Connection reader = Connection::open(folder / "a.db", {.mode = OpenMode::ReadOnly}).value();
            QCOMPARE(rowsOf(reader), 0);
            const Result<void> refused = connection.leaveWal();
            QVERIFY(!refused);
            QVERIFY(refused.error().code() == ErrorCode::Conflict);
        }
        QVERIFY(connection.leaveWal());
        QVERIFY(!std::filesystem::exists(wal));
    }

    void faultsOfTheDisk_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("code");
        QTest::newRow("disk full") << int(FaultyVfs::Fault::DiskFull) << int(ErrorCode::NoSpace);
        QTest::newRow("I/O error") << int(FaultyVfs::Fault::IoError) << int(ErrorCode::Io);
        QTest::newRow("write cut short") << int(FaultyVfs::Fault::CutShort) << int(ErrorCode::Io);
    }
    // Whichever write fails, the transaction is whole or not there at all.
    void faultsOfTheDisk()
    {
        QFETCH(int, fault);
        QFETCH(int, code);
        unsigned failedRuns = 0;
        for (unsigned after = 0;; ++after) {
            const TempFolder folder;
            FaultyVfs vfs;
            bool committed = false;
            {
                Connection connection =
                    Connection::open(folder / "a.db", {.journal = Journal::Wal, .vfs = vfs.name()}).value();
                QVERIFY(connection.execute(kTable));
                vfs.failWrites(after, static_cast<FaultyVfs::Fault>(fault));
                Transaction transaction = Transaction::begin(connection).value();
                Result<void> done = connection.execute("INSERT INTO t VALUES(1, 'one', zeroblob(20000))");
                if (done)
                    done = transaction.commit();
                committed = done.hasValue();
                if (!committed)
                    QCOMPARE(int(done.error().code()), code);
                QCOMPARE(committed, vfs.failures() == 0);
                vfs.heal();
            }
            failedRuns += committed ? 0 : 1;
            Connection again = Connection::open(folder / "a.db").value();
            QVERIFY(again.quickCheck());
            QCOMPARE(rowsOf(again), committed ? 1 : 0);
            if (committed)
                break;
        }
        QVERIFY(failedRuns > 4); // 20,000 bytes are at least five pages
    }

    void failedSyncIsAnError()
    {
        const TempFolder folder;
        FaultyVfs vfs;
        Connection connection =
            Connection::open(folder / "a.db", {.journal = Journal::Wal, .vfs = vfs.name()}).value();
        QVERIFY(connection.execute(kTable));
        vfs.failSyncs();
        const Result<void> refused = connection.execute("INSERT INTO t VALUES(1, '', '')");
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Io);
        vfs.heal();
        QCOMPARE(rowsOf(connection), 0);
    }
};

QTEST_GUILESS_MAIN(TestSqliteConnection)
#include "tst_sqlite_connection.moc"
