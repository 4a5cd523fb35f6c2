#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_value.h"
#include "model/sqlite/schema.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

namespace jetlag {

/// The history's file. Samples of one row (a collector, or a stream's own values) lie in blocks:
///
///     sample ─▶ tail in memory ─▶ journal, every two seconds ─▶ block of samples, every five minutes
///                                                             └▶ blocks of 10 s and of 1 min
///
/// A tail is journaled by what was appended to it, all rows of a connection in a few blobs, so that a kill
/// costs the last two seconds and nobody writes a thousand rows a second. When a tail's five minutes are over
/// it is rolled up into all tiers in one transaction, and the journal that it came from goes.
[[nodiscard]] const sqlite::Schema& historySchema() noexcept;

struct HistoryTier
{
    std::uint32_t number = 0;
    std::int64_t stepMs = 0;  ///< of a bucket; 0 = samples as they came
    std::int64_t blockMs = 0; ///< of time in one block
    std::chrono::milliseconds kept{};
};
/// From fine to coarse.
[[nodiscard]] std::span<const HistoryTier, 3> historyTiers() noexcept;

/// Of the samples in one block. A multiple of a minute, so that no bucket is cut.
inline constexpr std::int64_t kTailMs = 300'000;
inline constexpr std::int64_t kMinuteMs = 60'000;

/// Blocks are found by one number: row, tier, first second, in that order of weight, so that the blocks of
/// one plot lie side by side in the file.
[[nodiscard]] constexpr std::int64_t blockKey(std::int64_t row, std::uint32_t tier,
                                              std::int64_t startMs) noexcept
{
    const std::int64_t seconds = startMs < 0 ? 0 : startMs / 1000;
    constexpr std::int64_t kSeconds = (std::int64_t{1} << 36) - 1;
    return row << 38 | static_cast<std::int64_t>(tier) << 36 | (seconds < kSeconds ? seconds : kSeconds);
}
[[nodiscard]] constexpr std::int64_t blockStartMs(std::int64_t key) noexcept
{
    return (key & ((std::int64_t{1} << 36) - 1)) * 1000;
}
/// The journal lies in so many parts, by the row's number, and a plot reads one of them.
inline constexpr std::int64_t kJournalParts = 16;
[[nodiscard]] constexpr std::int64_t journalPart(std::int64_t row) noexcept
{
    return row % kJournalParts;
}

/// Rows of one file at most, by the bits that a key has for them.
inline constexpr std::int64_t kMostHistoryRows = (1 << 25) - 1;

} // namespace jetlag
