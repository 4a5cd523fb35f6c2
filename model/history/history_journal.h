#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/varint.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jetlag {

/// What was appended to tails since the last write, as one blob.
class JournalWriter final
{
public:
    /// `offset`: where in the tail's bytes `piece` belongs.
    void add(std::int64_t row, std::int64_t startMs, std::size_t offset, std::string_view piece);
    [[nodiscard]] bool isEmpty() const { return m_entries.size() == 0; }
    /// Start of the newest tail in it: when all tails up to that one are blocks, this blob may go.
    [[nodiscard]] std::int64_t newestTail() const { return m_newestTail; }
    [[nodiscard]] std::string blob() const;

private:
    ColumnWriter m_entries;
    std::int64_t m_newestTail = 0;
};

/// Puts tails together again from blobs in the order in which they were written. Of a tail whose beginning
/// is gone (it became a block meanwhile), or behind a blob that is damaged, nothing is taken.
class JournalPieces final
{
public:
    /// `only`: pieces of other rows are passed over.
    explicit JournalPieces(std::optional<std::int64_t> only = std::nullopt)
        : m_only(only)
    {}
    /// False when the blob is damaged.
    bool add(std::string_view blob);
    /// By row and start.
    [[nodiscard]] const std::map<std::pair<std::int64_t, std::int64_t>, std::string>& tails() const
    {
        return m_tails;
    }

private:
    std::optional<std::int64_t> m_only;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> m_tails;
};

} // namespace jetlag
