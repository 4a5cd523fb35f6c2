#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/hash.h"
#include "model/record/record.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jetlag {

/// One key and the hash of its snapshot.
struct KeyHash
{
    std::string_view key;
    Hash128 hash;
};

/// The keys of one slot and their hashes, kept as the very bytes that are hashed: sorted bytewise by key,
/// each as (u32 little-endian length, key, 16 bytes hash). A change costs one pass over the slot's bytes,
/// a million keys some milliseconds, and nothing is kept beside them.
class SlotDigest final
{
public:
    /// Adds or replaces. `changes` is sorted by key, each key once.
    void update(std::span<const KeyHash> changes);
    /// XXH3-128 of the bytes; of nothing for an empty slot.
    [[nodiscard]] const Hash128& digest() const noexcept { return m_digest; }

private:
    std::string m_entries;
    Hash128 m_digest = hash128({});
};

/// What the digest must know of a quarantined event.
struct QuarantineMark
{
    Hash128 hash;
    QuarantineReason reason = QuarantineReason::None;
};

/// The multiset of everything that was quarantined. 24 bytes per *different* record: it grows with them,
/// because the digest has to name each.
class QuarantineTally final
{
public:
    void add(std::vector<QuarantineMark> marks);
    void add(QuarantineReason reason, const Hash128& hash, std::uint64_t count);

    /// Sorted by the reason's word, then by hash: (u32 little-endian length of the word, word, hash, u64
    /// little-endian count).
    void feed(Hasher128& hasher) const;

private:
    struct Entry
    {
        Hash128 hash;
        std::uint64_t count = 0;
    };
    using Entries = std::vector<Entry>; // sorted by hash

    Entries& entriesOf(QuarantineReason reason) { return m_byReason.at(static_cast<std::size_t>(reason)); }
    static void merge(Entries& into, const Entries& sorted);

    std::array<Entries, 8> m_byReason;
};

/// XXH3-128 of the slots' digests in order, then of the tally.
[[nodiscard]] Hash128 totalDigest(std::span<const SlotDigest> digests, const QuarantineTally& quarantine);

} // namespace jetlag
