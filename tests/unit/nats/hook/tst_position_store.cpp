// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/position_store.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

StreamIdentity identity(int created, int sequence = 0)
{
    StreamIdentity made;
    made.name = "SPARK";
    made.created = ServerTime(std::chrono::seconds(created));
    made.knownSequence = StreamSequence(static_cast<std::uint64_t>(sequence));
    made.knownTime = ServerTime(std::chrono::seconds(sequence));
    return made;
}

SourcePosition position(const std::string& source, std::uint64_t acked)
{
    SourcePosition made;
    made.source = source;
    made.ackedOffset = acked;
    made.ackedHash = 0xffff'ffff'ffff'fff0ULL;
    made.ackedRecords = acked / 10;
    made.resumeOffset = acked / 2;
    made.framer = {source, "application_1_1", "2", true, false};
    made.framerLatest = {source, "application_1_2", "", true, true};
    made.naming = "spark";
    made.heads = {{source, 0, acked}, {source, 7, acked - 1}};
    return made;
}

void save(PositionStore& store, std::initializer_list<SourcePosition> positions)
{
    for (const SourcePosition& one : positions)
        store.put(one);
    QVERIFY(bool(store.commit()));
}

PositionStore openOrFail(const std::filesystem::path& folder)
{
    Result<PositionStore> store = PositionStore::open(folder);
    if (!store)
        qFatal("%s", store.error().message().c_str());
    return std::move(*store);
}

} // namespace

class TestPositionStore : public QObject
{
    Q_OBJECT
private slots:
    void remembersAcrossRuns();
    void anotherStreamStartsAnew();
    void renamedStreamKeepsItsPositions();
    void findsAFileThatIsWhole();
    void aClaimExcludesOthers();
    void aClaimEndsWithItsProcess();
    void oldStreamsAreDropped();
    void brokenFile();
    void folderThatCannotBe();
};

void TestPositionStore::remembersAcrossRuns()
{
    const test::TempFolder folder;
    const SourcePosition first = position("application_1_1/2", 4000);
    {
        PositionStore store = openOrFail(folder / "SPARK");
        QVERIFY(bool(store.use(identity(1))));
        QVERIFY(!store.find(first.source)->has_value());
        store.put(first);
        store.put(position("other", 10));
        QVERIFY(*store.find("other") == position("other", 10)); // known at once
        QVERIFY(bool(store.commit()));
        store.put(position("other", 999)); // never committed
    }
    PositionStore store = openOrFail(folder / "SPARK");
    QCOMPARE(store.streams()->size(), std::size_t(1));
    QVERIFY(store.streams()->front() == identity(1));
    QVERIFY(bool(store.use(store.streams()->front())));
    QVERIFY(*store.find(first.source) == first);
    QVERIFY(*store.find("other") == position("other", 10));

    const SourcePosition later = position(first.source, 5000);
    save(store, {later});
    QVERIFY(*store.find(first.source) == later);
}

void TestPositionStore::anotherStreamStartsAnew()
{
    const test::TempFolder folder;
    PositionStore store = openOrFail(folder / "SPARK");
    QVERIFY(bool(store.use(identity(1))));
    save(store, {position("s", 100)});
    QVERIFY(bool(store.use(identity(2))));
    QVERIFY(!store.find("s")->has_value());
    save(store, {position("s", 7)});
    // Back to the first one (two servers with a stream of that name): its positions are still there.
    QVERIFY(bool(store.use(identity(1))));
    QCOMPARE(store.find("s")->value().ackedOffset, std::uint64_t(100));
    QVERIFY(store.streams()->front() == identity(1));
}

void TestPositionStore::renamedStreamKeepsItsPositions()
{
    const test::TempFolder folder;
    PositionStore store = openOrFail(folder / "SPARK");
    QVERIFY(bool(store.use(identity(1))));
    save(store, {position("s", 100)});
    QVERIFY(bool(store.rename(identity(3, 17))));
    QCOMPARE(store.streams()->size(), std::size_t(1));
    QVERIFY(store.streams()->front() == identity(3, 17));
    QVERIFY(store.find("s")->has_value());
}

