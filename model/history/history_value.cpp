// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_value.h"

#include <array>

namespace jetlag {

namespace {

using enum HistoryValue;

constexpr std::array kCollector{Pending,
                                AckPending,
                                Redelivered,
                                Waiting,
                                Lag,
                                DeliveredStream,
                                DeliveredConsumer,
                                AckFloorStream,
                                AckFloorConsumer,
                                TimeLag,
                                DeliveredRate,
                                AckedRate,
                                RedeliveredRate,
                                Runway,
                                Eta,
                                State};
constexpr std::array kStream{FirstSequence, LastSequence, Messages, Bytes, InRate, InByteRate};
static_assert(kCollector.size() + kStream.size() == kHistoryValues);

} // namespace

HistoryKind kindOf(HistoryValue value) noexcept
{
    switch (value) {
    case Pending:
    case AckPending:
    case Redelivered:
    case Waiting:
    case Lag:
    case Messages:
    case Bytes:
        return HistoryKind::Count;
    case DeliveredStream:
    case DeliveredConsumer:
    case AckFloorStream:
    case AckFloorConsumer:
    case FirstSequence:
    case LastSequence:
        return HistoryKind::Sequence;
    case TimeLag:
    case DeliveredRate:
    case AckedRate:
    case RedeliveredRate:
    case Runway:
    case Eta:
    case InRate:
    case InByteRate:
        return HistoryKind::Measure;
    case State:
        return HistoryKind::Code;
    }
    return HistoryKind::Code;
}

bool isRate(HistoryValue value) noexcept
{
    return value == DeliveredRate || value == AckedRate || value == RedeliveredRate || value == InRate ||
           value == InByteRate;
}

std::span<const HistoryValue> collectorValues() noexcept
{
    return kCollector;
}

std::span<const HistoryValue> streamValues() noexcept
{
    return kStream;
}

} // namespace jetlag
