#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/engine/event_source.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace jetlag {

/// How fast messages may pass. Where both are given, the slower one counts.
struct Pace
{
    double factor = 0;    ///< of the messages' own time; 0 = as fast as it goes
    double perSecond = 0; ///< at most so many messages a second; 0 = no limit
};

/// Another source with a hand on it: paused, resumed, slowed down. Hands batches on in smaller ones where the
/// pace asks for that; their bytes stay where they are. Time stands still while it is paused: no credit is
/// saved up, nothing becomes due. What was handed over before pause() is not called back.
///
/// pause() and resume() from any thread; next() as the source's. Waiting goes by `clock`, which a test may
/// move.
class ControlledSource final : public EventSource
{
public:
    ControlledSource(EventSource& source, Pace pace, const Clock& clock = systemClock());

    void pause();
    void resume();
    [[nodiscard]] bool isPaused() const;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override { return m_source.info(); }

private:
    using Steady = std::chrono::steady_clock;

    /// False: still paused at the deadline, or told to stop.
    [[nodiscard]] bool waitWhilePaused(Steady::time_point deadline, const std::stop_token& stop);
    /// Until `until` at most; ends early on pause and stop.
    void waitUntil(Steady::time_point until, const std::stop_token& stop);
    /// The clock without the time spent in pauses.
    [[nodiscard]] Steady::time_point playTime() const;
    /// How many of the messages that wait are due at this play time.
    [[nodiscard]] std::size_t takeDue(Steady::time_point now);
    [[nodiscard]] std::size_t dueByTime(Steady::time_point now);
    [[nodiscard]] std::size_t dueByRate(Steady::time_point now, std::size_t most);
    void handOver(MessageBatch& batch, std::size_t count);

    EventSource& m_source;
    const Pace m_pace;
    const Clock& m_clock;

    mutable std::mutex m_mutex; // guards the pause
    std::condition_variable_any m_changed;
    bool m_paused = false;
    Steady::time_point m_pausedAt{};
    Steady::duration m_inPauses{}; ///< that are over

    std::shared_ptr<MessageBatch> m_waiting; ///< read and not yet handed over whole
    std::size_t m_handedOver = 0;            ///< of m_waiting
    bool m_hasBegun = false;                 ///< a message with a time was there
    Steady::time_point m_begin{};            ///< play time of that message
    ServerTime m_firstTime{};
    double m_credit = 0; ///< messages that may pass, by rate
    std::optional<Steady::time_point> m_creditAt;
};

} // namespace jetlag
