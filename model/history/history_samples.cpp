// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_samples.h"

#include "model/base/hash.h"
#include "model/history/history_value.h"

#include <limits>

namespace jetlag {

namespace {

/// Counts are far from that; a hostile server's must not look like "unknown".
std::int64_t stored(std::uint64_t count) noexcept
{
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(count, kMost));
}

std::int64_t valueOf(HistoryValue value, const CollectorReport& row)
{
    const ConsumerSnapshot& consumer = row.consumer;
    switch (value) {
    case HistoryValue::Pending:
        return stored(consumer.pending);
    case HistoryValue::AckPending:
        return stored(consumer.ackPending);
    case HistoryValue::Redelivered:
        return stored(consumer.redelivered);
    case HistoryValue::Waiting:
        return stored(consumer.waiting);
    case HistoryValue::Lag:
        return stored(row.lag);
    case HistoryValue::DeliveredStream:
        return stored(consumer.delivered.stream.value());
    case HistoryValue::DeliveredConsumer:
        return stored(consumer.delivered.consumer.value());
    case HistoryValue::AckFloorStream:
        return stored(consumer.ackFloor.stream.value());
    case HistoryValue::AckFloorConsumer:
        return stored(consumer.ackFloor.consumer.value());
    case HistoryValue::TimeLag:
        return storedMeasure(row.timeLagSeconds);
    case HistoryValue::DeliveredRate:
        return storedMeasure(row.deliveredPerSecond);
    case HistoryValue::AckedRate:
        return storedMeasure(row.ackedPerSecond);
    case HistoryValue::RedeliveredRate:
        return storedMeasure(row.redeliveredPerSecond);
    case HistoryValue::Runway:
        return storedMeasure(row.runwaySeconds);
    case HistoryValue::Eta:
        return storedMeasure(row.etaSeconds);
    case HistoryValue::State:
        return stateNumber(row.verdict.value_or(""), row.cause.value_or(""));
    default:
        return kUnknownStored;
    }
}

std::int64_t valueOf(HistoryValue value, const StreamReport& row)
{
    switch (value) {
    case HistoryValue::FirstSequence:
        return stored(row.stream.firstSequence.value());
    case HistoryValue::LastSequence:
        return stored(row.stream.lastSequence.value());
    case HistoryValue::Messages:
        return stored(row.stream.messages);
    case HistoryValue::Bytes:
        return stored(row.stream.bytes);
    case HistoryValue::InRate:
        return storedMeasure(row.inPerSecond);
    case HistoryValue::InByteRate:
        return storedMeasure(row.inBytesPerSecond);
    default:
        return kUnknownStored;
    }
}

} // namespace

std::uint32_t stateNumber(std::string_view verdict, std::string_view cause) noexcept
{
    if (verdict.empty() && cause.empty())
        return 0;
    const std::uint64_t hash = hash64(verdict) * 31 + hash64(cause);
    return static_cast<std::uint32_t>(hash >> 33) | 1U;
}

HistorySample sampleOf(const CollectorReport& row, ServerTime at)
{
    HistorySample sample{.at = toMillis(at)};
    std::size_t column = 0;
    for (const HistoryValue value : collectorValues())
        sample.values[column++] = valueOf(value, row);
    return sample;
}

HistorySample sampleOf(const StreamReport& row, ServerTime at)
{
    HistorySample sample{.at = toMillis(at)};
    std::size_t column = 0;
    for (const HistoryValue value : streamValues())
        sample.values[column++] = valueOf(value, row);
    return sample;
}

} // namespace jetlag
