// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/verdict_board.h"

#include <algorithm>

namespace jetlag {

namespace {

constexpr std::chrono::seconds kRemembersWhoLeft{120};

double secondsOf(std::chrono::steady_clock::time_point time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::optional<FoundMessage> found(const std::optional<OldestMessage>& message)
{
    if (!message)
        return std::nullopt;
    return FoundMessage{message->sequence.value(), message->time, message->subject, message->bytes};
}

using NotesByName = std::map<ConsumerName, std::vector<AdvisoryNote>, ByConsumerName>;

NotesByName notesOf(std::span<const Advisory> advisories)
{
    NotesByName notes;
    for (const Advisory& advisory : advisories) {
        if (!advisory.consumer.empty())
            notes[{advisory.stream, advisory.consumer}].push_back(
                {advisory.kind, advisory.sequence, advisory.deliveries, advisory.reason});
    }
    return notes;
}

} // namespace

bool canBeReset(const StreamSnapshot& stream, std::string_view serverVersion) noexcept
{
    if (const std::string* version = findMetadata(stream.metadata, "_nats.ver"))
        return canReset(*version);
    if (!serverVersion.empty())
        return canReset(serverVersion);
    // 2.11 or later. Without a version the cautious answer: less is taken for stranded.
    return findMetadata(stream.metadata, "_nats.req.level") != nullptr;
}

void VerdictBoard::look(const ClusterSnapshot& now, std::span<const Advisory> advisories,
                        bool connectionBroke, ClusterProbe& probe, std::stop_token stop)
{
    const std::vector<OldestMessageQuery> queries = m_reads.plan(now);
    m_reads.learn(queries.empty() ? std::vector<std::optional<OldestMessage>>()
                                  : probe.oldestMessages(queries, stop));
    const std::vector<MatchingQuery> counts = m_reads.planCounts(now);
    m_reads.learnCounts(counts.empty() ? std::vector<std::optional<std::uint64_t>>()
                                       : probe.countMatching(counts, stop));

    NotesByName notes = notesOf(advisories);
    std::map<std::string_view, std::shared_ptr<const StreamSnapshot>> streams;
    for (const StreamSnapshot& stream : now.streams)
        streams.emplace(stream.name, std::make_shared<const StreamSnapshot>(stream));
    for (auto& [name, watched] : m_watched)
        watched.isThere = false;
    // Both are sorted: beside each other they are walked without a search.
    const ByConsumerName less;
    auto at = m_watched.begin();
    for (const ConsumerSnapshot& consumer : now.consumers) {
        while (at != m_watched.end() && less(at->first, consumer))
            ++at;
        if (at == m_watched.end() || less(consumer, at->first))
            at = m_watched.try_emplace(at, ConsumerName{consumer.stream, consumer.name});
        const auto stream = streams.find(consumer.stream);
        const auto said = notes.find(consumer);
        judgeOne(*at, consumer, stream == streams.end() ? nullptr : stream->second,
                 said == notes.end() ? std::vector<AdvisoryNote>() : std::move(said->second), connectionBroke,
                 now);
    }
    judgeWhoLeft(now);
}

void VerdictBoard::judgeOne(WatchedByName::value_type& entry, const ConsumerSnapshot& consumer,
                            const std::shared_ptr<const StreamSnapshot>& stream,
                            std::vector<AdvisoryNote> notes, bool connectionBroke, const ClusterSnapshot& now)
{
    auto& [name, watched] = entry;
    watched.isThere = true;
    watched.seen = now.sampled;
    VerdictSample sample{
        .at = secondsOf(now.sampled), .connected = connectionBroke, .advisories = std::move(notes)};
    const bool answered = stream && !stream->stale && !consumer.stale;
    if (answered) {
        sample.stream = stream;
        sample.consumer = std::make_shared<const ConsumerSnapshot>(consumer);
        sample.serverNow = consumer.answered;
        sample.canBeReset = canBeReset(*stream, now.serverVersion);
        const PositionReads::Known known = m_reads.known(consumer);
        sample.unread = found(known.unread);
        sample.afterFloor = found(known.afterFloor);
        sample.first = found(known.first);
        for (const OldestMessage& message : known.further)
            sample.leftBehind.push_back(*found(message));
        sample.matching = known.matching;
        const bool another = watched.created && *watched.created != consumer.created;
        if (connectionBroke || another)
            watched.outlook.restart();
        watched.created = consumer.created;
        watched.standing.timeLagSeconds = PositionReads::timeLag(consumer, known, now.at);
        watched.standing.deliveryLagSeconds = PositionReads::deliveryLag(consumer, known, now.at);
        watched.outlook.add(sample.at, *stream, consumer, watched.standing.deliveryLagSeconds);
        watched.standing.etaSeconds = watched.outlook.etaSeconds();
        watched.standing.runwaySeconds = watched.outlook.runwaySeconds(*stream);
    } else {
        sample.error = SampleError::NoAnswer;
        watched.outlook.restart();
    }
    if (m_sink)
        m_sink(name, sample);
    watched.standing.diagnosis = watched.watch.add(std::move(sample), now.at);
    if (answered)
        watched.standing.answered = watched.standing.diagnosis;
}

void VerdictBoard::judgeWhoLeft(const ClusterSnapshot& now)
{
    for (auto& [name, watched] : m_watched) {
        if (watched.isThere)
            continue;
        VerdictSample sample{.at = secondsOf(now.sampled), .error = SampleError::NoConsumer};
        if (m_sink)
            m_sink(name, sample);
        watched.standing = {.diagnosis = watched.watch.add(std::move(sample), now.at)};
        watched.created.reset();
        watched.outlook.restart();
    }
    std::erase_if(m_watched, [&](const auto& entry) {
        return !entry.second.isThere && now.sampled - entry.second.seen > kRemembersWhoLeft;
    });
}

void VerdictBoard::noAnswer(std::chrono::steady_clock::time_point at, ServerTime now, SampleError error)
{
    for (auto& [name, watched] : m_watched) {
        VerdictSample sample{.at = secondsOf(at), .error = error};
        if (m_sink)
            m_sink(name, sample);
        watched.standing.diagnosis = watched.watch.add(std::move(sample), now);
        watched.outlook.restart();
    }
}

} // namespace jetlag
