#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/advisory.h"
#include "model/events/cluster_event.h"
#include "model/history/change_finder.h"
#include "model/thresholds/thresholds.h"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace jetlag {

/// A verdict that is taken back within it was no change worth three entries: it makes one.
inline constexpr std::chrono::seconds kTakenBackWithin{10};
/// The same said again within it is counted, not listed again.
inline constexpr std::chrono::seconds kSameWithin{60};
/// A change that the server announces and that the next sample shows too is one event.
inline constexpr std::chrono::seconds kSeenTwiceWithin{15};
/// Verdicts need some samples. A first one that comes within it was so before anybody looked.
inline constexpr std::chrono::seconds kFirstLook{45};
/// A few megabytes; a burst of a thousand collectors leaves room for the night before.
inline constexpr std::size_t kEventsKept = 10'000;

/// What happened, told from report to report: verdict changes, what servers announced, leaders,
/// configurations, pauses, crossed thresholds, the connection. The same reports give the same events.
///
///     log.add(report, advisories);             // every second
///     for (std::uint64_t number : log.takeTouched()) ...
///
/// One thread. Bounded: the oldest go first and are counted.
class EventLog final
{
public:
    /// Numbers below it are of the past.
    static constexpr std::uint64_t kFirstNumber = 1U << 20U;

    explicit EventLog(std::size_t mostKept = kEventsKept)
        : m_mostKept(mostKept)
    {}

    void add(const ClusterReport& report, std::span<const Advisory> advisories);
    /// `why`: a sentence; may be empty.
    void connectionLost(ServerTime at, std::string why);
    void connectionBack(ServerTime at);
    /// What a history kept, oldest first; what is not from before the first report is passed over, for this
    /// log has seen it itself, and so is what only says that a later start found a verdict as it was. Once.
    void addPast(std::span<const HistoryMark> marks);

    /// Oldest first; numbers ascend.
    [[nodiscard]] const std::deque<ClusterEvent>& events() const noexcept { return m_events; }
    [[nodiscard]] const ClusterEvent* find(std::uint64_t number) const;
    /// Numbers of the events that are new or have changed since the last call, ascending.
    [[nodiscard]] std::vector<std::uint64_t> takeTouched();
    [[nodiscard]] std::uint64_t dropped() const noexcept { return m_dropped; }

private:
    /// What makes two happenings the same: what, stream, collector.
    using FoldKey = std::tuple<std::string, std::string, std::string>;
    enum class Origin { Sample, Server };
    struct Fold
    {
        std::uint64_t number = 0;
        Origin origin = Origin::Sample;
    };

    void addMark(HistoryMark mark);
    void addVerdict(HistoryMark mark);
    void turn(ClusterEvent& event, const HistoryMark& mark);
    void addAdvisory(const Advisory& advisory);
    /// A crossed threshold, or what is wrong with a stream itself: an event when it begins, one when it is
    /// over.
    struct Standing
    {
        std::string what;
        std::string sentence;
        EventSeverity severity = EventSeverity::Warning;
    };
    [[nodiscard]] static std::vector<Standing> standingOf(const std::vector<ThresholdFinding>& found);
    [[nodiscard]] static Standing standingOf(const StreamFinding& finding);
    /// `whose`: stream, and collector or nobody.
    void addStanding(const std::pair<std::string, std::string>& whose, const std::vector<Standing>& found,
                     ServerTime at);
    /// Counts `event` into one that says the same, or appends it.
    void fold(const std::string& what, ClusterEvent event, Origin origin);
    ClusterEvent& append(ClusterEvent event);
    [[nodiscard]] ClusterEvent* findToChange(std::uint64_t number);
    void touch(std::uint64_t number) { m_touched.insert(number); }
    void forgetOldFolds(ServerTime now);

    const std::size_t m_mostKept;
    std::deque<ClusterEvent> m_events;
    std::uint64_t m_next = kFirstNumber;
    std::uint64_t m_dropped = 0;
    std::set<std::uint64_t> m_touched;
    ChangeFinder m_changes;
    std::map<FoldKey, Fold> m_folds;
    struct Turn
    {
        std::uint64_t number = 0; ///< the newest event of a verdict
        std::string verdict;      ///< to which it changed first
    };
    std::map<std::pair<std::string, std::string>, Turn> m_lastVerdict; ///< by stream, collector
    /// What stands, by stream and collector: name → its event.
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::uint64_t>> m_standing;
    bool m_isFirstReport = true;
    ServerTime m_begun{}; ///< of the first report
    std::optional<ServerTime> m_lostAt;
};

} // namespace jetlag
