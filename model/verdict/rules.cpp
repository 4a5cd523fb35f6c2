// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace jetlag {

namespace {

using Window = VerdictWindow;
using Memory = RuleMemory;

constexpr double kEventHolds = 30; ///< seconds for which a loss or a re-creation is the cause

double count(std::uint64_t value)
{
    return static_cast<double>(value);
}

double ackWait(const Window& window)
{
    return std::chrono::duration<double>(window.consumer().ackWait).count();
}

/// The last `count` readings, of which there must be so many, satisfy `holds`.
template <typename Predicate>
bool lastAre(const Window& window, std::size_t count, Predicate holds)
{
    const std::span<const Reading> latest = window.latest(count);
    return !latest.empty() && std::all_of(latest.begin(), latest.end(), holds);
}

bool hasLimit(const StreamSnapshot& stream)
{
    return stream.maxMessages > 0 || stream.maxBytes > 0 || stream.maxAge.count() > 0;
}

/// Messages that only a newer one of their subject pushed out are superseded, not lost.
bool onlySupersedes(const StreamSnapshot& stream)
{
    return stream.maxMessagesPerSubject > 0 && !hasLimit(stream);
}

bool countsFromBeginning(const Window& window)
{
    return window.consumer().deliverPolicy == "all";
}

// ---- the cluster, and what the server says outright

bool hasNoQuorum(const PlacementSnapshot& placement)
{
    // `current` flickers on healthy clusters; how long ago the leader heard of a replica does not.
    constexpr auto kHeardOf = std::chrono::milliseconds(2500);
    if (placement.replicas.empty())
        return false;
    const auto alive = 1 + std::count_if(placement.replicas.begin(), placement.replicas.end(),
                                         [&](const ReplicaSnapshot& replica) {
                                             return replica.active <= kHeardOf && !replica.offline;
                                         });
    return 2 * static_cast<std::size_t>(alive) <= placement.replicas.size() + 1;
}

bool clusterIsInTrouble(const Window& window, Memory& memory)
{
    const PlacementSnapshot& stream = window.stream().placement;
    const PlacementSnapshot& consumer = window.consumer().placement;
    if (stream.cluster.empty() && stream.replicas.empty())
        return false;
    const bool leaderless = stream.leader.empty() || consumer.leader.empty();
    memory.samplesWithoutLeader = leaderless ? memory.samplesWithoutLeader + 1 : 0;
    memory.samplesWithoutQuorum =
        hasNoQuorum(stream) || hasNoQuorum(consumer) ? memory.samplesWithoutQuorum + 1 : 0;
    return memory.samplesWithoutLeader >= 2 || memory.samplesWithoutQuorum >= 2;
}

bool isPaused(const Window& window, Memory&)
{
    return window.consumer().paused;
}

bool wasRecreated(const Window& window, Memory&)
{
    return window.recreatedAt() && window.now().at - *window.recreatedAt() <= kEventHolds;
}

// ---- messages that will never come

bool standsBeyondTheEnd(const Window& window, Memory& memory)
{
    const VerdictSample* before = window.previous() != nullptr ? window.previous() : window.beforeSeries();
    const bool beyond =
        before != nullptr && before->consumer->delivered.stream > window.stream().lastSequence;
    memory.samplesBeyondEnd = beyond ? memory.samplesBeyondEnd + 1 : 0;
    return memory.samplesBeyondEnd >= 2;
}

bool isQuiet(const Window& window)
{
    const auto nothingLeft = [](const Reading& reading) { return reading.pending + reading.inHand == 0; };
    return lastAre(window, 2, nothingLeft) && window.intervals().back().deliveries == 0;
}

bool isFrozen(const Window& window)
{
    // A leader that lost its peers repeats old numbers for a while.
    constexpr auto kFresh = std::chrono::milliseconds(1500);
    const auto silent = [&](const ReplicaSnapshot& replica) { return replica.active > kFresh; };
    const PlacementSnapshot& stream = window.stream().placement;
    const PlacementSnapshot& consumer = window.consumer().placement;
    return std::any_of(stream.replicas.begin(), stream.replicas.end(), silent) ||
           std::any_of(consumer.replicas.begin(), consumer.replicas.end(), silent);
}

/// Nothing is pending, nothing in hand, and yet a message behind the floor exists.
bool leftOneBehind(const Window& window)
{
    if (!isQuiet(window) || isFrozen(window))
        return false;
    if (window.consumer().ackFloor.consumer.value() == 0 && !countsFromBeginning(window))
        return false;
    const std::optional<FoundMessage>& left =
        window.stream().retention == "workqueue" ? window.now().first : window.now().afterFloor;
    return left && left->sequence <= window.previous()->stream->lastSequence.value();
}

bool leftOneBehindWithAttemptsGone(const Window& window, Memory&)
{
    return window.consumer().maxDeliver > 0 && leftOneBehind(window);
}

bool leftOneBehindForGood(const Window& window, Memory&)
{
    return window.consumer().maxDeliver <= 0 && leftOneBehind(window);
}

/// More messages exist at or below the position than were ever delivered.
bool passedUndelivered(const Window& window, Memory& memory)
{
    if (!countsFromBeginning(window))
        return false;
    const std::optional<double> matching = window.matching();
    if (!matching)
        return false;
    const ConsumerSnapshot& consumer = window.consumer();
    const double delivered = count(consumer.delivered.consumer.value());
    const double never = *matching - count(consumer.pending) - delivered;
    const std::optional<double> before = std::exchange(memory.neverDelivered, never);
    if (never <= 0 || (delivered == 0 && consumer.pending + consumer.ackPending > 0)) {
        memory.neverDeliveredJumped = false;
        return false;
    }
    if (!window.now().canBeReset)
        return true;
    // A reset consumer counts anew: only a jump while nothing moved proves it.
    const VerdictSample* previous = window.previous();
    if (before && never > *before && previous != nullptr &&
        previous->consumer->delivered.consumer == consumer.delivered.consumer &&
        previous->stream->lastSequence == window.stream().lastSequence)
        memory.neverDeliveredJumped = true;
    return memory.neverDeliveredJumped;
}

// ---- loss

void tellLost(Memory& memory, std::uint64_t from, std::uint64_t to)
{
    memory.lostUpTo = std::max(memory.lostUpTo, to);
    LossTally& loss = memory.loss;
    loss.unread += to - from + 1;
    loss.from = loss.from == 0 ? from : std::min(loss.from, from);
    loss.to = std::max(loss.to, to);
}

bool lostUnreadUnfiltered(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    if (!window.consumer().filters.empty() || onlySupersedes(stream) || stream.retention != "limits")
        return false;
    const std::uint64_t first = stream.firstSequence.value();
    const VerdictSample* before = window.previous();
    if (before == nullptr) {
        const bool skipped = first > window.consumer().delivered.stream.value() + 1 &&
                             window.consumer().pending > 0 && countsFromBeginning(window);
        if (skipped)
            tellLost(memory, window.consumer().delivered.stream.value() + 1, first - 1);
        return skipped;
    }
    const std::uint64_t known = std::max(before->consumer->delivered.stream.value(), memory.lostUpTo);
    if (count(first) - 1 - count(known) - window.intervals().back().deliveries <= 0)
        return false;
    // What was delivered meanwhile lay at the front.
    tellLost(memory, known + static_cast<std::uint64_t>(window.intervals().back().deliveries) + 1, first - 1);
    return true;
}

bool lostUnreadFiltered(const Window& window, Memory& memory)
{
    const VerdictSample* before = window.previous();
    if (before == nullptr || window.consumer().filters.empty() || onlySupersedes(window.stream()))
        return false;
    const double fell = count(before->consumer->pending) - count(window.consumer().pending);
    const StreamSequence first = window.stream().firstSequence;
    if (fell <= window.intervals().back().deliveries || first <= before->stream->firstSequence ||
        first.value() <= before->consumer->delivered.stream.value() + 1)
        return false;
    memory.loss.unread += static_cast<std::uint64_t>(fell - window.intervals().back().deliveries);
    return true;
}

bool lostInHand(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    if (onlySupersedes(stream))
        return false;
    const auto told = std::count_if(
        window.now().advisories.begin(), window.now().advisories.end(), [&](const AdvisoryNote& note) {
            return note.kind == "terminated" && note.sequence < stream.firstSequence.value() &&
                   (note.reason.starts_with("Unacknowledged") ||
                    (note.reason.empty() && stream.retention == "limits"));
        });
    memory.loss.unacked += static_cast<std::uint64_t>(told);
    if (told > 0)
        return true;
    // Without advisories: the floor sits on the edge that moves, and nearly all there is, is in hand.
    const auto atTheEdge = [](const Reading& reading) {
        return reading.floor.value() + 1 == reading.first.value() && reading.messages > 0 &&
               count(reading.inHand) >= 0.9 * count(reading.messages);
    };
    return hasLimit(stream) && lastAre(window, 3, atTheEdge) &&
           stream.firstSequence != window.latest(3).front().first;
}

bool hasLost(const Window& window, Memory& memory)
{
    if (memory.lostAt && window.now().at - *memory.lostAt > kEventHolds)
        memory.loss = {}; // told long enough; what comes is another loss
    const bool unread = lostUnreadUnfiltered(window, memory) || lostUnreadFiltered(window, memory);
    if (lostInHand(window, memory) || unread)
        memory.lostAt = window.now().at;
    return memory.lostAt && window.now().at - *memory.lostAt <= kEventHolds;
}

// ---- nobody takes them

bool hasNoInterest(const Window& window, Memory& memory)
{
    const bool unbound = !window.consumer().isPull() && !window.consumer().pushBound;
    memory.samplesUnbound = unbound ? memory.samplesUnbound + 1 : 0;
    return memory.samplesUnbound >= 2 && window.lag() > 0;
}

bool isFlooded(const Window& window, Memory& memory)
{
    const StreamSequence position = window.consumer().delivered.stream;
    const bool now = lastAre(window, 3, [&](const Reading& reading) {
        return reading.pullsFull && reading.pending > 0 && reading.delivered == position;
    });
    constexpr double kOutlasts = 6; // gaps while a server drops dead pulls
    if (now)
        memory.floodAt = window.now().at;
    return memory.floodAt && window.now().at - *memory.floodAt <= kOutlasts;
}

bool isCapped(const Window& window, Memory&)
{
    const StreamSequence position = window.consumer().delivered.stream;
    const bool stuckAtCap = lastAre(window, 3, [&](const Reading& reading) {
        return reading.capFull && reading.pending > 0 && reading.delivered == position;
    });
    if (!stuckAtCap || window.mute() < std::max(3.0, 2 * window.longestMute()))
        return false;
    const std::span<const Reading> latest = window.latest(3);
    return !window.consumer().isPull() ||
           std::any_of(latest.begin(), latest.end(),
                       [](const Reading& reading) { return reading.pullWaits; });
}

/// How long a silence must be to mean something, from the collector's own rhythm.
double silenceThatCounts(const Window& window)
{
    const auto real = std::count_if(window.stalls().begin(), window.stalls().end(),
                                    [&](double stall) { return stall >= 2.5 * window.poll(); });
    double needed = 6;
    if (real >= 2 || window.stalls().size() >= 6)
        needed = std::max(5.0, 3 * window.longestStall());
    else if (window.consumer().ackPending > 0) // whoever holds messages may be working
        needed = std::clamp(ackWait(window) + 1.5, 6.0, 31.5);
    return window.readings().back().capFull ? std::max(needed, ackWait(window) + 1.5) : needed;
}

double silence(const Window& window)
{
    const std::optional<ServerTime>& last = window.consumer().lastDelivered;
    return std::max(window.stall(), last ? window.ageOf(*last) : 0);
}

bool couldBeUnpulled(const Window& window)
{
    const ConsumerSnapshot& consumer = window.consumer();
    return consumer.isPull() && window.readings().size() >= 3 &&
           (consumer.pending > 0 || (consumer.ackPending > 0 && silence(window) > ackWait(window) + 1.5));
}

bool hasNoPulls(const Window& window, Memory&)
{
    if (!couldBeUnpulled(window))
        return false;
    const double needed = silenceThatCounts(window);
    const std::optional<FoundMessage>& oldest =
        window.now().unread ? window.now().unread : window.now().afterFloor;
    return window.noPullFor(needed) && window.noAckFor(needed) && silence(window) >= needed && oldest &&
           window.ageOf(oldest->time) >= needed && window.age() >= std::min(needed, 5.0);
}

// ---- delivered again and again

/// One sequence holds the floor while others are acked above it.
bool isPoisoned(const Window& window, Memory&)
{
    const double again = count(window.consumer().redelivered);
    if (again == 0 || window.readings().size() < 3 || window.floorStands() < 2)
        return false;
    const double acks = window.acksSinceFloor();
    if (acks < 3 || again > std::max(3.0, 0.05 * acks))
        return false;
    const std::uint64_t floor = window.consumer().ackFloor.stream.value();
    const std::span<const Reading> recent =
        window.readings().last(std::min<std::size_t>(6, window.readings().size()));
    const bool nakedThrice = std::any_of(recent.begin(), recent.end(), [floor](const Reading& reading) {
        return reading.nakedThrice > floor;
    });
    const bool cameOften = window.floorStands() >= 3 && window.againSinceFloor() >= 2 * again;
    const bool forLong = window.redeliveredSince() &&
                         window.now().at - *window.redeliveredSince() >= std::max(4.0, 2.5 * ackWait(window));
    return nakedThrice || cameOften || forLong;
}

/// The same ones come again and nothing is acked.
bool isLooping(const Window& window, Memory&)
{
    const double again = count(window.consumer().redelivered);
    if (again == 0 || window.readings().size() < 3 || window.floorStands() < 2.5 || window.ackedSinceFloor())
        return false;
    for (const Interval& interval : window.intervalsWithin(6)) {
        if (interval.acked)
            return false;
    }
    return window.sumWithin(15, &Interval::again) >= 2 * again || window.sequencesNakedThrice() >= 2;
}

/// Acks and redeliveries take turns: what is fetched outlives ack_wait before its turn comes.
bool outlivesAckWait(const Window& window, Memory&)
{
    const double again = window.sumWithin(8, &Interval::again);
    if (again < std::max(3.0, 0.1 * window.sumWithin(8, &Interval::deliveries)))
        return false;
    double naks = 0;
    for (const Interval& interval : window.intervalsWithin(8))
        naks += static_cast<double>(interval.naks);
    if (naks >= 0.3 * again)
        return false;
    const std::span<const Interval> recent = window.intervalsWithin(15);
    const auto redelivers = [](const Interval& interval) { return interval.again > 0; };
    const auto first = std::find_if(recent.begin(), recent.end(), redelivers);
    const auto last = std::find_if(recent.rbegin(), recent.rend(), redelivers);
    if (first == recent.end() || &*first == &*last)
        return false;
    return std::count_if(first, last.base(), [](const Interval& interval) { return interval.acked; }) >= 2;
}

// ---- too slow, or on the way

bool backlogMatters(const Window& window)
{
    std::uint64_t least = window.consumer().pending;
    for (const Reading& reading : window.within(5))
        least = std::min(least, reading.pending);
    const std::optional<FoundMessage>& oldest = window.now().unread;
    return count(least) > std::max(5.0, window.arrivalRate()) && oldest &&
           window.ageOf(oldest->time) > std::max(2.0, window.poll());
}

bool isJerky(const Window& window)
{
    const std::span<const Interval> intervals = window.intervals();
    const std::size_t recent = std::min<std::size_t>(20, intervals.size());
    const auto pauses = std::count_if(intervals.end() - static_cast<std::ptrdiff_t>(recent), intervals.end(),
                                      [](const Interval& interval) { return interval.idleWithPending; });
    return static_cast<double>(pauses) >= std::max(2.0, 0.3 * static_cast<double>(recent));
}

bool flows(const Window& window)
{
    const std::span<const Interval> recent = window.intervalsWithin(5);
    const bool acked =
        window.consumer().ackPolicy == "none" ||
        std::any_of(recent.begin(), recent.end(), [](const Interval& interval) { return interval.acked; });
    return acked && window.sumWithin(4, &Interval::first) > 0;
}

enum class Trend { Unclear, Rising, Falling };

/// Of a collector that works in steps: least and most of two halves, over two of its own pauses.
Trend jerkyTrend(const Window& window)
{
    if (window.stalls().size() < 3)
        return Trend::Unclear;
    const double span = std::max(10.0, 4.4 * window.longestStall());
    const std::span<const Reading> recent = window.within(span);
    const auto half = static_cast<std::ptrdiff_t>(recent.size() / 2);
    if (half < 3)
        return Trend::Unclear;
    const auto least = [](auto from, auto to) {
        return std::min_element(from, to,
                                [](const Reading& a, const Reading& b) { return a.leastLag < b.leastLag; })
            ->leastLag;
    };
    const auto most = [](auto from, auto to) {
        return std::max_element(from, to,
                                [](const Reading& a, const Reading& b) { return a.mostLag < b.mostLag; })
            ->mostLag;
    };
    const double leastThen = least(recent.begin(), recent.begin() + half);
    const double mostThen = most(recent.begin(), recent.begin() + half);
    const double leastNow = least(recent.begin() + half, recent.end());
    const double mostNow = most(recent.begin() + half, recent.end());
    if (leastNow > leastThen && mostNow > mostThen)
        return Trend::Rising;
    return leastNow < leastThen && mostNow < mostThen ? Trend::Falling : Trend::Unclear;
}

Trend steadyTrend(const Window& window)
{
    std::vector<double> values;
    for (const Reading& reading : window.within(4))
        values.push_back(reading.lag());
    if (values.size() < 4 || !flows(window))
        return Trend::Unclear;
    const double change = values.back() - values.front();
    std::size_t up = 0;
    std::size_t down = 0;
    for (std::size_t at = 1; at < values.size(); ++at) {
        up += values[at] > values[at - 1] ? 1 : 0;
        down += values[at] < values[at - 1] ? 1 : 0;
    }
    const double most = 0.7 * static_cast<double>(values.size() - 1);
    if (change > std::max({3.0, 0.02 * values.back(), 0.3 * window.arrivalRate()}) &&
        static_cast<double>(up) >= most)
        return Trend::Rising;
    if (-change > std::max({3.0, 0.004 * values.front(), 0.1 * window.arrivalRate()}) &&
        static_cast<double>(down) >= most)
        return Trend::Falling;
    return Trend::Unclear;
}

Trend trend(const Window& window)
{
    if (window.readings().size() < 4 || !backlogMatters(window))
        return Trend::Unclear;
    return isJerky(window) ? jerkyTrend(window) : steadyTrend(window);
}

bool isBurst(const Window& window, Memory& memory)
{
    const std::span<const Interval> intervals = window.intervals();
    const double pending = count(window.consumer().pending);
    if (window.readings().size() >= 4 && intervals.size() > 8) {
        std::vector<double> older;
        for (std::size_t at = 0; at + 5 < intervals.size(); ++at)
            older.push_back(intervals[at].arrived / intervals[at].seconds);
        std::sort(older.begin(), older.end());
        const std::size_t lower = std::max<std::size_t>(3, older.size() * 3 / 4);
        double usual = 0;
        for (std::size_t at = 0; at < lower; ++at)
            usual += older[at] / static_cast<double>(lower);
        usual = std::max(2.0, usual);
        const double rate = window.sumWithin(5, &Interval::arrived) / window.sumWithin(5, &Interval::seconds);
        if (rate >= 3 * usual && pending > usual && !memory.burstSince)
            memory.burstSince = window.now().at;
    }
    if (pending <= std::max(5.0, 0.2 * window.arrivalRate()))
        memory.burstSince.reset();
    return memory.burstSince && window.now().at - *memory.burstSince >= 2 * window.poll();
}

bool isSlow(const Window& window, Memory&)
{
    return trend(window) == Trend::Rising;
}

bool isCatchingUp(const Window& window, Memory&)
{
    return trend(window) == Trend::Falling;
}

// ---- what does not stop it today

bool hasDeadLetters(const Window& window, Memory&)
{
    const std::vector<std::uint64_t>& gone = window.outOfDeliveries();
    if (std::any_of(gone.begin(), gone.end(), [&](std::uint64_t sequence) {
            return sequence >= window.stream().firstSequence.value();
        }))
        return true;
    const ConsumerSnapshot& consumer = window.consumer();
    const double needed = std::max(10.0, 2.5 * ackWait(window));
    if (consumer.maxDeliver <= 0)
        return false;
    if (consumer.redelivered == 0)
        return consumer.ackPending == 0 && window.now().afterFloor && window.floorStands() >= needed;
    return window.redeliveriesRest() >= needed && window.floorStands() < needed;
}

bool isNearLimits(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    const double maxAge = std::chrono::duration<double>(stream.maxAge).count();
    bool near = false;
    if (window.now().unread) {
        near = stream.discard == "old" && stream.maxMessages > 0 &&
               count(window.consumer().pending) >= 0.6 * static_cast<double>(stream.maxMessages);
        near = near || (maxAge > 0 && window.ageOf(window.now().unread->time) >= 0.6 * maxAge);
    }
    // A peak between two looks: what was just fetched had waited so long.
    const VerdictSample* before = window.previous();
    if (before != nullptr && maxAge > 0 && window.consumer().lastDelivered &&
        before->consumer->lastDelivered && window.intervals().back().deliveries > 0 &&
        before->consumer->pending > 0) {
        const std::chrono::duration<double> jump =
            *window.consumer().lastDelivered - *before->consumer->lastDelivered;
        near = near || jump.count() >= 0.6 * maxAge;
    }
    if (near)
        memory.nearLimitAt = window.now().at;
    return memory.nearLimitAt &&
           window.now().at - *memory.nearLimitAt <= std::max(15.0, 3 * window.longestStall());
}

// ---- nothing wrong

bool isIdle(const Window& window, Memory&)
{
    if (window.lag() > 0 || window.readings().size() < 2)
        return false;
    const StreamSnapshot& stream = window.stream();
    double gap = 5;
    if (stream.messages > 1) {
        const std::chrono::duration<double> span = stream.lastTime - stream.firstTime;
        gap = std::clamp(3 * span.count() / (count(stream.messages) - 1), 5.0, 600.0);
    }
    const std::span<const Reading> recent = window.within(2);
    const bool flat = std::all_of(recent.begin(), recent.end(), [&](const Reading& reading) {
        return reading.last == stream.lastSequence;
    });
    const bool silent = stream.lastTime == ServerTime{} || window.ageOf(stream.lastTime) >= gap;
    if (flat && silent)
        return true;
    constexpr double kFilteredSilence = 20;
    if (window.consumer().filters.empty())
        return false;
    double lastDelivery = window.readings().front().at;
    for (const Interval& interval : window.intervals()) {
        if (interval.deliveries > 0)
            lastDelivery = interval.end;
    }
    const std::optional<ServerTime>& last = window.consumer().lastDelivered;
    return window.now().at - lastDelivery >= kFilteredSilence ||
           (last && window.ageOf(*last) >= kFilteredSilence);
}

bool isWell(const Window& window, Memory& memory)
{
    if (window.readings().size() < 3 || window.age() < 1.7 || looksUnwell(window))
        return false;
    std::uint64_t least = window.consumer().pending;
    for (const Reading& reading : window.within(5))
        least = std::min(least, reading.pending);
    if (count(least) > std::max(5.0, window.deliveryRate()))
        return false;
    const std::span<const Interval> recent = window.intervalsWithin(5);
    const bool acks =
        window.consumer().ackPending == 0 || window.consumer().ackPolicy == "none" ||
        std::any_of(recent.begin(), recent.end(), [](const Interval& interval) { return interval.acked; });
    // A first look at silence: nothing was seen to work yet.
    const bool nothingSeen = !window.sawArrivals() && window.lag() == 0 && !isIdle(window, memory);
    return acks && !(nothingSeen && window.age() < 5);
}

constexpr std::array kRules{
    Rule{Cause::Cluster, Entry::AtOnce, clusterIsInTrouble},
    Rule{Cause::Paused, Entry::AtOnce, isPaused},
    Rule{Cause::Recreated, Entry::AtOnce, wasRecreated},
    Rule{Cause::Stranded, Entry::Twice, standsBeyondTheEnd},
    Rule{Cause::DeadLetters, Entry::Twice, leftOneBehindWithAttemptsGone},
    Rule{Cause::Stranded, Entry::Twice, leftOneBehindForGood},
    Rule{Cause::Stranded, Entry::Twice, passedUndelivered},
    Rule{Cause::Lost, Entry::AtOnce, hasLost},
    Rule{Cause::NoInterest, Entry::Twice, hasNoInterest},
    Rule{Cause::Poison, Entry::Twice, isPoisoned},
    Rule{Cause::RedeliveryLoop, Entry::Twice, isLooping},
    Rule{Cause::AckWait, Entry::Twice, outlivesAckWait},
    Rule{Cause::PullFlood, Entry::Twice, isFlooded},
    Rule{Cause::Capped, Entry::Twice, isCapped},
    Rule{Cause::NoPulls, Entry::AtOnce, hasNoPulls},
    Rule{Cause::Burst, Entry::AtOnce, isBurst},
    Rule{Cause::Slow, Entry::Twice, isSlow},
    Rule{Cause::CatchingUp, Entry::Twice, isCatchingUp},
    Rule{Cause::DeadLetters, Entry::Twice, hasDeadLetters},
    Rule{Cause::LimitsNear, Entry::Twice, isNearLimits},
    Rule{Cause::Idle, Entry::Thrice, isIdle},
    Rule{Cause::None, Entry::Thrice, isWell},
};

} // namespace

