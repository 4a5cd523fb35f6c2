// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/keyed_shard.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace jetlag;

namespace {

/// Adds up payload bytes.
struct SumState
{
    std::int64_t sum = 0;

    void snapshot(ByteWriter& writer) const { writer.i64(sum); }
    bool restore(ByteReader& reader)
    {
        sum = reader.i64();
        return sum >= 0;
    }
};

class SumShard final : public KeyedShard<SumState>
{
public:
    bool decode(const Event& event) override
    {
        m_event = event;
        return event.payload != "bad";
    }
    void apply() override { changing(m_event.key).sum += static_cast<std::int64_t>(m_event.payload.size()); }

    void feed(std::string_view key, std::string_view payload)
    {
        Event event;
        event.key = key;
        event.payload = payload;
        if (decode(event))
            apply();
    }

protected:
    void fillRows(std::string_view key, const SumState& state, std::vector<Table>& tables) const override
    {
        tables.at(0).add({std::string(key), state.sum});
    }

private:
    Event m_event;
};

std::map<std::string, std::string> changesOf(AnalyzerShard& shard)
{
    std::vector<KeySnapshot> snapshots;
    shard.takeChanged(snapshots);
    std::map<std::string, std::string> byKey;
    for (KeySnapshot& snapshot : snapshots)
        byKey.emplace(std::move(snapshot.key), std::move(snapshot.bytes));
    return byKey;
}

std::vector<Row> rowsOf(const AnalyzerShard& shard)
{
    std::vector<Table> tables{
        Table({"sums", {{"key", Unit::None, Merge::Key}, {"sum", Unit::Bytes, Merge::Sum}}})};
    shard.fillTables(tables);
    tables[0].merge();
    return tables[0].rows();
}

std::string bytesOf(std::int64_t sum)
{
    ByteWriter writer;
    writer.i64(sum);
    return writer.take();
}

} // namespace

class TestKeyedShard : public QObject
{
    Q_OBJECT

private slots:
    void everyKeyHasItsOwnState()
    {
        SumShard shard;
        // Enough keys to make the map grow under the remembered one.
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 1000; ++i)
                shard.feed("key" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
        }
        QCOMPARE(shard.keyCount(), std::size_t(1000));
        for (const Row& row : rowsOf(shard))
            QCOMPARE("key" + std::to_string(std::get<std::int64_t>(row[1]) / 2),
                     std::get<std::string>(row[0]));
    }

    void onlyChangesAreTaken()
    {
        SumShard shard;
        shard.feed("a", "12");
        shard.feed("b", "123");
        shard.feed("a", "1");
        QCOMPARE(changesOf(shard),
                 (std::map<std::string, std::string>{{"a", bytesOf(3)}, {"b", bytesOf(3)}}));
        QVERIFY(changesOf(shard).empty());
        shard.feed("b", "1");
        QCOMPARE(changesOf(shard), (std::map<std::string, std::string>{{"b", bytesOf(4)}}));
    }

    void refusedEventsChangeNothing()
    {
        SumShard shard;
        shard.feed("a", "bad");
        QVERIFY(changesOf(shard).empty());
        QCOMPARE(shard.keyCount(), std::size_t(0));
    }

    void restoredStateGoesOn()
    {
        SumShard shard;
        shard.feed("a", "123456");
        QVERIFY(shard.restore("a", bytesOf(40)).hasValue());
        QVERIFY(shard.restore("b", bytesOf(1)).hasValue());
        shard.feed("a", "12");
        QCOMPARE(rowsOf(shard), (std::vector<Row>{{std::string("a"), std::int64_t(42)},
                                                  {std::string("b"), std::int64_t(1)}}));
        // b came from the checkpoint and is still what stands there.
        QCOMPARE(changesOf(shard), (std::map<std::string, std::string>{{"a", bytesOf(42)}}));
    }

    void foreignBytesAreRefusedAndChangeNothing()
    {
        SumShard shard;
        QVERIFY(shard.restore("a", bytesOf(7)).hasValue());
        for (const std::string& bytes :
             {std::string(), std::string("short"), bytesOf(1) + "x", bytesOf(-1)}) {
            const Result<void> result = shard.restore("a", bytes);
            QVERIFY(!result);
            QVERIFY(result.error().code() == ErrorCode::Corrupt);
        }
        QVERIFY(!shard.restore("new", "short"));
        QCOMPARE(rowsOf(shard), (std::vector<Row>{{std::string("a"), std::int64_t(7)}}));
    }
};

QTEST_GUILESS_MAIN(TestKeyedShard)
#include "tst_keyed_shard.moc"
