// SPDX-License-Identifier: Apache-2.0
//
// The duplicate chain under stress: nothing lost, nothing twice, everything in the order of its source.

#include "model/record/assembler.h"
#include "model/record/headers.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace jetlag;

namespace {

/// A stream's messages with everything that owns their bytes.
class Stream final
{
public:
    /// Record number `index` of a source, whose predecessor is the record before it.
    void append(int source, std::uint64_t index)
    {
        append(source, index, index == 0 ? "-" : std::to_string(index - 1));
    }
    void append(int source, std::uint64_t index, std::string previous)
    {
        auto entry = std::make_unique<Entry>();
        entry->id =
            "src" + std::to_string(source) + ":" + std::to_string(index) + "-" + std::to_string(index);
        entry->previous = std::move(previous);
        entry->payload = std::to_string(source) + "/" + std::to_string(index);
        entry->fields = {
            {headers::kMessageId, entry->id}, {headers::kPrevious, entry->previous}, {headers::kKey, "k"}};
        entry->message = {.sequence = StreamSequence(++m_last),
                          .subject = "hdfs.3.user",
                          .headers = entry->fields,
                          .payload = entry->payload};
        m_entries.push_back(std::move(entry));
    }
    /// The next sequence does not exist.
    void hole() { ++m_last; }

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const Message& operator[](std::size_t i) const { return m_entries[i]->message; }

private:
    struct Entry
    {
        std::string id;
        std::string previous;
        std::string payload;
        std::vector<HeaderField> fields;
        Message message;
    };
    std::vector<std::unique_ptr<Entry>> m_entries;
    std::uint64_t m_last = 0;
};

/// What a checkpoint store keeps: deltas on top of each other.
class Saved final
{
public:
    void add(AssemblerDelta delta)
    {
        for (ChainHead& head : delta.state.heads)
            m_heads[{head.source, head.partition}] = head;
        m_state = std::move(delta.state);
    }
    [[nodiscard]] AssemblerState state() const
    {
        AssemblerState state = m_state;
        state.heads.clear();
        for (const auto& [key, head] : m_heads)
            state.heads.push_back(head);
        // Through bytes, as in the state directory.
        for (HeldMessage& held : state.held)
            held = heldMessageFrom(toBytes(held)).value();
        return state;
    }

private:
    std::map<std::pair<std::string, std::uint32_t>, ChainHead> m_heads;
    AssemblerState m_state;
};

struct Outcome
{
    std::vector<std::string> payloads;
    RecordCounters counters;
};

// Reads the stream; `restoreEvery` messages a process dies and its successor goes on from the checkpoint.
Outcome read(const Stream& stream, AssemblerRange range, std::size_t restoreEvery = SIZE_MAX)
{
    RecordAssembler assembler(range);
    Saved saved;
    Outcome outcome;
    std::vector<Record> records;
    ByteArena arena;
    StreamSequence before = range.first.previous();
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (stream[i].sequence < range.first)
            continue;
        if (before.next() < stream[i].sequence)
            assembler.addGap({before.next(), stream[i].sequence.previous()});
        before = stream[i].sequence;
        records.clear();
        arena.clear();
        assembler.add(stream[i], records, arena);
        for (const Record& record : records)
            outcome.payloads.emplace_back(record.event.payload);
        if (i % restoreEvery == restoreEvery - 1) {
            saved.add(assembler.takeDelta());
            assembler = RecordAssembler(range, saved.state());
        }
    }
    outcome.counters = assembler.counters();
    return outcome;
}

std::vector<std::string> ofSource(const Outcome& outcome, int source)
{
    std::vector<std::string> result;
    const std::string prefix = std::to_string(source) + "/";
    std::copy_if(outcome.payloads.begin(), outcome.payloads.end(), std::back_inserter(result),
                 [&prefix](const std::string& payload) { return payload.starts_with(prefix); });
    return result;
}

std::vector<std::string> inOrder(int source, std::uint64_t count)
{
    std::vector<std::string> result;
    for (std::uint64_t i = 0; i < count; ++i)
        result.push_back(std::to_string(source) + "/" + std::to_string(i));
    return result;
}

constexpr AssemblerRange kFromStart{.filtered = false, .first = StreamSequence(1)};

} // namespace

