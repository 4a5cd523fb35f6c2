// SPDX-License-Identifier: Apache-2.0
#include "model/lag/time_lag.h"

#include <algorithm>

namespace jetlag {

namespace {

ConsumerName nameOf(const ConsumerSnapshot& consumer)
{
    return {consumer.stream, consumer.name};
}

bool isStillOldest(const OldestMessage& oldest, StreamSequence after, const StreamSnapshot* stream)
{
    return oldest.sequence > after && (!stream || oldest.sequence >= stream->firstSequence);
}

const StreamSnapshot* findStream(const ClusterSnapshot& snapshot, const std::string& name)
{
    const auto at = std::lower_bound(
        snapshot.streams.begin(), snapshot.streams.end(), name,
        [](const StreamSnapshot& stream, const std::string& wanted) { return stream.name < wanted; });
    return at != snapshot.streams.end() && at->name == name ? &*at : nullptr;
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

std::vector<OldestMessageQuery> TimeLagTracker::plan(const ClusterSnapshot& snapshot)
{
    ++m_look;
    m_asked.clear();
    std::vector<const ConsumerSnapshot*> wanted;
    for (const ConsumerSnapshot& consumer : snapshot.consumers) {
        const auto known = m_known.find(nameOf(consumer));
        if (known != m_known.end())
            known->second.lastSeen = m_look;
        const std::optional<StreamSequence> after = unprocessedAfter(consumer);
        if (consumer.stale || consumer.lag() == 0 || !after)
            continue;
        if (known != m_known.end() &&
            isStillOldest(known->second.oldest, *after, findStream(snapshot, consumer.stream)))
            continue;
        wanted.push_back(&consumer);
    }
    std::erase_if(m_known, [this](const auto& entry) { return entry.second.lastSeen != m_look; });

    const std::size_t count = std::min(wanted.size(), m_readsPerLook);
    std::partial_sort(
        wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(count), wanted.end(),
        [](const ConsumerSnapshot* a, const ConsumerSnapshot* b) { return a->lag() > b->lag(); });
    wanted.resize(count);
    std::vector<OldestMessageQuery> queries;
    for (const ConsumerSnapshot* consumer : wanted) {
        queries.push_back({consumer->stream, *unprocessedAfter(*consumer), consumer->filters});
        m_asked.push_back(nameOf(*consumer));
    }
    return queries;
}

void TimeLagTracker::learn(const std::vector<std::optional<OldestMessage>>& answers)
{
    for (std::size_t i = 0; i < m_asked.size(); ++i) {
        if (i < answers.size() && answers[i])
            m_known[m_asked[i]] = {*answers[i], m_look};
        else
            m_known.erase(m_asked[i]);
    }
}

std::optional<double> TimeLagTracker::seconds(const ConsumerSnapshot& consumer, ServerTime now) const
{
    if (consumer.stale)
        return std::nullopt;
    if (consumer.lag() == 0)
        return 0.0;
    const auto known = m_known.find(nameOf(consumer));
    const std::optional<StreamSequence> after = unprocessedAfter(consumer);
    if (known == m_known.end() || !after || !isStillOldest(known->second.oldest, *after, nullptr))
        return std::nullopt;
    return std::max(0.0, std::chrono::duration<double>(now - known->second.oldest.time).count());
}

} // namespace jetlag
