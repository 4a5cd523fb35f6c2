#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/sample.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace jetlag {

/// What happened between two samples of one series. Counts of messages.
struct Interval
{
    double end = 0;
    double seconds = 0;
    double deliveries = 0; ///< all of them
    double again = 0;      ///< redeliveries: a lower bound
    double first = 0;      ///< first deliveries
    double acks = 0;       ///< only where an ack was seen: messages leave "in hand" without one too
    double arrived = 0;    ///< matching messages
    std::size_t naks = 0;
    bool acked = false;
    bool idleWithPending = false; ///< nothing was delivered though something waited
};

/// The recent past of one consumer: samples and intervals of the series that is running, its rhythm, and what
/// must outlive a series. Times are seconds of the samples' clock.
class VerdictWindow final
{
public:
    /// A whole sample. True when it starts a new series: counters fell, `created` moved, a leader changed or
    /// the connection broke, so that nothing may be compared across.
    void add(VerdictSample sample);
    /// CONSUMER.INFO said that there is no such consumer: what comes next is another one.
    void consumerIsGone() { m_wasGone = true; }

    [[nodiscard]] const VerdictSample& now() const { return m_samples.back(); }
    [[nodiscard]] const StreamSnapshot& stream() const { return *now().stream; }
    [[nodiscard]] const ConsumerSnapshot& consumer() const { return *now().consumer; }
    /// Of the same series; null = the series begins.
    [[nodiscard]] const VerdictSample* previous() const;
    /// The last one before the series began, when it has just begun.
    [[nodiscard]] const VerdictSample* beforeSeries() const;
    /// The last one before the consumer was made anew or wound back; null when that was not seen.
    [[nodiscard]] const VerdictSample* beforeReset() const
    {
        return m_beforeReset ? &*m_beforeReset : nullptr;
    }
    [[nodiscard]] const std::deque<VerdictSample>& samples() const { return m_samples; }
    [[nodiscard]] const std::deque<Interval>& intervals() const { return m_intervals; }
    /// The last `count` samples satisfy `holds`; false with fewer.
    [[nodiscard]] bool lastSamples(std::size_t count,
                                   const std::function<bool(const VerdictSample&)>& holds) const;

    [[nodiscard]] double poll() const { return m_poll; } ///< median of the last intervals
    /// Windows are never shorter than three polls.
    [[nodiscard]] std::vector<const VerdictSample*> within(double seconds) const;
    [[nodiscard]] std::vector<const Interval*> intervalsWithin(double seconds) const;
    [[nodiscard]] double sumWithin(double seconds, double Interval::*what) const;
    [[nodiscard]] double age() const { return now().at - m_samples.front().at; } ///< of the series

    [[nodiscard]] double lag() const;
    [[nodiscard]] double arrivalRate() const;  ///< the larger of 5 s and everything known
    [[nodiscard]] double deliveryRate() const; ///< first deliveries over 5 s
    [[nodiscard]] double stall() const { return now().at - m_stalledSince; }
    [[nodiscard]] double mute() const { return now().at - m_muteSince; }
    [[nodiscard]] double floorStands() const { return now().at - m_floorSince; }
    [[nodiscard]] double acksSinceFloor() const { return m_acksSinceFloor; }
    [[nodiscard]] double againSinceFloor() const { return m_againSinceFloor; }
    [[nodiscard]] bool ackedSinceFloor() const;
    [[nodiscard]] const std::deque<double>& stalls() const { return m_stalls; } ///< that ended
    [[nodiscard]] double longestStall() const;
    [[nodiscard]] double longestMute() const;
    /// Redelivered messages are in hand all the time since then; nullopt = none now.
    [[nodiscard]] std::optional<double> redeliveredSince() const { return m_redeliveredSince; }
    [[nodiscard]] bool sawArrivals() const { return m_sawArrivals; }
    [[nodiscard]] std::optional<double> recreatedAt() const { return m_recreatedAt; }
    [[nodiscard]] std::size_t sequencesNakedThrice() const; ///< lately
    [[nodiscard]] const std::vector<std::uint64_t>& outOfDeliveries() const { return m_outOfDeliveries; }
    /// Matching messages in the stream, where they are known for the stream as it is now.
    [[nodiscard]] std::optional<double> matching() const;
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
    [[nodiscard]] bool startsSeries(const VerdictSample& sample);
    void begin(VerdictSample sample);
    void extend(VerdictSample sample);
    void noteRhythm(const Interval& interval, double before);
    void noteAdvisories(const VerdictSample& sample);

    std::deque<VerdictSample> m_samples;
    std::deque<Interval> m_intervals;
    std::optional<VerdictSample> m_before;
    std::optional<VerdictSample> m_beforeReset;
    double m_poll = 1;
    double m_stalledSince = 0;
    double m_muteSince = 0;
    double m_floorSince = 0;
    double m_acksSinceFloor = 0;
    double m_againSinceFloor = 0;
    std::optional<double> m_ackedAt;
    std::deque<double> m_stalls;
    std::deque<double> m_mutes;
    std::optional<double> m_redeliveredSince;
    bool m_sawArrivals = false;
    bool m_wasGone = false;
    std::optional<double> m_recreatedAt;
    std::map<std::uint64_t, std::pair<std::size_t, double>> m_naks; ///< how often, when last
    std::vector<std::uint64_t> m_outOfDeliveries;
    std::optional<Counted> m_counted;
    double m_clockOffset = -1e18; ///< server seconds less local ones: the largest seen
};

} // namespace jetlag
