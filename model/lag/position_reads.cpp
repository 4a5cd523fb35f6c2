// SPDX-License-Identifier: Apache-2.0
#include "model/lag/position_reads.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace jetlag {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kReadsPerStream = 4; ///< and look
constexpr std::size_t kCountsPerLook = 4;
constexpr std::uint64_t kMostLeft = 10;         ///< messages that are named of those left behind
constexpr std::uint64_t kMostSubjects = 10'000; ///< a count of more is a large answer
constexpr auto kQuietAgain = 30s;               ///< a quiet consumer on a busy stream is asked again
constexpr auto kCountAgain = 10s;
constexpr auto kGoneAgain = 5s; ///< where messages are deleted all the time; else with the next look

ConsumerName nameOf(const ConsumerSnapshot& consumer)
{
    return {consumer.stream, consumer.name};
}

const StreamSnapshot* findStream(const ClusterSnapshot& snapshot, const std::string& name)
{
    const auto at = std::lower_bound(
        snapshot.streams.begin(), snapshot.streams.end(), name,
        [](const StreamSnapshot& stream, const std::string& wanted) { return stream.name < wanted; });
    return at != snapshot.streams.end() && at->name == name ? &*at : nullptr;
}

double secondsBetween(ServerTime from, ServerTime to)
{
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

} // namespace

std::optional<StreamSequence> unprocessedAfter(const ConsumerSnapshot& consumer)
{
    if (consumer.ackPending == 0)
        return consumer.delivered.stream; // nothing in hand: the next one to be delivered
    if (!consumer.ackFloor.consumer.isZero())
        return consumer.ackFloor.stream;
    // Never acked: the floor says nothing, but who started at the beginning has everything unprocessed.
    if (consumer.deliverPolicy == "all")
        return StreamSequence(0);
    return std::nullopt;
}

void PositionReads::see(const ClusterSnapshot& snapshot)
{
    ++m_look;
    for (const StreamSnapshot& stream : snapshot.streams) {
        if (stream.stale)
            continue;
        StreamKnown& known = m_streams[stream.name];
        if (known.created != stream.created)
            known = StreamKnown{.created = stream.created};
        known.first = stream.firstSequence;
        if (known.deleted != stream.deleted)
            known.deletedLook = m_look;
        known.deleted = stream.deleted;
        known.deletesAlways = stream.retention != "limits" || stream.maxMessagesPerSubject > 0;
        known.lookedEvery = known.looked == std::chrono::steady_clock::time_point{}
                                ? std::chrono::nanoseconds(0)
                                : snapshot.sampled - known.looked;
        known.looked = snapshot.sampled;
        known.lastSeen = m_look;
        if (stream.messages > 0) {
            known.clock.note(stream.firstSequence, stream.firstTime);
            known.clock.note(stream.lastSequence, stream.lastTime);
        }
    }
    for (const ConsumerSnapshot& consumer : snapshot.consumers) {
        Entry& entry = m_entries[nameOf(consumer)];
        if (entry.lastSeen == 0) { // new: worth a true read
            entry.position = consumer.delivered.stream;
            entry.floor = consumer.ackFloor.stream;
        }
        entry.lastSeen = m_look;
        const bool quiet =
            !consumer.stale && consumer.lag() == 0 && entry.deliveries == consumer.delivered.consumer;
        entry.quietLooks = quiet ? entry.quietLooks + 1 : 0;
        if (entry.quietLooks <= 1) {
            // What was read in an earlier spell may be acked by now, without the floor telling.
            entry.first.reset();
            entry.further.clear();
            entry.isFurtherRead = false;
            entry.quietAsked = {};
        }
        if (entry.quietLooks == 1)
            entry.afterFloor.reset();
        entry.deliveries = consumer.delivered.consumer;
    }
    std::erase_if(m_entries, [this](const auto& entry) { return entry.second.lastSeen != m_look; });
    std::erase_if(m_streams, [this](const auto& entry) { return entry.second.lastSeen + 60 < m_look; });
}

