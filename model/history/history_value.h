#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace jetlag {

/// What the history keeps of a collector or of a stream. Rates are per second, times are seconds.
enum class HistoryValue : std::uint8_t {
    // of a collector
    Pending,
    AckPending,
    Redelivered,
    Waiting,
    Lag,
    DeliveredStream, ///< stream sequence of the delivered position; with Consumer: the consumer sequence
    DeliveredConsumer,
    AckFloorStream,
    AckFloorConsumer,
    TimeLag,
    DeliveredRate,
    AckedRate,
    RedeliveredRate,
    Runway,
    Eta,
    State, ///< verdict and cause: a number that HistorySeries::states translates
    // of a stream
    FirstSequence,
    LastSequence,
    Messages,
    Bytes,
    InRate,
    InByteRate,
};
inline constexpr std::size_t kHistoryValues = 22;

/// How a value is kept.
enum class HistoryKind : std::uint8_t {
    Count,    ///< a gauge in whole numbers: exact in the finest tier, to 0.07 % (below 700: exactly) in the
              ///< others
    Measure,  ///< a rate or duration: to 0.07 %, in all tiers
    Sequence, ///< exact in all tiers, without lowest and highest
    Code,     ///< a number that stands for words: the last one counts
};
[[nodiscard]] HistoryKind kindOf(HistoryValue value) noexcept;
/// Measures whose mean over a bucket is what a plot shows; of all other values it is the last.
[[nodiscard]] bool isRate(HistoryValue value) noexcept;

/// The values of one kind of row, in the order in which files hold them. Only ever appended to.
[[nodiscard]] std::span<const HistoryValue> collectorValues() noexcept;
[[nodiscard]] std::span<const HistoryValue> streamValues() noexcept;

} // namespace jetlag
