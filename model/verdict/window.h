#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/sample.h"

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace jetlag {

/// What stays of a sample that is not the newest: the numbers that rules compare, no words. A thousand
/// collectors are watched at once, so it is small.
struct Reading
{
    double at = 0;
    StreamSequence delivered;
    StreamSequence floor;
    StreamSequence first; ///< of the stream
    StreamSequence last;
    std::uint64_t messages = 0;
    std::uint64_t pending = 0;
    std::uint64_t inHand = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t nakedThrice =
        0; ///< highest sequence of which a nak told three deliveries or more; 0 = none
    /// Least and most of pending + in hand, of the readings too that were merged into this one.
    double leastLag = 0;
    double mostLag = 0;
    bool pullWaits = false;
    bool pullsFull = false; ///< max_waiting reached
    bool capFull = false;   ///< max_ack_pending reached

    [[nodiscard]] double lag() const { return static_cast<double>(pending) + static_cast<double>(inHand); }
};

/// What happened between two readings of one series. Counts of messages.
struct Interval
{
    double end = 0;
    double seconds = 0;
    double deliveries = 0; ///< all of them
    double again = 0;      ///< redeliveries: a lower bound
    double first = 0;      ///< first deliveries
    double acks = 0;       ///< only where an ack was seen: messages leave "in hand" without one too
    double arrived = 0;    ///< matching messages
    std::uint32_t naks = 0;
    bool acked = false;
    bool idleWithPending = false; ///< nothing was delivered though something waited
};

/// A time without deliveries though something waited, or without acks though something is in hand.
struct Pause
{
    double length = 0;
    double ended = 0;
};

/// The recent past of one consumer: readings and intervals of the series that is running, its rhythm, and
/// what must outlive a series. Times are seconds of the samples' clock.
///
/// Only the newest sample and the one before stay whole. Of the others there are two minutes (longer for slow
/// polls and for collectors with long pauses of their own) as readings; when these become many, the older
/// half is merged by twos. So a collector costs the same however long and however often it is looked at:
/// below 20 kB.
class VerdictWindow final
{
public:
    /// A whole sample. True when it starts a new series: counters fell, `created` moved, a leader changed or
    /// the connection broke, so that nothing may be compared across.
    void add(VerdictSample sample);
    /// CONSUMER.INFO said that there is no such consumer: what comes next is another one.
    void consumerIsGone() { m_wasGone = true; }

    [[nodiscard]] const VerdictSample& now() const { return m_now; }
    [[nodiscard]] const StreamSnapshot& stream() const { return *m_now.stream; }
    [[nodiscard]] const ConsumerSnapshot& consumer() const { return *m_now.consumer; }
    /// Of the same series; null = the series begins.
    [[nodiscard]] const VerdictSample* previous() const
    {
        return m_readings.size() > 1 && m_previous ? &*m_previous : nullptr;
    }
    /// The last one before the series began, when it has just begun.
    [[nodiscard]] const VerdictSample* beforeSeries() const
    {
        return m_readings.size() == 1 && m_previous ? &*m_previous : nullptr;
    }
    /// The last one before the consumer was made anew or wound back; null when that was not seen, or long
    /// ago.
    [[nodiscard]] const VerdictSample* beforeReset() const
    {
        return m_beforeReset ? &*m_beforeReset : nullptr;
    }
    /// Oldest first; the last one is of now().
    [[nodiscard]] std::span<const Reading> readings() const { return m_readings; }
    /// One less than readings: intervals()[i] lies before readings()[i + 1].
    [[nodiscard]] std::span<const Interval> intervals() const { return m_intervals; }
    /// The newest `count` readings; none when there are fewer.
    [[nodiscard]] std::span<const Reading> latest(std::size_t count) const;

    [[nodiscard]] double poll() const { return m_poll; } ///< median of the last intervals
    /// So slow that three polls are longer than what a name rests on at one look a second.
    [[nodiscard]] bool hasSlowPolls() const { return m_poll >= 2.5; }
    /// Windows are never shorter than three polls, where not told otherwise.
    [[nodiscard]] std::span<const Reading> within(double seconds, double polls = 3) const;
    [[nodiscard]] std::span<const Interval> intervalsWithin(double seconds, double polls = 3) const;
    [[nodiscard]] double sumWithin(double seconds, double Interval::*what) const;
    [[nodiscard]] double age() const { return m_now.at - m_begun; } ///< of the series

    [[nodiscard]] double lag() const;
    /// Nothing matching was undelivered so many seconds ago; also between two looks, where the oldest unread
    /// message is younger than the last delivery. nullopt = not seen in this series.
    [[nodiscard]] std::optional<double> emptyAgo() const
    {
        return m_emptyAt ? std::optional(now().at - *m_emptyAt) : std::nullopt;
    }
    [[nodiscard]] double arrivalRate() const;  ///< the larger of 5 s and everything known
    [[nodiscard]] double deliveryRate() const; ///< first deliveries over 5 s
    [[nodiscard]] double stall() const { return now().at - m_stalledSince; }
    [[nodiscard]] double mute() const { return now().at - m_muteSince; }
    [[nodiscard]] double floorStands() const { return now().at - m_floorSince; }
    /// So long is all that was watched of this series, a poll more or less: it may have begun before.
    [[nodiscard]] bool reachesBack(double seconds) const { return seconds >= age() - poll(); }
    /// Since when nothing is delivered, by the server's own times: since the last delivery; where there was
    /// none, since the oldest unread message came. nullopt = they do not tell.
    [[nodiscard]] std::optional<ServerTime> undeliveredSince() const;
    /// For how long no pull was seen waiting; the age of the series and more when there was none at all.
    [[nodiscard]] bool noPullFor(double seconds) const
    {
        return !m_pullSeen || *m_pullSeen <= now().at - seconds;
    }
    [[nodiscard]] bool noAckFor(double seconds) const
    {
        return !m_ackedAt || *m_ackedAt <= now().at - seconds;
    }
    /// For how long num_redelivered stands and nothing was redelivered.
    [[nodiscard]] double redeliveriesRest() const { return now().at - m_redeliveriesRestSince; }
    [[nodiscard]] double acksSinceFloor() const { return m_acksSinceFloor; }
    [[nodiscard]] double againSinceFloor() const { return m_againSinceFloor; }
    [[nodiscard]] bool ackedSinceFloor() const { return m_ackedAt && *m_ackedAt > m_floorSince; }
    /// Pauses in deliveries that ended, as far as they are remembered: for ten times their length.
    [[nodiscard]] const std::deque<Pause>& stalls() const { return m_stalls; }
    /// The longest that was made twice: one is an outage, two are a habit. 0 = none.
    [[nodiscard]] double longestStall() const;
    [[nodiscard]] double longestMute() const; ///< the same between acks
    /// Redelivered messages are in hand all the time since then; nullopt = none now.
    [[nodiscard]] std::optional<double> redeliveredSince() const { return m_redeliveredSince; }
    [[nodiscard]] bool sawArrivals() const { return m_sawArrivals; }
    [[nodiscard]] std::optional<double> recreatedAt() const { return m_recreatedAt; }
    [[nodiscard]] std::size_t sequencesNakedThrice() const; ///< lately
    [[nodiscard]] const std::vector<std::uint64_t>& outOfDeliveries() const { return m_outOfDeliveries; }
    /// So many matching messages there are at least: counted after an earlier sample, and nothing was removed
    /// since. A count is made after the answers of its own look, so that it may hold messages that these do
    /// not know; the next look's answers know them all. Without a filter: this look's own number.
    [[nodiscard]] std::optional<double> matching() const;
    /// The filter was changed lately.
    [[nodiscard]] bool hasNewFilter() const;
    /// Counts of what filters match are made.
    [[nodiscard]] bool isCounted() const { return m_counted.has_value(); }
    /// The server's now less `time`, in seconds; a lower bound where the server does not tell its time.
    [[nodiscard]] double ageOf(ServerTime time) const;

private:
    struct Counted
    {
        std::uint64_t matching = 0;
        std::vector<std::string> filters;
        std::uint64_t messages = 0;
        StreamSequence first;
        StreamSequence last;
    };
    void noteCount(const VerdictSample& sample);
    [[nodiscard]] bool startsSeries(const VerdictSample& sample);
    void begin(VerdictSample sample);
    void extend(VerdictSample sample);
    void forgetOld();
    void noteEmpty();
    void noteRhythm(const Interval& interval, double before);
    void noteAdvisories(const VerdictSample& sample);

    VerdictSample m_now;
    std::optional<VerdictSample> m_previous; ///< of another series when there is but one reading
    std::optional<VerdictSample> m_beforeReset;
    std::vector<Reading> m_readings;
    std::vector<Interval> m_intervals;
    double m_begun = 0; ///< the series
    double m_poll = 1;
    double m_stalledSince = 0;
    double m_muteSince = 0;
    double m_floorSince = 0;
    double m_acksSinceFloor = 0;
    double m_againSinceFloor = 0;
    double m_redeliveriesRestSince = 0;
    std::optional<double> m_pullSeen;
    std::optional<double> m_emptyAt;
    std::optional<double> m_ackedAt;
    std::deque<Pause> m_stalls;
    std::deque<Pause> m_mutes;
    std::optional<double> m_redeliveredSince;
    bool m_sawArrivals = false;
    bool m_wasGone = false;
    std::optional<double> m_recreatedAt;
    std::map<std::uint64_t, std::pair<std::size_t, double>> m_naks; ///< how often, when last
    std::vector<std::uint64_t> m_outOfDeliveries;
    std::optional<Counted> m_counted;  ///< in an earlier look
    std::optional<Counted> m_counting; ///< in the newest
    std::optional<double> m_filterChangedAt;
    double m_clockOffset = -1e18; ///< server seconds less local ones: the largest seen
};

} // namespace jetlag