const PositionReads::StreamKnown* PositionReads::streamOf(const ConsumerSnapshot& consumer) const
{
    const auto found = m_streams.find(consumer.stream);
    return found == m_streams.end() ? nullptr : &found->second;
}

bool PositionReads::isRead(const std::optional<OldestMessage>& read, const ConsumerSnapshot& consumer,
                           StreamSequence after) const
{
    const StreamKnown* stream = streamOf(consumer);
    return read && read->sequence > after && (stream == nullptr || read->sequence >= stream->first);
}

std::optional<OldestMessage> PositionReads::behind(const std::optional<OldestMessage>& read,
                                                   const ConsumerSnapshot& consumer,
                                                   StreamSequence after) const
{
    if (isRead(read, consumer, after))
        return read;
    const StreamKnown* stream = streamOf(consumer);
    if (stream == nullptr || stream->deleted > 0 || !consumer.filters.empty())
        return std::nullopt;
    const StreamSequence next = std::max(StreamSequence(after.value() + 1), stream->first);
    const std::optional<SequenceClock::Estimate> estimate = stream->clock.timeOf(next);
    // Whoever needs it better reads; where reads are short this is still better than nothing.
    if (!estimate || estimate->within > std::max<std::chrono::nanoseconds>(2 * stream->lookedEvery, 2s))
        return std::nullopt;
    return OldestMessage{.sequence = next, .time = estimate->time, .within = estimate->within};
}

bool PositionReads::mayBeGone(const ReadAt& read, const StreamKnown& stream) const
{
    return stream.deletedLook > read.look &&
           (!stream.deletesAlways || stream.looked - read.sampled >= kGoneAgain);
}

std::chrono::nanoseconds PositionReads::exactEnough(const StreamKnown& stream)
{
    // Looks come a little unevenly.
    return stream.lookedEvery + stream.lookedEvery / 10;
}

std::vector<PositionReads::Kind> PositionReads::wanted(const ConsumerSnapshot& consumer,
                                                       const StreamSnapshot& stream, const Entry& entry,
                                                       const ClusterSnapshot& snapshot) const
{
    std::vector<Kind> kinds;
    // A position that stands is worth a true read: it tells the message itself, and stays valid.
    const bool stands = entry.position == consumer.delivered.stream;
    const bool floorStands = entry.floor == consumer.ackFloor.stream;
    const StreamKnown* known = streamOf(consumer);
    const auto needed = [&](const std::optional<OldestMessage>& read, const ReadAt& readAt,
                            StreamSequence after, bool isStanding) {
        if (isRead(read, consumer, after))
            return known != nullptr && mayBeGone(readAt, *known);
        const std::optional<OldestMessage> told = behind(read, consumer, after);
        return isStanding || !told || (known != nullptr && told->within > exactEnough(*known));
    };
    if (consumer.pending > 0 && needed(entry.unread, entry.unreadAt, consumer.delivered.stream, stands))
        kinds.push_back(Kind::Unread);
    if (consumer.ackPending > 0) {
        const std::optional<StreamSequence> floor = unprocessedAfter(consumer);
        if (floor && needed(entry.afterFloor, entry.afterFloorAt, *floor, floorStands))
            kinds.push_back(Kind::AfterFloor);
    }
    const bool tells = !consumer.ackFloor.consumer.isZero() || consumer.deliverPolicy == "all";
    if (entry.quietLooks >= 1 && tells && stream.messages > 0) {
        const bool same =
            entry.quietFloor == consumer.ackFloor.stream && entry.quietLast == stream.lastSequence;
        const bool asked = entry.quietAsked != std::chrono::steady_clock::time_point{};
        const bool due = !asked || entry.quietFloor != consumer.ackFloor.stream ||
                         snapshot.sampled - entry.quietAsked >= kQuietAgain;
        if (!(asked && same) && due)
            kinds.push_back(stream.retention == "workqueue" ? Kind::First : Kind::AfterFloor);
    }
    return kinds;
}

