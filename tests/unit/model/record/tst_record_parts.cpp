// SPDX-License-Identifier: Apache-2.0
//
// Records in parts, as a broker may hand them out and as nobody should send them.

#include "model/record/assembler.h"
#include "model/record/headers.h"
#include "model/record/record.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr AssemblerRange kFromStart{.filtered = false, .first = StreamSequence(1)};

// A part, or a whole record where `of` is 0; `claimed` is what the header says instead of the id.
StoredMessage message(std::uint64_t offset, const std::string& previous, int part, int of,
                      std::string payload, const std::string& claimed = {})
{
    const std::string place = std::to_string(offset);
    const std::string number = std::to_string(part) + "/" + std::to_string(of);
    std::vector<std::pair<std::string, std::string>> fields{
        {std::string(headers::kMessageId), "src:" + place + "-" + place + (of > 0 ? ":" + number : "")},
        {std::string(headers::kPrevious), previous},
        {std::string(headers::kKey), "k"}};
    if (of > 0 || !claimed.empty())
        fields.emplace_back(headers::kPart, claimed.empty() ? number : claimed);
    return {"lines.3.-", std::move(fields), std::move(payload)};
}

/// A collector that is given one message after the other.
class Reader final
{
public:
    void add(const StoredMessage& stored)
    {
        std::vector<Record> records;
        ByteArena arena;
        m_assembler.add(m_views.view(stored, ++m_sequence), records, arena);
        for (const Record& record : records) {
            m_payloads.push_back(std::string(toString(record.reason)) + " " +
                                 std::string(record.event.payload));
            m_sequences.push_back(record.sequence.value());
        }
    }
    void add(const std::vector<StoredMessage>& all)
    {
        for (const StoredMessage& stored : all)
            add(stored);
    }
    /// The process dies and its successor goes on from the checkpoint. Good for one restart: a checkpoint
    /// holds only the heads that changed.
    void restart()
    {
        AssemblerState state = m_assembler.takeDelta().state;
        for (HeldMessage& held : state.held)
            held = heldMessageFrom(toBytes(held)).value();
        m_assembler = RecordAssembler(kFromStart, std::move(state));
    }

    [[nodiscard]] const std::vector<std::string>& payloads() const { return m_payloads; }
    [[nodiscard]] const std::vector<std::uint64_t>& sequences() const { return m_sequences; }
    [[nodiscard]] RecordCounters counters() const { return m_assembler.counters(); }
    [[nodiscard]] std::size_t held() { return m_assembler.takeDelta().state.held.size(); }

private:
    RecordAssembler m_assembler{kFromStart};
    StoredMessages m_views;
    std::uint64_t m_sequence = 0;
    std::vector<std::string> m_payloads;
    std::vector<std::uint64_t> m_sequences;
};

using Texts = std::vector<std::string>;

} // namespace

