// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/schema.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <array>
#include <filesystem>

using namespace jetlag;
using namespace jetlag::sqlite;
using jetlag::test::TempFolder;

namespace {

constexpr std::array<std::string_view, 2> kSteps = {
    "CREATE TABLE pets(name TEXT NOT NULL)",
    "ALTER TABLE pets ADD COLUMN legs INTEGER NOT NULL DEFAULT 4; CREATE TABLE food(name TEXT)",
};
constexpr Schema kSchema{"pet register", 0x50455453, kSteps};
constexpr Schema kOldSchema{"pet register", 0x50455453, std::span(kSteps).first<1>()};

} // namespace

class TestSqliteSchema : public QObject
{
    Q_OBJECT

private slots:
    void newFileGetsEveryStep()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "new.db").value();
        QVERIFY(migrate(connection, kSchema));
        QCOMPARE(checkSchema(connection, kSchema).value(), 2);
        QCOMPARE(connection.queryInteger("SELECT count(*) FROM food").value(), 0);
        QCOMPARE(connection.queryInteger("PRAGMA application_id").value(), 0x50455453);
        QVERIFY(migrate(connection, kSchema)); // nothing left to do
    }

    void olderFileKeepsItsRows()
    {
        const TempFolder folder;
        {
            Connection old = Connection::open(folder / "old.db").value();
            QVERIFY(migrate(old, kOldSchema));
            QVERIFY(old.execute("INSERT INTO pets VALUES('Rex')"));
        }
        Connection connection = Connection::open(folder / "old.db").value();
        QVERIFY(migrate(connection, kSchema));
        QCOMPARE(connection.queryInteger("SELECT legs FROM pets WHERE name='Rex'").value(), 4);
    }

    void brokenStepLeavesTheFileAsItWas()
    {
        const TempFolder folder;
        static constexpr std::array<std::string_view, 2> kBroken = {
            kSteps[0], "CREATE TABLE food(name TEXT); INSERT INTO nowhere VALUES(1)"};
        Connection connection = Connection::open(folder / "old.db").value();
        QVERIFY(migrate(connection, kOldSchema));
        const Result<void> broken = migrate(connection, {"pet register", 0x50455453, kBroken});
        QVERIFY(!broken);
        QVERIFY2(broken.error().message().starts_with("bringing the pet register from layout 1 to 2: "),
                 broken.error().message().c_str());
        QCOMPARE(connection.queryInteger("PRAGMA user_version").value(), 1);
        QCOMPARE(connection.queryInteger("SELECT count(*) FROM sqlite_schema WHERE name='food'").value(), 0);
    }

    void newerFileIsRefused()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "future.db").value();
        QVERIFY(migrate(connection, kSchema));
        const Result<void> refused = migrate(connection, kOldSchema);
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Unsupported);
        QVERIFY2(
            refused.error().message().ends_with(
                "future.db was written by a newer Jetlag (pet register layout 2, this one knows up to 1)"),
            refused.error().message().c_str());
    }

    void foreignFileIsRefused()
    {
        const TempFolder folder;
        Connection connection = Connection::open(folder / "other.db").value();
        QVERIFY(connection.execute("CREATE TABLE mine(x)"));
        for (const Result<void>& refused :
             {migrate(connection, kSchema),
              checkSchema(connection, kSchema) ? Result<void>() : checkSchema(connection, kSchema).error()}) {
            QVERIFY(!refused);
            QVERIFY(refused.error().code() == ErrorCode::Conflict);
        }
        QCOMPARE(connection.queryInteger("SELECT count(*) FROM sqlite_schema").value(), 1);
    }

    void emptyFileIsNotTakenForOne()
    {
        const TempFolder folder;
        const std::filesystem::path path = folder.write("empty.db", "");
        Connection connection = Connection::open(path, {.mode = OpenMode::ReadOnly}).value();
        const Result<int> checked = checkSchema(connection, kSchema);
        QVERIFY(!checked);
        QVERIFY(checked.error().code() == ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestSqliteSchema)
#include "tst_sqlite_schema.moc"