std::vector<OldestMessageQuery> PositionReads::plan(const ClusterSnapshot& snapshot)
{
    see(snapshot);
    m_share = shareOf(snapshot);
    m_asked.clear();
    std::vector<Wish> wishes;
    for (const ConsumerSnapshot& consumer : snapshot.consumers) {
        Entry& entry = m_entries[nameOf(consumer)];
        const StreamSnapshot* stream = findStream(snapshot, consumer.stream);
        std::vector<Kind> kinds;
        if (!consumer.stale && stream != nullptr && !stream->stale)
            kinds = wanted(consumer, *stream, entry, snapshot);
        entry.position = consumer.delivered.stream;
        entry.floor = consumer.ackFloor.stream;
        if (kinds.empty())
            entry.wantedSince = 0;
        else if (entry.wantedSince == 0)
            entry.wantedSince = m_look;
        for (const Kind kind : kinds)
            wishes.push_back({&consumer, &entry, kind, afterOf(consumer, kind)});
        if (!consumer.stale && stream != nullptr && !stream->stale) {
            for (const StreamSequence after : furtherAfter(consumer, *stream, entry))
                wishes.push_back({&consumer, &entry, Kind::Further, after});
        }
    }
    std::stable_sort(wishes.begin(), wishes.end(), [](const Wish& a, const Wish& b) {
        return std::tuple(a.entry->wantedSince, b.consumer->lag()) <
               std::tuple(b.entry->wantedSince, a.consumer->lag());
    });
    return choose(wishes, snapshot);
}

std::vector<OldestMessageQuery> PositionReads::choose(const std::vector<Wish>& wishes,
                                                      const ClusterSnapshot& snapshot)
{
    std::vector<OldestMessageQuery> queries;
    std::map<QueryKey, std::size_t> asked;
    std::map<std::string_view, std::size_t> ofStream;
    std::size_t cost = 0;
    for (const Wish& wish : wishes) {
        const ConsumerSnapshot& consumer = *wish.consumer;
        const QueryKey key{consumer.stream, wish.after, consumer.filters};
        auto query = asked.find(key);
        if (query == asked.end()) {
            const std::size_t gets = std::max<std::size_t>(1, consumer.filters.size());
            std::size_t& there = ofStream[consumer.stream];
            if (cost + gets > m_share * m_readsPerLook && !queries.empty())
                continue;
            if (there + gets > m_share * kReadsPerStream && there > 0)
                continue;
            cost += gets;
            there += gets;
            query = asked.emplace(key, queries.size()).first;
            queries.push_back({consumer.stream, wish.after, consumer.filters});
        }
        if (consumer.lag() == 0 && wish.kind != Kind::Further) {
            const StreamSnapshot* stream = findStream(snapshot, consumer.stream);
            wish.entry->quietFloor = consumer.ackFloor.stream;
            wish.entry->quietLast = stream->lastSequence;
            wish.entry->quietAsked = snapshot.sampled;
        }
        wish.entry->wantedSince = 0;
        m_asked.push_back({nameOf(consumer), wish.kind, snapshot.sampled, query->second});
    }
    return queries;
}

StreamSequence PositionReads::afterOf(const ConsumerSnapshot& consumer, Kind kind)
{
    switch (kind) {
    case Kind::Unread:
        return consumer.delivered.stream;
    case Kind::AfterFloor:
        return consumer.ackPending > 0 ? *unprocessedAfter(consumer) : consumer.ackFloor.stream;
    case Kind::First:
    case Kind::Further:
        break;
    }
    return {}; // from the beginning
}

