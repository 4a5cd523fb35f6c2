#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "model/events/event_log.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace jetlag {

/// A change must stand so long before anybody is called for it.
inline constexpr std::chrono::seconds kMustStand{3};
/// Between two calls: what happens meanwhile comes as one.
inline constexpr std::chrono::seconds kBetweenNotices{5};
/// The same of the same collector is told once in that time, however often it comes back.
inline constexpr std::chrono::minutes kNotAgainWithin{2};

enum class NoticeLevel { Off, OnlyBad, All };

/// What somebody is called for: one event, or several at once. Plain text.
struct Notice
{
    std::string title; ///< "jobs: no-pulls", "7 collectors stopped"
    std::string text;
    EventSeverity severity = EventSeverity::Information;
    std::optional<ConsumerName> collector; ///< where "Show" leads: the worst
    std::string connection;                ///< on which one, where several are open: a key, not a text
    std::size_t events = 1;
};

/// Decides which events somebody is called for, so that it stays worth looking: nothing that was so before or
/// that is taken back at once, nothing twice, many at once as one. One thread; time is handed in.
class NoticePlanner final
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// An event is new or has changed.
    void consider(const ClusterEvent& event, Time now);
    /// What is to be told now. Call it at least every second or so.
    [[nodiscard]] std::optional<Notice> take(const EventLog& log, Time now, NoticeLevel level,
                                             const std::function<bool(const ConsumerName&)>& isMuted);

private:
    using Told = std::tuple<std::string, std::string, std::string>; ///< stream, collector, word

    std::map<std::uint64_t, Time> m_waiting; ///< events, and since when they are as they are
    std::map<Told, Time> m_told;
    std::optional<Time> m_last;
};

} // namespace jetlag