void TestPositionStore::findsAFileThatIsWhole()
{
    const test::TempFolder folder;
    PositionStore store = openOrFail(folder / "SPARK");
    QVERIFY(bool(store.use(identity(1))));
    SourcePosition whole = position("s", 100);
    whole.complete = {1, 2, 3, 4};
    save(store, {whole, position("unfinished", 5)});
    QVERIFY(*store.findComplete({1, 2, 3, 4}, "spark") == whole);
    QVERIFY(!store.findComplete({1, 2, 3, 5}, "spark")->has_value());
    QVERIFY(!store.findComplete({1, 2, 4, 4}, "spark")->has_value());
    QVERIFY(!store.findComplete({1, 2, 3, 4}, "spark --source x")->has_value());
    QVERIFY(bool(store.use(identity(2))));
    QVERIFY(!store.findComplete({1, 2, 3, 4}, "spark")->has_value());
}

void TestPositionStore::aClaimExcludesOthers()
{
    const test::TempFolder folder;
    PositionStore one = openOrFail(folder / "SPARK");
    QVERIFY(*one.claim("s") == PositionStore::Claim::Mine);
    {
        PositionStore other = openOrFail(folder / "SPARK");
        QVERIFY(*other.claim("s") == PositionStore::Claim::HeldElsewhere);
        QVERIFY(*other.claim("t") == PositionStore::Claim::Mine);
        QVERIFY(*one.claim("t") == PositionStore::Claim::HeldElsewhere);
        one.release("s");
        QVERIFY(*other.claim("s") == PositionStore::Claim::Mine);
    }
    QVERIFY(*one.claim("s") == PositionStore::Claim::Mine);
}

void TestPositionStore::aClaimEndsWithItsProcess()
{
    const test::TempFolder folder;
    PositionStore here = openOrFail(folder / "SPARK");
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        Result<PositionStore> store = PositionStore::open(folder / "SPARK");
        const bool mine = store && *store->claim("s") == PositionStore::Claim::Mine;
        (void)!::write(ready[1], mine ? "y" : "n", 1);
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
    const bool heldWhileAlive = *here.claim("s") == PositionStore::Claim::HeldElsewhere;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    QCOMPARE(answer, 'y');
    QVERIFY(heldWhileAlive);
    QVERIFY(*here.claim("s") == PositionStore::Claim::Mine);
}

void TestPositionStore::oldStreamsAreDropped()
{
    const test::TempFolder folder;
    PositionStore store = openOrFail(folder / "SPARK");
    for (int i = 1; i <= 40; ++i) {
        QVERIFY(bool(store.use(identity(i))));
        save(store, {position("s", 100)});
    }
    const auto streams = *store.streams();
    QCOMPARE(streams.size(), std::size_t(32));
    QVERIFY(streams.front() == identity(40));
    QVERIFY(bool(store.use(identity(1))));
    QVERIFY(!store.find("s")->has_value());
}

void TestPositionStore::brokenFile()
{
    const test::TempFolder folder;
    std::filesystem::create_directories(folder / "SPARK");
    folder.write("SPARK/positions.sqlite", std::string(5000, 'x'));
    const auto store = PositionStore::open(folder / "SPARK");
    QVERIFY(!store);
    QVERIFY(store.error().code() == ErrorCode::Corrupt);
    QVERIFY2(store.error().message().find("positions.sqlite") != std::string::npos,
             store.error().message().c_str());
}

void TestPositionStore::folderThatCannotBe()
{
    const test::TempFolder folder;
    folder.write("file", "x");
    const auto store = PositionStore::open(folder / "file/SPARK");
    QVERIFY(!store);
    QVERIFY2(store.error().message().find("file/SPARK") != std::string::npos,
             store.error().message().c_str());
}

QTEST_GUILESS_MAIN(TestPositionStore)
#include "tst_position_store.moc"
