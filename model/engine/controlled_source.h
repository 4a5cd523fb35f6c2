#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/event_source.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace jetlag {

/// How fast messages may pass.
struct Pace
{
    double factor = 0;    ///< of the messages' own time; 0 = as fast as it goes
    double perSecond = 0; ///< at most so many messages a second; 0 = no limit
};

/// Another source with a hand on it: paused, resumed, slowed down. Hands batches on in smaller ones where the
/// pace asks for that; their bytes stay where they are. pause() and resume() from any thread.
class ControlledSource final : public EventSource
{
public:
    ControlledSource(EventSource& source, Pace pace);

    void pause();
    void resume();
    [[nodiscard]] bool isPaused() const;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override { return m_source.info(); }

private:
    using Steady = std::chrono::steady_clock;

    /// How many of the messages that wait are due now.
    [[nodiscard]] std::size_t dueNow();
    /// When the first one that waits is due.
    [[nodiscard]] Steady::time_point nextDue() const;
    void handOver(MessageBatch& batch, std::size_t count);

    EventSource& m_source;
    const Pace m_pace;

    mutable std::mutex m_mutex; // guards m_paused
    std::condition_variable_any m_resumed;
    bool m_paused = false;

    std::shared_ptr<MessageBatch> m_waiting; ///< read and not yet handed over whole
    std::size_t m_handedOver = 0;            ///< of m_waiting
    Steady::time_point m_begin{};            ///< real time of the first message; moves on by every pause
    ServerTime m_firstTime{};
    double m_credit = 0; ///< messages that may pass, by rate
    Steady::time_point m_creditAt{};
};

} // namespace jetlag