std::vector<StreamSequence> PositionReads::furtherAfter(const ConsumerSnapshot& consumer,
                                                        const StreamSnapshot& stream, Entry& entry) const
{
    const StreamKnown* known = streamOf(consumer);
    if (entry.quietLooks == 0 || consumer.maxDeliver <= 0 || known == nullptr)
        return {};
    // A work queue holds nothing that was acked. Elsewhere it is certain only where as many were redelivered
    // as lie between floor and position.
    const bool isQueue = stream.retention == "workqueue";
    const bool allAreLeft =
        isQueue ||
        (consumer.filters.empty() && stream.deleted == 0 &&
         consumer.delivered.stream.value() - consumer.ackFloor.stream.value() == consumer.redelivered);
    const std::optional<OldestMessage>& first = isQueue ? entry.first : entry.afterFloor;
    const StreamSequence floor = isQueue ? StreamSequence(0) : consumer.ackFloor.stream;
    if (!allAreLeft || !isRead(first, consumer, floor))
        return {};
    if (!entry.further.empty() && mayBeGone(entry.furtherAt, *known)) {
        entry.further.clear();
        entry.isFurtherRead = false;
    }
    const std::uint64_t wanted = std::min(consumer.redelivered, kMostLeft);
    if (entry.isFurtherRead || entry.further.size() + 1 >= wanted)
        return {};
    // They mostly lie side by side; where they do not, some answers are the same.
    const StreamSequence last = entry.further.empty() ? first->sequence : entry.further.back().sequence;
    std::vector<StreamSequence> after;
    for (std::uint64_t next = entry.further.size() + 1; next < wanted; ++next)
        after.push_back(StreamSequence(last.value() + after.size()));
    return after;
}

/// Where looks come rarely each may read as much as those that were left out: the server sees no more of it,
/// and thousands of collectors do not wait for minutes until their oldest message is known.
std::size_t PositionReads::shareOf(const ClusterSnapshot& snapshot)
{
    constexpr double kMostSeconds = 10;
    const auto since =
        m_planned ? snapshot.sampled - *m_planned : std::chrono::steady_clock::duration::zero();
    m_planned = snapshot.sampled;
    // Looks come a little unevenly.
    const double seconds = std::chrono::duration<double>(since).count() + 0.1;
    return static_cast<std::size_t>(std::clamp(seconds, 1.0, kMostSeconds));
}

void PositionReads::learn(const std::vector<std::optional<OldestMessage>>& answers)
{
    for (const Asked& asked : m_asked) {
        Entry& entry = m_entries[asked.name];
        if (asked.kind == Kind::Further) {
            learnFurther(entry, asked.query < answers.size() ? answers[asked.query] : std::nullopt,
                         {m_look, asked.sampled});
            continue;
        }
        std::optional<OldestMessage>& into = asked.kind == Kind::Unread       ? entry.unread
                                             : asked.kind == Kind::AfterFloor ? entry.afterFloor
                                                                              : entry.first;
        into = asked.query < answers.size() ? answers[asked.query] : std::nullopt;
        const ReadAt readAt{m_look, asked.sampled};
        if (asked.kind == Kind::Unread)
            entry.unreadAt = readAt;
        else if (asked.kind == Kind::AfterFloor)
            entry.afterFloorAt = readAt;
        if (into)
            m_streams[asked.name.stream].clock.note(into->sequence, into->time);
    }
    m_asked.clear();
}

void PositionReads::learnFurther(Entry& entry, const std::optional<OldestMessage>& answer, ReadAt readAt)
{
    entry.furtherAt = readAt;
    if (!answer)
        entry.isFurtherRead = true;
    else if (entry.further.empty() || entry.further.back().sequence < answer->sequence)
        entry.further.push_back(*answer);
}

