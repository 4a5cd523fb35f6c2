#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/base/byte_io.h"
#include "model/base/hash.h"

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace jetlag {

/// What a KeyedShard keeps for each key. snapshot() is canonical: sorted, integers, no floats; equal states
/// give equal bytes, whatever way they came about. restore() fills a fresh state; false: the bytes are none
/// of ours. It checks neither the reader's ok() nor its end; the shard does.
template <typename State>
concept KeyedState = std::default_initializable<State> && std::movable<State> &&
    requires(const State constState, State state, ByteWriter& writer, ByteReader& reader)
{
    {
        constState.snapshot(writer)
        } -> std::same_as<void>;
    {
        state.restore(reader)
        } -> std::same_as<bool>;
};

/// The part of a shard that is the same in every analyzer: one State per key, what changed since the last
/// checkpoint, snapshot and restore. The analyzer itself adds decode(), apply() and fillRows():
///
///     bool decode(const Event& event) override { ... m_key = event.key; return wellFormed; }
///     void apply() override { changing(m_key).add(m_scratch); }
///     void fillRows(std::string_view key, const State& state, std::vector<Table>& tables) const override;
///
/// Looking up a known key allocates nothing; the key of the last event costs one comparison. One thread.
template <KeyedState State>
class KeyedShard : public AnalyzerShard
{
public:
    KeyedShard() = default;
    KeyedShard(const KeyedShard&) = delete; // entries are pointed at
    KeyedShard& operator=(const KeyedShard&) = delete;

    void takeChanged(std::vector<KeySnapshot>& out) final
    {
        out.reserve(out.size() + m_changed.size());
        for (Item* item : m_changed) {
            m_writer.clear();
            item->second.state.snapshot(m_writer);
            out.push_back({item->first, std::string(m_writer.view())});
            item->second.changed = false;
        }
        m_changed.clear();
    }

    [[nodiscard]] Result<void> restore(std::string_view key, std::string_view bytes) final
    {
        State restored;
        ByteReader reader(bytes);
        if (!restored.restore(reader) || !reader.ok() || !reader.atEnd())
            return Error(ErrorCode::Corrupt,
                         "the saved state of one key is not what this version of the analyzer writes");
        find(key).second.state = std::move(restored);
        return {};
    }

    void fillTables(std::vector<Table>& tables) const final
    {
        for (const Item& item : m_items)
            fillRows(item.first, item.second.state, tables);
    }

    [[nodiscard]] std::size_t keyCount() const noexcept { return m_items.size(); }

protected:
    /// The state of `key`, made when new, which the caller is about to change.
    [[nodiscard]] State& changing(std::string_view key)
    {
        Item& item = find(key);
        if (!item.second.changed) {
            item.second.changed = true;
            m_changed.push_back(&item);
        }
        return item.second.state;
    }

    /// Appends the rows of one key. Called for every key, in no order: Table::merge() sorts.
    virtual void fillRows(std::string_view key, const State& state, std::vector<Table>& tables) const = 0;

private:
    struct Entry
    {
        State state;
        bool changed = false;
    };
    struct KeyHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept
        {
            return static_cast<std::size_t>(hash64(key));
        }
    };
    // Nodes stay where they are, so that the last and the changed ones can be pointed at.
    using Items = std::unordered_map<std::string, Entry, KeyHash, std::equal_to<>>;
    using Item = typename Items::value_type;

    Item& find(std::string_view key)
    {
        if (m_last && m_last->first == key)
            return *m_last;
        auto found = m_items.find(key);
        if (found == m_items.end())
            found = m_items.try_emplace(std::string(key)).first;
        m_last = &*found;
        return *m_last;
    }

    Items m_items;
    std::vector<Item*> m_changed;
    Item* m_last = nullptr;
    ByteWriter m_writer;
};

} // namespace jetlag
