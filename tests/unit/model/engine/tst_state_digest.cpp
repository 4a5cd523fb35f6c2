// SPDX-License-Identifier: Apache-2.0
#include "model/base/byte_io.h" // before it moc cannot read <compare>
#include "model/engine/state_digest.h"

#include <QTest>

#include <map>
#include <random>

using namespace jetlag;

namespace {

std::string u32(std::uint32_t value)
{
    ByteWriter writer;
    writer.u32(value);
    return writer.take();
}

std::string u64(std::uint64_t value)
{
    ByteWriter writer;
    writer.u64(value);
    return writer.take();
}

std::string entry(std::string_view key, const Hash128& hash)
{
    return u32(static_cast<std::uint32_t>(key.size())) + std::string(key) + std::string(hash.view());
}

} // namespace

// The layout is a contract between machines and versions: here it is written down a second time.
class TestStateDigest : public QObject
{
    Q_OBJECT

private slots:
    void slotIsHashedOverItsSortedKeys()
    {
        SlotDigest slot;
        QCOMPARE(slot.digest().toHex(),
                 std::string("99aa06d3014798d86001c324468d497f")); // XXH3-128 of nothing
        const Hash128 one = hash128("one");
        const Hash128 two = hash128("two");
        const std::vector<KeyHash> first = {{"b", one}};
        slot.update(first);
        QVERIFY(slot.digest() == hash128(entry("b", one)));
        const std::vector<KeyHash> more = {{"a", two}, {"b", two}, {"ba", one}};
        slot.update(more);
        QVERIFY(slot.digest() == hash128(entry("a", two) + entry("b", two) + entry("ba", one)));
    }

    void updatesInAnyPortionsGiveTheSame()
    {
        std::mt19937 random(3);
        std::map<std::string, Hash128> expected;
        SlotDigest slot;
        for (int round = 0; round < 200; ++round) {
            std::map<std::string, Hash128> changes;
            for (unsigned i = 0; i < random() % 8; ++i)
                changes[std::string(random() % 5, 'k') + std::to_string(random() % 60)] =
                    hash128(std::to_string(random()));
            std::vector<KeyHash> sorted;
            for (const auto& [key, hash] : changes) {
                sorted.push_back({key, hash});
                expected[key] = hash;
            }
            slot.update(sorted);
            std::string bytes;
            for (const auto& [key, hash] : expected)
                bytes += entry(key, hash);
            QVERIFY(slot.digest() == hash128(bytes));
        }
    }

    void keysAreComparedAsUnsignedBytes()
    {
        SlotDigest slot;
        const Hash128 hash = hash128("x");
        const std::vector<KeyHash> keys = {{"a", hash}, {"z", hash}, {"\xc3\xa4", hash}};
        slot.update(keys);
        QVERIFY(slot.digest() == hash128(entry("a", hash) + entry("z", hash) + entry("\xc3\xa4", hash)));
        const std::vector<KeyHash> between = {{"\x7f", hash}};
        slot.update(between);
        QVERIFY(slot.digest() ==
                hash128(entry("a", hash) + entry("z", hash) + entry("\x7f", hash) + entry("\xc3\xa4", hash)));
    }

    void totalIsSlotsThenQuarantine()
    {
        std::vector<SlotDigest> digests(2);
        const std::vector<KeyHash> keys = {{"a", hash128("1")}};
        digests[1].update(keys);
        QuarantineTally tally;
        const Hash128 low = std::min(hash128("p"), hash128("q"));
        const Hash128 high = std::max(hash128("p"), hash128("q"));
        tally.add({{high, QuarantineReason::Malformed},
                   {low, QuarantineReason::TooLarge},
                   {low, QuarantineReason::Malformed},
                   {high, QuarantineReason::Malformed}});
        tally.add({{low, QuarantineReason::AnalyzerRefused}});
        const std::string bytes = std::string(digests[0].digest().view()) +
                                  std::string(digests[1].digest().view()) + u32(16) + "analyzer-refused" +
                                  std::string(low.view()) + u64(1) +                         //
                                  u32(9) + "malformed" + std::string(low.view()) + u64(1) +  //
                                  u32(9) + "malformed" + std::string(high.view()) + u64(2) + //
                                  u32(9) + "too-large" + std::string(low.view()) + u64(1);
        QCOMPARE(totalDigest(digests, tally).toHex(), hash128(bytes).toHex());
    }

    void tallyDoesNotCareForTheOrder()
    {
        std::mt19937 random(5);
        std::vector<QuarantineMark> marks;
        for (int i = 0; i < 300; ++i)
            marks.push_back({hash128(std::to_string(random() % 40)),
                             random() % 2 ? QuarantineReason::Malformed : QuarantineReason::BadParts});
        QuarantineTally once;
        once.add(marks);
        QuarantineTally bits;
        std::shuffle(marks.begin(), marks.end(), random);
        for (std::size_t i = 0; i < marks.size(); i += 7)
            bits.add(std::vector(marks.begin() + static_cast<std::ptrdiff_t>(i),
                                 marks.begin() + static_cast<std::ptrdiff_t>(std::min(i + 7, marks.size()))));
        QuarantineTally single;
        for (const QuarantineMark& mark : marks)
            single.add(mark.reason, mark.hash, 1);
        QCOMPARE(totalDigest({}, bits).toHex(), totalDigest({}, once).toHex());
        QCOMPARE(totalDigest({}, single).toHex(), totalDigest({}, once).toHex());
    }
};

QTEST_GUILESS_MAIN(TestStateDigest)
#include "tst_state_digest.moc"
