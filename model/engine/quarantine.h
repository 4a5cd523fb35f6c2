#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/checkpoint.h"
#include "model/engine/state_digest.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace jetlag {

/// Which rows a collector of quarantined events keeps beside their marks.
enum class KeepRows {
    All,   ///< for a checkpoint, whole
    First, ///< for showing: as many as the options say, the first 64 KB of each
};

/// Sets events aside on one thread: counts them, hashes them for the digest, keeps rows.
class QuarantineCollector final
{
public:
    /// Keeps nothing until told so.
    QuarantineCollector() = default;
    void keep(KeepRows which, std::size_t atMost)
    {
        m_keep = which;
        m_kept = atMost;
    }

    void add(const Record& record, QuarantineReason reason);

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    /// Bytes that wait for takeRows().
    [[nodiscard]] std::size_t rowBytes() const noexcept { return m_rowBytes; }
    /// Since the last call.
    [[nodiscard]] std::vector<QuarantineMark> takeMarks() { return std::exchange(m_marks, {}); }
    [[nodiscard]] std::vector<QuarantinedEvent> takeRows()
    {
        m_rowBytes = 0;
        return std::exchange(m_rows, {});
    }

private:
    KeepRows m_keep = KeepRows::First;
    std::size_t m_kept = 0;
    std::uint64_t m_count = 0;
    std::size_t m_rowBytes = 0;
    std::vector<QuarantineMark> m_marks;
    std::vector<QuarantinedEvent> m_rows;
};

/// The hash that stands for a quarantined record in the digest: of its bytes; of a too large one, of its
/// first 65,536 bytes and its length (u64, little-endian), so that every source agrees.
[[nodiscard]] Hash128 quarantineHash(const Record& record, QuarantineReason reason);

} // namespace jetlag
