// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/window.h"

#include <algorithm>
#include <cmath>

namespace jetlag {

namespace {

constexpr std::chrono::milliseconds kAnotherCreation{5};

constexpr std::size_t kReadingsKept = 64; ///< at one a second the newest half minute is never merged
constexpr double kSecondsKept = 120;
constexpr double kPollsKept = 24;
constexpr double kPausesKept = 4.5;  ///< trends of who works in steps look at two pauses and their work
constexpr double kPauseKeptFor = 10; ///< times its length: what comes more rarely is no rhythm
constexpr double kResetKept = 60;
constexpr double kFilterIsNew = 30;
constexpr std::size_t kAdvisedKept = 32; ///< sequences of naks, and of messages out of deliveries
constexpr std::size_t kRhythmKept = 30;
constexpr std::size_t kPollOf = 6;
constexpr double kLongerThanPoll = 1.5; ///< polls: what is shorter is no pause
constexpr double kNaksCountFor = 15;

double seconds(ServerTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double value(auto sequence)
{
    return static_cast<double>(sequence.value());
}

bool sameConfig(const ConsumerSnapshot& one, const ConsumerSnapshot& other)
{
    return one.filters == other.filters && one.ackWait == other.ackWait &&
           one.maxDeliver == other.maxDeliver && one.maxAckPending == other.maxAckPending &&
           one.maxWaiting == other.maxWaiting && one.deliverPolicy == other.deliverPolicy &&
           one.ackPolicy == other.ackPolicy && one.deliverSubject == other.deliverSubject;
}

/// Only what the consumer did; an ack floor that follows evicted messages is no ack.
bool sawAck(const VerdictSample& from, const VerdictSample& to)
{
    const bool floorMoved = from.consumer->ackFloor.stream != to.consumer->ackFloor.stream;
    const bool evicted = to.consumer->ackFloor.stream.value() + 1 <= to.stream->firstSequence.value() &&
                         from.stream->firstSequence != to.stream->firstSequence;
    const bool activeMoved =
        to.consumer->lastAcked && to.consumer->lastAcked != from.consumer->lastAcked &&
        !(from.consumer->lastAcked && *to.consumer->lastAcked < *from.consumer->lastAcked);
    return activeMoved || (floorMoved && !evicted);
}

/// Of a stream without gaps every message below the position was delivered at least once, so that who moves
/// further than it was delivered was wound back in between and has caught up again.
bool woundBackUnseen(const VerdictSample& from, const VerdictSample& to)
{
    const StreamSnapshot& stream = *to.stream;
    const bool mayHaveGaps = stream.deleted > 0 || stream.maxMessages > 0 || stream.maxBytes > 0 ||
                             stream.maxAge.count() > 0 || stream.maxMessagesPerSubject > 0 ||
                             stream.retention != "limits" ||
                             stream.firstSequence.value() > from.consumer->delivered.stream.value() + 1;
    if (!to.canBeReset || mayHaveGaps || !to.consumer->filters.empty() || to.consumer->deliverPolicy != "all")
        return false;
    const double deliveries =
        value(to.consumer->delivered.consumer) - value(from.consumer->delivered.consumer);
    const double moved = value(to.consumer->delivered.stream) - value(from.consumer->delivered.stream);
    return deliveries >= 0 && deliveries < moved;
}

Interval between(const VerdictSample& from, const VerdictSample& to)
{
    const ConsumerSnapshot& before = *from.consumer;
    const ConsumerSnapshot& after = *to.consumer;
    Interval interval{.end = to.at, .seconds = to.at - from.at};
    interval.naks = static_cast<std::uint32_t>(
        std::count_if(to.advisories.begin(), to.advisories.end(),
                      [](const AdvisoryNote& note) { return note.kind == "nak"; }));
    interval.deliveries = value(after.delivered.consumer) - value(before.delivered.consumer);
    const double moved = value(after.delivered.stream) - value(before.delivered.stream);
    const double naks = after.redelivered > 0 ? static_cast<double>(interval.naks) : 0;
    interval.again =
        std::max({0.0, interval.deliveries - moved,
                  static_cast<double>(after.redelivered) - static_cast<double>(before.redelivered), naks});
    interval.again = std::min(interval.again, interval.deliveries);
    interval.first = interval.deliveries - interval.again;
    interval.acked = sawAck(from, to);
    const double inHand = static_cast<double>(after.ackPending) - static_cast<double>(before.ackPending);
    interval.acks = interval.acked ? std::max(0.0, interval.first - inHand) : 0;
    const double pending = static_cast<double>(after.pending) - static_cast<double>(before.pending);
    interval.arrived = std::max(0.0, pending + interval.first);
    interval.idleWithPending = interval.deliveries == 0 && after.pending > 0;
    return interval;
}

bool reaches(std::uint64_t count, std::int64_t limit)
{
    return limit > 0 && count >= static_cast<std::uint64_t>(limit);
}

Reading readingOf(const VerdictSample& sample)
{
    const ConsumerSnapshot& consumer = *sample.consumer;
    Reading reading{.at = sample.at,
                    .delivered = consumer.delivered.stream,
                    .floor = consumer.ackFloor.stream,
                    .first = sample.stream->firstSequence,
                    .last = sample.stream->lastSequence,
                    .messages = sample.stream->messages,
                    .pending = consumer.pending,
                    .inHand = consumer.ackPending,
                    .redelivered = consumer.redelivered,
                    .pullWaits = consumer.waiting > 0,
                    .pullsFull = reaches(consumer.waiting, consumer.maxWaiting),
                    .capFull = reaches(consumer.ackPending, consumer.maxAckPending)};
    reading.leastLag = reading.mostLag = reading.lag();
    for (const AdvisoryNote& note : sample.advisories) {
        if (note.kind == "nak" && note.deliveries >= 3)
            reading.nakedThrice = std::max(reading.nakedThrice, note.sequence);
    }
    return reading;
}

void mergeInto(Reading& later, const Reading& earlier)
{
    later.leastLag = std::min(later.leastLag, earlier.leastLag);
    later.mostLag = std::max(later.mostLag, earlier.mostLag);
    later.nakedThrice = std::max(later.nakedThrice, earlier.nakedThrice);
}

void mergeInto(Interval& later, const Interval& earlier)
{
    later.seconds += earlier.seconds;
    later.deliveries += earlier.deliveries;
    later.again += earlier.again;
    later.first += earlier.first;
    later.acks += earlier.acks;
    later.arrived += earlier.arrived;
    later.naks += earlier.naks;
    later.acked = later.acked || earlier.acked;
    later.idleWithPending = later.idleWithPending && earlier.idleWithPending;
}

void keep(std::deque<Pause>& rhythm, Pause pause)
{
    rhythm.push_back(pause);
    if (rhythm.size() > kRhythmKept)
        rhythm.pop_front();
}

void forget(std::deque<Pause>& rhythm, double now)
{
    std::erase_if(rhythm, [now](const Pause& pause) {
        return now - pause.ended > std::max(kSecondsKept, kPauseKeptFor * pause.length);
    });
}

double longestHabit(const std::deque<Pause>& rhythm)
{
    double longest = 0;
    double habit = 0;
    for (const Pause& pause : rhythm) {
        habit = std::max(habit, std::min(longest, pause.length));
        longest = std::max(longest, pause.length);
    }
    return habit;
}

} // namespace

void VerdictWindow::add(VerdictSample sample)
{
    for (const std::optional<ServerTime>& time :
         {std::optional(sample.stream->lastTime), sample.consumer->lastDelivered,
          sample.consumer->lastAcked}) {
        if (time && *time != ServerTime{})
            m_clockOffset = std::max(m_clockOffset, seconds(*time) - sample.at);
    }
    noteAdvisories(sample);
    noteCount(sample);
    if (startsSeries(sample))
        begin(std::move(sample));
    else
        extend(std::move(sample));
    if (consumer().waiting > 0)
        m_pullSeen = now().at;
    noteEmpty();
    if (m_beforeReset && now().at - *m_recreatedAt > kResetKept)
        m_beforeReset.reset();
    if (consumer().redelivered == 0)
        m_redeliveredSince.reset();
    else if (!m_redeliveredSince)
        m_redeliveredSince = now().at;
}

void VerdictWindow::noteCount(const VerdictSample& sample)
{
    if (m_counting)
        m_counted = std::exchange(m_counting, std::nullopt);
    if (sample.matching)
        m_counting = Counted{*sample.matching, sample.consumer->filters, sample.stream->messages,
                             sample.stream->firstSequence, sample.stream->lastSequence};
    if (!m_readings.empty() && consumer().filters != sample.consumer->filters)
        m_filterChangedAt = sample.at;
}

bool VerdictWindow::startsSeries(const VerdictSample& sample)
{
    const bool wasGone = std::exchange(m_wasGone, false);
    if (m_readings.empty())
        return true;
    const ConsumerSnapshot& before = *m_now.consumer;
    const ConsumerSnapshot& after = *sample.consumer;
    const bool fell = after.delivered.consumer < before.delivered.consumer ||
                      after.delivered.stream < before.delivered.stream ||
                      after.ackFloor.consumer < before.ackFloor.consumer ||
                      after.ackFloor.stream < before.ackFloor.stream;
    const bool moved = after.created != before.created;
    const bool otherLeader = after.placement.leader != before.placement.leader ||
                             sample.stream->placement.leader != m_now.stream->placement.leader;
    const bool halved = after.delivered.consumer.value() < before.delivered.consumer.value() / 2;
    const bool quietChange = !sample.connected && !otherLeader;
    const bool rewound = quietChange && !moved && woundBackUnseen(m_now, sample);
    // A restart rounds the time of creation: it moves by less than a millisecond.
    const bool another = std::chrono::abs(after.created - before.created) >= kAnotherCreation;
    const bool anew = wasGone && (another || fell); // a list may have left it out for a moment
    const bool other =
        anew || (another && (quietChange || halved)) || (fell && !moved && quietChange) || rewound;
    const bool onlyEdited = moved && !fell && !sameConfig(before, after);
    if (other && !onlyEdited)
        m_recreatedAt = sample.at;
    return fell || moved || otherLeader || sample.connected || wasGone || rewound;
}

void VerdictWindow::begin(VerdictSample sample)
{
    m_previous.reset();
    if (!m_readings.empty())
        m_previous = std::move(m_now);
    if (m_previous && m_recreatedAt == sample.at)
        m_beforeReset = m_previous;
    m_now = std::move(sample);
    m_readings.assign(1, readingOf(m_now));
    m_intervals.clear();
    m_begun = m_stalledSince = m_muteSince = m_floorSince = m_redeliveriesRestSince = m_now.at;
    m_acksSinceFloor = m_againSinceFloor = 0;
    m_ackedAt.reset();
    m_pullSeen.reset();
    m_emptyAt.reset();
}

void VerdictWindow::extend(VerdictSample sample)
{
    m_previous = std::move(m_now);
    m_now = std::move(sample);
    const Interval interval = between(*m_previous, m_now);
    const double from = m_previous->at;
    const bool floorMoved = m_previous->consumer->ackFloor.stream != consumer().ackFloor.stream;
    if (interval.arrived > 0 && m_previous->stream->lastSequence != stream().lastSequence)
        m_sawArrivals = true;
    if (interval.again > 0 || m_previous->consumer->redelivered != consumer().redelivered)
        m_redeliveriesRestSince = now().at;
    // No doubling beyond the most there will be.
    if (m_readings.size() == m_readings.capacity() && m_readings.size() > kReadingsKept / 4) {
        m_readings.reserve(kReadingsKept + 1);
        m_intervals.reserve(kReadingsKept);
    }
    m_intervals.push_back(interval);
    m_readings.push_back(readingOf(m_now));
    forgetOld();
    std::vector<double> lengths;
    for (std::size_t at = m_intervals.size() - std::min(kPollOf, m_intervals.size()); at < m_intervals.size();
         ++at)
        lengths.push_back(m_intervals[at].seconds);
    std::sort(lengths.begin(), lengths.end());
    const std::size_t middle = lengths.size() / 2;
    m_poll = lengths.size() % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2;

    noteRhythm(interval, from);
    if (interval.acked)
        m_ackedAt = now().at;
    if (floorMoved) {
        m_floorSince = now().at;
        m_acksSinceFloor = m_againSinceFloor = 0;
        return;
    }
    m_acksSinceFloor += interval.acks;
    m_againSinceFloor += interval.again;
}

void VerdictWindow::forgetOld()
{
    const double from =
        now().at - std::max({kSecondsKept, kPollsKept * m_poll, kPausesKept * longestStall()});
    const auto old = std::find_if(m_readings.begin(), m_readings.end() - 2,
                                  [from](const Reading& reading) { return reading.at >= from; }) -
                     m_readings.begin();
    m_readings.erase(m_readings.begin(), m_readings.begin() + old);
    m_intervals.erase(m_intervals.begin(), m_intervals.begin() + old);
    if (m_readings.size() <= kReadingsKept)
        return;
    // Reading 0 stays: it is where intervals begin.
    std::size_t to = 0;
    for (std::size_t at = 0; at < m_intervals.size(); ++at, ++to) {
        Interval interval = m_intervals[at];
        Reading reading = m_readings[at + 1];
        if (at < kReadingsKept / 2) {
            ++at;
            const Interval earlier = std::exchange(interval, m_intervals[at]);
            const Reading skipped = std::exchange(reading, m_readings[at + 1]);
            mergeInto(interval, earlier);
            mergeInto(reading, skipped);
        }
        m_intervals[to] = interval;
        m_readings[to + 1] = reading;
    }
    m_intervals.resize(to);
    m_readings.resize(to + 1);
}

void VerdictWindow::noteEmpty()
{
    const std::optional<ServerTime>& delivered = consumer().lastDelivered;
    if (consumer().pending == 0)
        m_emptyAt = now().at;
    // An estimated time proves no order: it may be off by a look.
    else if (now().unread && !now().unread->isEstimated() && delivered && now().unread->time > *delivered)
        m_emptyAt = std::max(m_emptyAt.value_or(m_begun), now().at - std::max(0.0, ageOf(*delivered)));
}

void VerdictWindow::noteRhythm(const Interval& interval, double before)
{
    forget(m_stalls, now().at);
    forget(m_mutes, now().at);
    if (interval.deliveries != 0 || consumer().pending == 0) {
        const double stalled = before - m_stalledSince;
        if (interval.deliveries != 0 && stalled > kLongerThanPoll * m_poll)
            keep(m_stalls, {stalled + interval.seconds, now().at});
        m_stalledSince = now().at;
    }
    if (interval.acked || consumer().ackPending == 0) {
        const double mute = now().at - m_muteSince;
        if (interval.acked && mute > kLongerThanPoll * m_poll)
            keep(m_mutes, {mute, now().at});
        m_muteSince = now().at;
    }
}

void VerdictWindow::noteAdvisories(const VerdictSample& sample)
{
    for (const AdvisoryNote& note : sample.advisories) {
        if (note.kind == "nak" && (m_naks.size() < kAdvisedKept || m_naks.contains(note.sequence))) {
            auto& [count, last] = m_naks[note.sequence];
            ++count;
            last = sample.at;
        } else if (note.kind == "max_deliver") {
            m_outOfDeliveries.push_back(note.sequence);
        }
    }
    std::erase_if(m_outOfDeliveries,
                  [&](std::uint64_t sequence) { return sequence < sample.stream->firstSequence.value(); });
    if (m_outOfDeliveries.size() > kAdvisedKept)
        m_outOfDeliveries.erase(m_outOfDeliveries.begin(), m_outOfDeliveries.end() - kAdvisedKept);
    std::erase_if(m_naks,
                  [&](const auto& nak) { return nak.second.second <= sample.at - 4 * kNaksCountFor; });
}

std::span<const Reading> VerdictWindow::latest(std::size_t count) const
{
    return m_readings.size() < count ? std::span<const Reading>() : readings().last(count);
}

std::span<const Reading> VerdictWindow::within(double length, double polls) const
{
    const double from = now().at - std::max(length, polls * m_poll) - 0.2 * m_poll;
    const auto found = std::find_if(m_readings.begin(), m_readings.end(),
                                    [from](const Reading& reading) { return reading.at >= from; });
    return {found, m_readings.end()};
}

std::span<const Interval> VerdictWindow::intervalsWithin(double length, double polls) const
{
    const double from = now().at - std::max(length, polls * m_poll) + 0.2 * m_poll;
    const auto found = std::find_if(m_intervals.begin(), m_intervals.end(),
                                    [from](const Interval& interval) { return interval.end > from; });
    return {found, m_intervals.end()};
}

double VerdictWindow::sumWithin(double length, double Interval::*what) const
{
    double sum = 0;
    for (const Interval& interval : intervalsWithin(length))
        sum += interval.*what;
    return sum;
}

double VerdictWindow::lag() const
{
    return static_cast<double>(consumer().pending) + static_cast<double>(consumer().ackPending);
}

double VerdictWindow::arrivalRate() const
{
    const double lately = sumWithin(5, &Interval::seconds);
    double all = 0;
    double allSeconds = 0;
    for (const Interval& interval : intervalsWithin(std::max(60.0, 12 * m_poll))) {
        all += interval.arrived;
        allSeconds += interval.seconds;
    }
    return std::max(lately > 0 ? sumWithin(5, &Interval::arrived) / lately : 0,
                    allSeconds > 0 ? all / allSeconds : 0);
}

double VerdictWindow::deliveryRate() const
{
    const double lately = sumWithin(5, &Interval::seconds);
    return lately > 0 ? sumWithin(5, &Interval::first) / lately : 0;
}

double VerdictWindow::longestStall() const
{
    return longestHabit(m_stalls);
}

double VerdictWindow::longestMute() const
{
    return longestHabit(m_mutes);
}

std::size_t VerdictWindow::sequencesNakedThrice() const
{
    return static_cast<std::size_t>(std::count_if(m_naks.begin(), m_naks.end(), [this](const auto& nak) {
        return nak.second.first >= 3 && nak.second.second > now().at - kNaksCountFor;
    }));
}

std::optional<double> VerdictWindow::matching() const
{
    if (consumer().filters.empty())
        return static_cast<double>(stream().messages);
    if (!m_counted || m_counted->filters != consumer().filters ||
        m_counted->first != stream().firstSequence || m_counted->last > stream().lastSequence ||
        stream().messages < m_counted->messages ||
        stream().messages - m_counted->messages != stream().lastSequence.value() - m_counted->last.value())
        return std::nullopt;
    return static_cast<double>(m_counted->matching);
}

bool VerdictWindow::hasNewFilter() const
{
    return m_filterChangedAt && now().at - *m_filterChangedAt <= std::max(kFilterIsNew, 3 * m_poll);
}

std::optional<ServerTime> VerdictWindow::undeliveredSince() const
{
    if (consumer().lastDelivered)
        return consumer().lastDelivered;
    const std::optional<FoundMessage>& oldest = now().unread;
    // After a restart the server tells no time, but that it delivered. Where messages were deleted an older
    // one may have waited.
    const bool knowsFirst = oldest && !oldest->isEstimated() && consumer().delivered.consumer.isZero() &&
                            stream().firstSequence.value() <= 1;
    return knowsFirst ? std::optional(std::max(oldest->time, consumer().created)) : std::nullopt;
}

double VerdictWindow::ageOf(ServerTime time) const
{
    const double serverNow = now().serverNow ? seconds(*now().serverNow) : now().at + m_clockOffset;
    return serverNow - seconds(time);
}

} // namespace jetlag
