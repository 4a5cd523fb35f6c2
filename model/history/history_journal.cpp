// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_journal.h"

#include "model/history/history_codec.h"

#include <algorithm>

namespace jetlag {

void JournalWriter::add(std::int64_t row, std::int64_t startMs, std::size_t offset, std::string_view piece)
{
    m_entries.varint(static_cast<std::uint64_t>(row));
    m_entries.varint(static_cast<std::uint64_t>(startMs));
    m_entries.varint(offset);
    m_entries.string(piece);
    m_newestTail = std::max(m_newestTail, startMs);
}

std::string JournalWriter::blob() const
{
    // Compression would save a third, and cost readers more than it saves the disk.
    return packBytes(m_entries.view(), /*compress=*/false);
}

bool JournalPieces::add(std::string_view blob)
{
    const Result<std::string_view> bytes = unpackBytes(blob);
    if (!bytes)
        return false;
    ColumnReader entries(*bytes);
    while (!entries.atEnd()) {
        const auto row = static_cast<std::int64_t>(entries.varint());
        const auto start = static_cast<std::int64_t>(entries.varint());
        const std::uint64_t offset = entries.varint();
        const std::string_view piece = entries.string();
        if (!entries.ok())
            return false;
        if (m_only && row != *m_only)
            continue;
        const auto tail = m_tails.find({row, start});
        if (tail == m_tails.end() && offset == 0)
            m_tails.emplace(std::pair(row, start), piece);
        else if (tail != m_tails.end() && offset <= tail->second.size() &&
                 offset + piece.size() > tail->second.size()) // a part may have been written twice
            tail->second.replace(static_cast<std::size_t>(offset), std::string::npos, piece);
    }
    return true;
}

} // namespace jetlag
