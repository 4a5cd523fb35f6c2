// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/window.h"

#include <algorithm>
#include <cmath>

namespace jetlag {

namespace {

constexpr std::size_t kSamplesKept = 400;
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

Interval between(const VerdictSample& from, const VerdictSample& to)
{
    const ConsumerSnapshot& before = *from.consumer;
    const ConsumerSnapshot& after = *to.consumer;
    Interval interval{.end = to.at, .seconds = to.at - from.at};
    interval.naks =
        static_cast<std::size_t>(std::count_if(to.advisories.begin(), to.advisories.end(),
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

void keep(std::deque<double>& rhythm, double length)
{
    rhythm.push_back(length);
    if (rhythm.size() > kRhythmKept)
        rhythm.pop_front();
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
    if (sample.matching)
        m_counted = Counted{*sample.matching, sample.consumer->filters, sample.stream->messages,
                            sample.stream->firstSequence, sample.stream->lastSequence};
    if (startsSeries(sample))
        begin(std::move(sample));
    else
        extend(std::move(sample));
    if (consumer().redelivered == 0)
        m_redeliveredSince.reset();
    else if (!m_redeliveredSince)
        m_redeliveredSince = now().at;
}

bool VerdictWindow::startsSeries(const VerdictSample& sample)
{
    const bool wasGone = std::exchange(m_wasGone, false);
    if (m_samples.empty())
        return true;
    const ConsumerSnapshot& before = *m_samples.back().consumer;
    const ConsumerSnapshot& after = *sample.consumer;
    const bool fell = after.delivered.consumer < before.delivered.consumer ||
                      after.delivered.stream < before.delivered.stream ||
                      after.ackFloor.consumer < before.ackFloor.consumer ||
                      after.ackFloor.stream < before.ackFloor.stream;
    const bool moved = after.created != before.created;
    const bool otherLeader = after.placement.leader != before.placement.leader ||
                             sample.stream->placement.leader != m_samples.back().stream->placement.leader;
    const bool halved = after.delivered.consumer.value() < before.delivered.consumer.value() / 2;
    const bool quietChange = !sample.connected && !otherLeader;
    const bool other = wasGone || (moved && (quietChange || halved)) || (fell && !moved && quietChange);
    const bool onlyEdited = moved && !fell && !sameConfig(before, after);
    if (other && !onlyEdited)
        m_recreatedAt = sample.at;
    return fell || moved || otherLeader || sample.connected || wasGone;
}

void VerdictWindow::begin(VerdictSample sample)
{
    m_before.reset();
    if (!m_samples.empty())
        m_before = std::move(m_samples.back());
    if (m_before && m_recreatedAt == sample.at)
        m_beforeReset = m_before;
    m_samples.clear();
    m_intervals.clear();
    m_stalledSince = m_muteSince = m_floorSince = sample.at;
    m_acksSinceFloor = m_againSinceFloor = 0;
    m_ackedAt.reset();
    m_samples.push_back(std::move(sample));
}

void VerdictWindow::extend(VerdictSample sample)
{
    const VerdictSample& before = m_samples.back();
    const Interval interval = between(before, sample);
    const double from = before.at;
    const bool floorMoved = before.consumer->ackFloor.stream != sample.consumer->ackFloor.stream;
    if (interval.arrived > 0 && before.stream->lastSequence != sample.stream->lastSequence)
        m_sawArrivals = true;
    m_intervals.push_back(interval);
    m_samples.push_back(std::move(sample));
    if (m_samples.size() > kSamplesKept) {
        m_samples.pop_front();
        m_intervals.pop_front();
    }
    std::vector<double> lengths;
    for (std::size_t at = m_intervals.size() - std::min(kPollOf, m_intervals.size()); at < m_intervals.size();
         ++at)
        lengths.push_back(m_intervals[at].seconds);
    std::sort(lengths.begin(), lengths.end());
    const std::size_t middle = lengths.size() / 2;
    m_poll = lengths.size() % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2;

    noteRhythm(interval, from);
    if (floorMoved) {
        m_floorSince = now().at;
        m_acksSinceFloor = m_againSinceFloor = 0;
        return;
    }
    m_acksSinceFloor += interval.acks;
    m_againSinceFloor += interval.again;
    if (interval.acked)
        m_ackedAt = now().at;
}

void VerdictWindow::noteRhythm(const Interval& interval, double before)
{
    if (interval.deliveries != 0 || consumer().pending == 0) {
        const double stalled = before - m_stalledSince;
        if (interval.deliveries != 0 && stalled > kLongerThanPoll * m_poll)
            keep(m_stalls, stalled + interval.seconds);
        m_stalledSince = now().at;
    }
    if (interval.acked || consumer().ackPending == 0) {
        const double mute = now().at - m_muteSince;
        if (interval.acked && mute > kLongerThanPoll * m_poll)
            keep(m_mutes, mute);
        m_muteSince = now().at;
    }
}

void VerdictWindow::noteAdvisories(const VerdictSample& sample)
{
    for (const AdvisoryNote& note : sample.advisories) {
        if (note.kind == "nak") {
            auto& [count, last] = m_naks[note.sequence];
            ++count;
            last = sample.at;
        } else if (note.kind == "max_deliver") {
            m_outOfDeliveries.push_back(note.sequence);
        }
    }
    std::erase_if(m_naks,
                  [&](const auto& nak) { return nak.second.second <= sample.at - 4 * kNaksCountFor; });
}

const VerdictSample* VerdictWindow::previous() const
{
    return m_samples.size() < 2 ? nullptr : &m_samples[m_samples.size() - 2];
}

const VerdictSample* VerdictWindow::beforeSeries() const
{
    return m_samples.size() == 1 && m_before ? &*m_before : nullptr;
}

bool VerdictWindow::lastSamples(std::size_t count,
                                const std::function<bool(const VerdictSample&)>& holds) const
{
    return m_samples.size() >= count &&
           std::all_of(m_samples.end() - static_cast<std::ptrdiff_t>(count), m_samples.end(), holds);
}

std::vector<const VerdictSample*> VerdictWindow::within(double length) const
{
    const double from = now().at - std::max(length, 3 * m_poll) - 0.2 * m_poll;
    std::vector<const VerdictSample*> found;
    for (const VerdictSample& sample : m_samples) {
        if (sample.at >= from)
            found.push_back(&sample);
    }
    return found;
}

std::vector<const Interval*> VerdictWindow::intervalsWithin(double length) const
{
    const double from = now().at - std::max(length, 3 * m_poll) + 0.2 * m_poll;
    std::vector<const Interval*> found;
    for (const Interval& interval : m_intervals) {
        if (interval.end > from)
            found.push_back(&interval);
    }
    return found;
}

double VerdictWindow::sumWithin(double length, double Interval::*what) const
{
    double sum = 0;
    for (const Interval* interval : intervalsWithin(length))
        sum += interval->*what;
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
    const std::size_t from = m_intervals.size() > 60 ? m_intervals.size() - 60 : 0;
    for (std::size_t at = from; at < m_intervals.size(); ++at) {
        all += m_intervals[at].arrived;
        allSeconds += m_intervals[at].seconds;
    }
    return std::max(lately > 0 ? sumWithin(5, &Interval::arrived) / lately : 0,
                    allSeconds > 0 ? all / allSeconds : 0);
}

double VerdictWindow::deliveryRate() const
{
    const double lately = sumWithin(5, &Interval::seconds);
    return lately > 0 ? sumWithin(5, &Interval::first) / lately : 0;
}

bool VerdictWindow::ackedSinceFloor() const
{
    return std::any_of(m_intervals.begin(), m_intervals.end(), [this](const Interval& interval) {
        return interval.acked && interval.end > m_floorSince;
    });
}

double VerdictWindow::longestStall() const
{
    return m_stalls.empty() ? 0 : *std::max_element(m_stalls.begin(), m_stalls.end());
}

double VerdictWindow::longestMute() const
{
    return m_mutes.empty() ? 0 : *std::max_element(m_mutes.begin(), m_mutes.end());
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
    if (!m_counted || m_counted->filters != consumer().filters || m_counted->messages != stream().messages ||
        m_counted->first != stream().firstSequence || m_counted->last != stream().lastSequence)
        return std::nullopt;
    return static_cast<double>(m_counted->matching);
}

double VerdictWindow::ageOf(ServerTime time) const
{
    const double serverNow = now().serverNow ? seconds(*now().serverNow) : now().at + m_clockOffset;
    return serverNow - seconds(time);
}

} // namespace jetlag
