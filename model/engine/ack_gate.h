#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/engine/event_source.h"
#include "model/engine/fail_point.h"

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

namespace jetlag {

/// The one way to an ack: committed() is called after a commit and by nobody else. It also holds the
/// faults that a test may ask for. Engine's thread.
class AckGate final
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `sink` may be null: then nothing is ever acked.
    AckGate(AckSink* sink, const FailPoints& failPoints)
        : m_sink(sink)
        , m_failPoints(failPoints)
    {}

    /// Everything at or below is durable.
    [[nodiscard]] Result<void> committed(StreamSequence upTo, TimePoint now);
    /// Everything at or below was handed to the workers: no reason to ack (but see the fail points).
    [[nodiscard]] Result<void> submitted(StreamSequence upTo);

    /// When release() has something to do.
    [[nodiscard]] std::optional<TimePoint> nextRelease() const;
    [[nodiscard]] Result<void> release(TimePoint now);
    /// All that is held back, at the end.
    [[nodiscard]] Result<void> releaseAll();

private:
    [[nodiscard]] Result<void> ack(StreamSequence upTo);

    AckSink* m_sink;
    const FailPoints m_failPoints;
    unsigned m_commits = 0;
    std::deque<std::pair<TimePoint, StreamSequence>> m_held;
};

} // namespace jetlag
