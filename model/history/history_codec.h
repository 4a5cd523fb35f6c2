#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/base/varint.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

// How numbers of the past become bytes. A number is kept as what it is, or by its logarithm; unknown is -1.

inline constexpr std::int64_t kUnknownStored = -1;
/// Columns of one sample at most.
inline constexpr std::size_t kMaxHistoryColumns = 16;

/// 512 steps to each doubling of 1 + value: 0.07 % at most beside the truth, 0 and 1 exact. Keeps order.
[[nodiscard]] std::int64_t toLogSteps(double value) noexcept;
[[nodiscard]] double fromLogSteps(std::int64_t steps) noexcept;
[[nodiscard]] std::int64_t storedMeasure(const std::optional<double>& value) noexcept;

/// Bytes with a checksum, compressed where that is wanted and pays.
[[nodiscard]] std::string packBytes(std::string_view bytes, bool compress);
/// Corrupt when these are not bytes that packBytes() made. The view is good until the thread's next call.
[[nodiscard]] Result<std::string_view> unpackBytes(std::string_view packed);

/// Numbers at moments, column by column.
struct HistoryTable
{
    std::vector<std::int64_t> at; ///< ascending
    std::vector<std::vector<std::int64_t>> columns;

    [[nodiscard]] std::size_t rows() const noexcept { return at.size(); }
};

/// One blob of a table: each column the steps from row to row, runs of no step as one number, all of it
/// compressed, with a checksum.
[[nodiscard]] std::string packTable(const HistoryTable& table);
/// Columns that `wanted` does not name (bit i = column i) stay empty; columns that the blob does not have
/// are all unknown. Corrupt when the bytes can't be what packTable() made.
[[nodiscard]] Result<HistoryTable> unpackTable(std::string_view bytes, std::size_t columns,
                                               std::uint64_t wanted = ~std::uint64_t{0});

/// One row of one sample; `at` in milliseconds since the epoch.
struct HistorySample
{
    std::int64_t at = 0;
    std::array<std::int64_t, kMaxHistoryColumns> values{};
};

/// The newest samples of one row, as bytes that only ever grow at their end: each sample by what has changed
/// since the one before, usually 10 to 30 bytes. The bytes may be written in pieces and be read again from
/// their concatenation.
class SampleTail final
{
public:
    explicit SampleTail(std::size_t columns)
        : m_columns(columns)
    {}
    /// Goes on from bytes that view() once gave; what is behind the last whole sample is dropped.
    [[nodiscard]] static SampleTail resume(std::string_view bytes, std::size_t columns);

    void append(const HistorySample& sample);

    [[nodiscard]] std::string_view view() const noexcept { return m_bytes.view(); }
    [[nodiscard]] std::size_t samples() const noexcept { return m_samples; }
    /// Of the newest sample; only when there is one.
    [[nodiscard]] std::int64_t newest() const noexcept { return m_last.at; }
    [[nodiscard]] HistoryTable table() const;

private:
    std::size_t m_columns;
    ColumnWriter m_bytes;
    HistorySample m_last;
    std::int64_t m_lastStep = 0;
    std::size_t m_samples = 0;
};

} // namespace jetlag