class TestRecordParts : public QObject
{
    Q_OBJECT

private slots:
    void inWhateverOrderTheyCome()
    {
        std::vector<int> order{1, 2, 3, 4};
        do {
            for (const bool restarted : {false, true}) {
                Reader reader;
                for (std::size_t i = 0; i < order.size(); ++i) {
                    const int part = order[i];
                    reader.add(message(0, "-", part, 4, std::string(1, static_cast<char>('a' + part - 1))));
                    if (i == 1 && restarted)
                        reader.restart();
                }
                QVERIFY(reader.payloads() == Texts{"none abcd"});
                QVERIFY(reader.sequences() == std::vector<std::uint64_t>{4}); // the one that completed it
                QCOMPARE(reader.counters().duplicates, std::uint64_t(0));
                QCOMPARE(reader.held(), std::size_t(0));
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void partsOfTwoRecordsMayMix()
    {
        // The second is complete first, and waits for its predecessor.
        Reader reader;
        reader.add({message(0, "-", 1, 2, "a"), message(9, "0", 2, 2, "D"), message(9, "0", 1, 2, "C")});
        QVERIFY(reader.payloads().empty());
        QCOMPARE(reader.counters().parked, std::uint64_t(1));
        reader.add(message(0, "-", 2, 2, "b"));
        QVERIFY((reader.payloads() == Texts{"none ab", "none CD"}));
        QCOMPARE(reader.counters().parked, std::uint64_t(0));
    }

    void aMissingPartHoldsItsSuccessorsBack()
    {
        Reader reader;
        reader.add({message(0, "-", 1, 2, "a"), message(9, "0", 0, 0, "next")});
        QVERIFY(reader.payloads().empty());
        QCOMPARE(reader.held(), std::size_t(2));
    }

    void aPartThatComesTwiceCountsOnce()
    {
        Reader reader;
        reader.add({message(0, "-", 1, 2, "a"), message(0, "-", 1, 2, "a"), message(0, "-", 2, 2, "b")});
        QVERIFY(reader.payloads() == Texts{"none ab"});
        // Sent again as a whole: one duplicate, not two.
        reader.add({message(0, "-", 1, 2, "a"), message(0, "-", 2, 2, "b")});
        QVERIFY(reader.payloads() == Texts{"none ab"});
        QCOMPARE(reader.counters().duplicates, std::uint64_t(1));
        QCOMPARE(reader.held(), std::size_t(0));
    }

    void twoWaysToCutOneRecordAreNotMixed()
    {
        // max_payload was changed and the hook sent again.
        Reader reader;
        reader.add({message(0, "-", 1, 2, "abc"), message(0, "-", 1, 3, "ab"), message(0, "-", 2, 3, "cd")});
        QVERIFY(reader.payloads().empty());
        reader.add(message(0, "-", 3, 3, "ef"));
        QVERIFY(reader.payloads() == Texts{"none abcdef"});
        QCOMPARE(reader.held(), std::size_t(0)); // the half of the other cut is gone
        reader.add(message(0, "-", 2, 2, "def"));
        QVERIFY(reader.payloads() == Texts{"none abcdef"});
        QCOMPARE(reader.counters().duplicates, std::uint64_t(1));
    }

    void contradictionsAreSetAsideAndTheFlowGoesOn_data()
    {
        QTest::addColumn<int>("part");
        QTest::addColumn<int>("of");
        QTest::addColumn<QString>("claimed");
        QTest::newRow("another number") << 1 << 2 << "2/2";
        QTest::newRow("another count") << 1 << 2 << "1/3";
        QTest::newRow("no numbers") << 1 << 2 << "x";
        QTest::newRow("a whole record that claims to be a part") << 0 << 0 << "1/2";
        QTest::newRow("too many") << 0 << 0 << "1/65537";
    }
    void contradictionsAreSetAsideAndTheFlowGoesOn()
    {
        QFETCH(int, part);
        QFETCH(int, of);
        QFETCH(QString, claimed);
        Reader reader;
        reader.add({message(0, "-", part, of, "odd", claimed.toStdString()), message(9, "0", 0, 0, "next")});
        QVERIFY((reader.payloads() == Texts{"bad-parts odd", "none next"}));
        QCOMPARE(reader.held(), std::size_t(0));
    }

    void emptyPartsAreParts()
    {
        Reader reader;
        reader.add({message(0, "-", 1, 3, ""), message(0, "-", 3, 3, "z"), message(0, "-", 2, 3, "")});
        QVERIFY(reader.payloads() == Texts{"none z"});
    }

    void partsOfExactlyTheLimitAreARecord()
    {
        const std::string half(kMaxRecordBytes / 2, 'x');
        Reader reader;
        reader.add({message(0, "-", 2, 2, half), message(0, "-", 1, 2, half)});
        QCOMPARE(reader.payloads().size(), std::size_t(1));
        QVERIFY(reader.payloads()[0].starts_with("none x"));
        QCOMPARE(reader.payloads()[0].size(), kMaxRecordBytes + 5);
    }

    void partsAboveTheLimitAreSetAsideBeforeTheLast()
    {
        // A third part is announced; nobody has to wait for it.
        const std::string half(kMaxRecordBytes / 2, 'x');
        Reader reader;
        reader.add({message(0, "-", 1, 3, half), message(0, "-", 2, 3, half + "x")});
        QCOMPARE(reader.payloads().size(), std::size_t(1));
        QVERIFY(reader.payloads()[0].starts_with("bad-parts x"));
        QCOMPARE(reader.payloads()[0].size(), kMaxRecordBytes / 2 + 10); // its beginning stands for it
        QCOMPARE(reader.held(), std::size_t(0));
        reader.add({message(0, "-", 3, 3, "late"), message(9, "0", 0, 0, "next")});
        QCOMPARE(reader.payloads().size(), std::size_t(2));
        QCOMPARE(reader.payloads()[1], std::string("none next"));
        QCOMPARE(reader.counters().duplicates, std::uint64_t(1));
    }

    void whatWaitsIsBounded()
    {
        // First parts of ever new records, 8 MB each: never more than 256 MB of them are held.
        const std::string piece(8 * 1024 * 1024, 'x');
        Reader reader;
        for (int i = 0; i < 40; ++i)
            reader.add(message(static_cast<std::uint64_t>(i) * 10, i == 0 ? "-" : std::to_string(i * 10 - 10),
                               1, 2, piece));
        const std::size_t held = reader.held();
        QVERIFY(held > 0);
        QVERIFY(held <= 32);
        QVERIFY(!reader.payloads().empty());
        QVERIFY(reader.payloads()[0].starts_with("bad-parts x"));
    }

    void aDamagedCheckpointIsSaidSo()
    {
        HeldMessage held{.sequence = StreamSequence(7),
                         .time = {},
                         .subject = "lines.3.-",
                         .headers = {{std::string(headers::kKey), "k"}},
                         .payload = "payload"};
        const std::string bytes = toBytes(held);
        QVERIFY(heldMessageFrom(bytes).value() == held);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!heldMessageFrom(std::string_view(bytes).substr(0, length)).hasValue());
        QVERIFY(!heldMessageFrom(bytes + "x").hasValue());
        std::string future = bytes;
        future[0] = 99;
        QVERIFY(heldMessageFrom(future).error().code() == ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestRecordParts)
#include "tst_record_parts.moc"