std::span<const Rule> verdictRules()
{
    return kRules;
}

bool looksUnwell(const VerdictWindow& window)
{
    const bool redelivers = window.consumer().redelivered > 0 && window.readings().size() >= 3 &&
                            window.floorStands() > 0.5 * window.poll();
    const bool silent = couldBeUnpulled(window) && window.noPullFor(silenceThatCounts(window)) &&
                        silence(window) >= 2 && window.stall() >= 2;
    return redelivers || silent;
}

std::string_view toString(Cause cause) noexcept
{
    switch (cause) {
    case Cause::None:
        return "none";
    case Cause::Paused:
        return "paused";
    case Cause::Capped:
        return "capped";
    case Cause::NoPulls:
        return "no-pulls";
    case Cause::PullFlood:
        return "pull-flood";
    case Cause::RedeliveryLoop:
        return "redelivery-loop";
    case Cause::Poison:
        return "poison";
    case Cause::Slow:
        return "slow";
    case Cause::CatchingUp:
        return "catching-up";
    case Cause::Burst:
        return "burst";
    case Cause::Idle:
        return "idle";
    case Cause::Lost:
        return "lost";
    case Cause::LimitsNear:
        return "limits-near";
    case Cause::Cluster:
        return "cluster";
    case Cause::Recreated:
        return "recreated";
    case Cause::NoInterest:
        return "no-interest";
    case Cause::AckWait:
        return "ack-wait";
    case Cause::Stranded:
        return "stranded";
    case Cause::DeadLetters:
        return "dead-letters";
    }
    return "none";
}

std::string_view verdictOf(Cause cause) noexcept
{
    switch (cause) {
    case Cause::Capped:
    case Cause::NoPulls:
    case Cause::PullFlood:
    case Cause::NoInterest:
        return "stopped";
    case Cause::Slow:
    case Cause::Burst:
        return "slow";
    case Cause::RedeliveryLoop:
    case Cause::Poison:
    case Cause::AckWait:
    case Cause::Stranded:
    case Cause::DeadLetters:
        return "stuck";
    case Cause::Lost:
        return "lost";
    case Cause::CatchingUp:
        return "catching-up";
    case Cause::Paused:
        return "paused";
    case Cause::Idle:
        return "idle";
    case Cause::Cluster:
    case Cause::Recreated:
        return "stale";
    case Cause::None:
    case Cause::LimitsNear:
        return "keeping-up";
    }
    return "keeping-up";
}

} // namespace jetlag