class TestRecordAssembler : public QObject
{
    Q_OBJECT

private slots:
    void whateverABrokerDoesToTheOrder_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void whateverABrokerDoesToTheOrder()
    {
        // Three sources. Each sends a window, the broker stores some of it late and some of it twice; the
        // hook sends nothing new before the whole window is there.
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto upTo = [&random](std::uint64_t most) {
            return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
        };
        constexpr std::uint64_t kRecords = 300;
        Stream stream;
        std::uint64_t next[3] = {};
        while (next[0] < kRecords || next[1] < kRecords || next[2] < kRecords) {
            const int source = static_cast<int>(upTo(2));
            if (next[source] == kRecords)
                continue;
            const std::uint64_t window = std::min(kRecords - next[source], 1 + upTo(20));
            std::vector<std::uint64_t> order;
            for (std::uint64_t i = 0; i < window; ++i)
                order.push_back(next[source] + i);
            if (upTo(2) == 0)
                std::shuffle(order.begin(), order.end(), random);
            for (std::uint64_t index : order) {
                stream.append(source, index);
                if (upTo(9) == 0)
                    stream.append(source, upTo(next[source])); // sent again after the duplicate window
            }
            next[source] += window;
        }
        for (const std::size_t restoreEvery : {SIZE_MAX, std::size_t(1), std::size_t(7), std::size_t(100)}) {
            const Outcome outcome = read(stream, kFromStart, restoreEvery);
            for (int source = 0; source < 3; ++source)
                QVERIFY(ofSource(outcome, source) == inOrder(source, kRecords));
            QCOMPARE(outcome.counters.messages, stream.size());
            QCOMPARE(outcome.counters.duplicates, stream.size() - 3 * kRecords);
            QCOMPARE(outcome.counters.parked, 0u);
            QCOMPARE(outcome.counters.lost, 0u);
        }
    }

    void deletedMessagesHoldNothingBack()
    {
        std::mt19937 random(5);
        Stream stream;
        std::vector<std::string> expected;
        for (std::uint64_t i = 0; i < 500; ++i) {
            if (i > 0 && random() % 4 == 0) {
                stream.hole();
                continue;
            }
            stream.append(0, i);
            expected.push_back("0/" + std::to_string(i));
        }
        for (const std::size_t restoreEvery : {SIZE_MAX, std::size_t(3)}) {
            const Outcome outcome = read(stream, kFromStart, restoreEvery);
            QVERIFY(outcome.payloads == expected);
            QCOMPARE(outcome.counters.parked, 0u);
            QCOMPARE(outcome.counters.lost, 0u);
            QVERIFY(outcome.counters.chainGaps > 0);
        }
    }

    void aFilteredReplayHoldsNothingBack()
    {
        Stream stream;
        for (std::uint64_t i : {0, 3, 4, 9})
            stream.append(0, i);
        const Outcome outcome = read(stream, {.filtered = true, .first = StreamSequence(1)});
        QCOMPARE(outcome.payloads.size(), 4u);
        QCOMPARE(outcome.counters.parked, 0u);
    }

    void aReplayThatStartsInTheMiddleTakesWhatItFinds()
    {
        Stream stream;
        for (std::uint64_t i = 0; i < 100; ++i)
            stream.append(0, i);
        const Outcome outcome = read(stream, {.filtered = false, .first = StreamSequence(51)});
        QCOMPARE(outcome.payloads.size(), 50u);
        QCOMPARE(outcome.payloads.front(), std::string("0/50"));
        QCOMPARE(outcome.counters.parked, 0u);
    }

    void whatCannotBeExplainedWaitsAndIsCounted()
    {
        Stream stream;
        stream.append(0, 0);
        stream.append(0, 2); // 1 is missing, and no sequence is
        const Outcome waiting = read(stream, kFromStart);
        QVERIFY(waiting.payloads == inOrder(0, 1));
        QCOMPARE(waiting.counters.parked, 1u);
        stream.append(0, 1);
        const Outcome released = read(stream, kFromStart);
        QVERIFY(released.payloads == inOrder(0, 3));
        QCOMPARE(released.counters.parked, 0u);
    }

    void theFlowGoesOnWhenTooManyWait()
    {
        Stream stream;
        stream.append(0, 0);
        for (std::uint64_t i = 2; i < kMaxParkedPerChain + 10; ++i)
            stream.append(0, i);
        const Outcome outcome = read(stream, kFromStart);
        QCOMPARE(outcome.counters.lost, 1u);
        QCOMPARE(outcome.counters.parked, 0u);
        QCOMPARE(outcome.payloads.size(), kMaxParkedPerChain + 9);
    }

    void hostileHeadersBreakNothing()
    {
        const char* const ids[] = {
            "", ":", "x:1", "x:1-", "x:2-1", "x:99999999999999999999-1", "x:1-1:0/0", "x:1-1:2/1"};
        for (const char* id : ids) {
            const HeaderField fields[] = {
                {headers::kMessageId, id}, {headers::kPrevious, "zzz"}, {headers::kPart, "9/3"}};
            RecordAssembler assembler(kFromStart);
            std::vector<Record> records;
            ByteArena arena;
            assembler.add(
                {.sequence = StreamSequence(1), .subject = "hdfs.x.y", .headers = fields, .payload = "p"},
                records, arena);
            QVERIFY2(records.size() == 1, id);
            QVERIFY2(records[0].event.payload == "p", id);
        }
    }
};

QTEST_GUILESS_MAIN(TestRecordAssembler)
#include "tst_record_assembler.moc"