std::vector<MatchingQuery> PositionReads::planCounts(const ClusterSnapshot& snapshot)
{
    m_countsAsked.clear();
    std::vector<MatchingQuery> queries;
    std::map<QueryKey, std::size_t> asked;
    for (const ConsumerSnapshot& consumer : snapshot.consumers) {
        if (consumer.stale || consumer.filters.empty() || consumer.deliverPolicy != "all")
            continue;
        const StreamSnapshot* stream = findStream(snapshot, consumer.stream);
        if (stream == nullptr || stream->stale || stream->subjectCount > kMostSubjects)
            continue;
        Entry& entry = m_entries[nameOf(consumer)];
        const bool edited = !entry.counted || entry.countedFilters != consumer.filters;
        const bool stalled = entry.quietLooks >= 1 && (entry.countedMessages != stream->messages ||
                                                       entry.countedLast != stream->lastSequence);
        if (!edited && !(stalled && snapshot.sampled - entry.countAsked >= kCountAgain))
            continue;
        const QueryKey key{consumer.stream, StreamSequence(), consumer.filters};
        auto query = asked.find(key);
        if (query == asked.end()) {
            if (queries.size() >= m_share * kCountsPerLook)
                continue;
            query = asked.emplace(key, queries.size()).first;
            queries.push_back({consumer.stream, consumer.filters});
        }
        entry.counted = true;
        entry.countedFilters = consumer.filters;
        entry.countedMessages = stream->messages;
        entry.countedLast = stream->lastSequence;
        entry.countAsked = snapshot.sampled;
        m_countsAsked.push_back({nameOf(consumer), query->second});
    }
    return queries;
}

void PositionReads::learnCounts(const std::vector<std::optional<std::uint64_t>>& answers)
{
    for (const auto& [name, query] : m_countsAsked) {
        Entry& entry = m_entries[name];
        entry.matching = query < answers.size() ? answers[query] : std::nullopt;
        entry.matchingLook = m_look;
    }
    m_countsAsked.clear();
}

PositionReads::Known PositionReads::known(const ConsumerSnapshot& consumer) const
{
    Known known;
    const auto found = m_entries.find(consumer);
    if (found == m_entries.end() || consumer.stale)
        return known;
    const Entry& entry = found->second;
    if (consumer.pending > 0)
        known.unread = behind(entry.unread, consumer, consumer.delivered.stream);
    if (consumer.ackPending == 0) {
        // Only a true read tells that something lies there.
        if (isRead(entry.afterFloor, consumer, consumer.ackFloor.stream))
            known.afterFloor = entry.afterFloor;
    } else if (const std::optional<StreamSequence> floor = unprocessedAfter(consumer)) {
        known.afterFloor = behind(entry.afterFloor, consumer, *floor);
    }
    if (isRead(entry.first, consumer, StreamSequence(0)))
        known.first = entry.first;
    std::ranges::copy_if(entry.further, std::back_inserter(known.further), [&](const OldestMessage& message) {
        return isRead(message, consumer, StreamSequence(0));
    });
    if (entry.matchingLook == m_look)
        known.matching = entry.matching;
    return known;
}

std::optional<double> PositionReads::timeLag(const ConsumerSnapshot& consumer, ServerTime now) const
{
    return timeLag(consumer, known(consumer), now);
}

std::optional<double> PositionReads::deliveryLag(const ConsumerSnapshot& consumer, ServerTime now) const
{
    return deliveryLag(consumer, known(consumer), now);
}

std::optional<double> PositionReads::timeLag(const ConsumerSnapshot& consumer, const Known& known,
                                             ServerTime now)
{
    if (consumer.stale)
        return std::nullopt;
    if (consumer.lag() == 0)
        return 0.0;
    const std::optional<OldestMessage>& oldest = consumer.ackPending == 0 ? known.unread : known.afterFloor;
    return oldest ? std::optional(secondsBetween(oldest->time, now)) : std::nullopt;
}

std::optional<double> PositionReads::deliveryLag(const ConsumerSnapshot& consumer, const Known& known,
                                                 ServerTime now)
{
    if (consumer.stale)
        return std::nullopt;
    if (consumer.pending == 0)
        return 0.0;
    return known.unread ? std::optional(secondsBetween(known.unread->time, now)) : std::nullopt;
}

} // namespace jetlag
