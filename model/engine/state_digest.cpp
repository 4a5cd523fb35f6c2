// SPDX-License-Identifier: Apache-2.0
#include "model/engine/state_digest.h"

#include "model/base/byte_io.h"

#include <algorithm>

namespace jetlag {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kHashBytes = 16;

// The entry that begins at `at`.
std::string_view keyAt(std::string_view entries, std::size_t at)
{
    ByteReader reader(entries.substr(at));
    return reader.string();
}

std::size_t behind(std::size_t at, std::string_view key)
{
    return at + kLengthBytes + key.size() + kHashBytes;
}

void append(std::string& entries, const KeyHash& change)
{
    ByteWriter writer;
    writer.string(change.key);
    entries.append(writer.view());
    entries.append(change.hash.view());
}

} // namespace

void SlotDigest::update(std::span<const KeyHash> changes)
{
    if (changes.empty())
        return;
    std::size_t added = 0;
    for (const KeyHash& change : changes)
        added += behind(0, change.key);

    std::string merged;
    merged.reserve(m_entries.size() + added);
    std::size_t at = 0;
    std::size_t copied = 0;
    for (const KeyHash& change : changes) {
        std::string_view key;
        while (at < m_entries.size() && (key = keyAt(m_entries, at)) < change.key)
            at = behind(at, key);
        merged.append(m_entries, copied, at - copied);
        if (at < m_entries.size() && key == change.key)
            at = behind(at, key);
        copied = at;
        append(merged, change);
    }
    merged.append(m_entries, copied);
    m_entries = std::move(merged);
    m_digest = hash128(m_entries);
}

void QuarantineTally::add(std::vector<QuarantineMark> marks)
{
    std::sort(marks.begin(), marks.end(), [](const QuarantineMark& a, const QuarantineMark& b) {
        return std::tie(a.reason, a.hash) < std::tie(b.reason, b.hash);
    });
    for (std::size_t i = 0; i < marks.size();) {
        const QuarantineReason reason = marks[i].reason;
        Entries sorted;
        for (; i < marks.size() && marks[i].reason == reason; ++i) {
            if (sorted.empty() || sorted.back().hash != marks[i].hash)
                sorted.push_back({marks[i].hash, 0});
            ++sorted.back().count;
        }
        merge(entriesOf(reason), sorted);
    }
}

void QuarantineTally::add(QuarantineReason reason, const Hash128& hash, std::uint64_t count)
{
    merge(entriesOf(reason), {{hash, count}});
}

void QuarantineTally::merge(Entries& into, const Entries& sorted)
{
    // Restoring adds in order: then nothing has to move.
    if (into.empty() || into.back().hash < sorted.front().hash) {
        into.insert(into.end(), sorted.begin(), sorted.end());
        return;
    }
    Entries merged;
    merged.reserve(into.size() + sorted.size());
    auto old = into.begin();
    for (const Entry& entry : sorted) {
        for (; old != into.end() && old->hash < entry.hash; ++old)
            merged.push_back(*old);
        merged.push_back(entry);
        if (old != into.end() && old->hash == entry.hash) {
            merged.back().count += old->count;
            ++old;
        }
    }
    merged.insert(merged.end(), old, into.end());
    into = std::move(merged);
}

void QuarantineTally::feed(Hasher128& hasher) const
{
    std::vector<std::pair<std::string_view, const Entries*>> words;
    for (std::size_t reason = 0; reason < m_byReason.size(); ++reason) {
        if (!m_byReason[reason].empty())
            words.emplace_back(toString(static_cast<QuarantineReason>(reason)), &m_byReason[reason]);
    }
    std::sort(words.begin(), words.end());
    ByteWriter writer;
    for (const auto& [word, entries] : words) {
        for (const Entry& entry : *entries) {
            writer.clear();
            writer.string(word);
            writer.raw(entry.hash.view());
            writer.u64(entry.count);
            hasher.add(writer.view());
        }
    }
}

Hash128 totalDigest(std::span<const SlotDigest> digests, const QuarantineTally& quarantine)
{
    Hasher128 hasher;
    for (const SlotDigest& slot : digests)
        hasher.add(slot.digest().view());
    quarantine.feed(hasher);
    return hasher.result();
}

} // namespace jetlag
