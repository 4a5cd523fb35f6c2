// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/verdict_board.h"

#include <algorithm>
#include <charconv>

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

std::map<ConsumerName, std::vector<AdvisoryNote>> notesOf(std::span<const Advisory> advisories)
{
    std::map<ConsumerName, std::vector<AdvisoryNote>> notes;
    for (const Advisory& advisory : advisories) {
        if (!advisory.consumer.empty())
            notes[{advisory.stream, advisory.consumer}].push_back(
                {advisory.kind, advisory.sequence, advisory.deliveries, advisory.reason});
    }
    return notes;
}

} // namespace

bool canBeReset(const StreamSnapshot& stream) noexcept
{
    const std::string* version = findMetadata(stream.metadata, "_nats.ver");
    if (version == nullptr)
        return false;
    int major = 0;
    int minor = 0;
    const char* end = version->data() + version->size();
    const auto [dot, failure] = std::from_chars(version->data(), end, major);
    if (failure != std::errc() || dot == end)
        return false;
    std::from_chars(dot + 1, end, minor);
    return major > 2 || (major == 2 && minor >= 14);
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

    std::map<ConsumerName, std::vector<AdvisoryNote>> notes = notesOf(advisories);
    std::map<std::string_view, std::shared_ptr<const StreamSnapshot>> streams;
    for (const StreamSnapshot& stream : now.streams)
        streams.emplace(stream.name, std::make_shared<const StreamSnapshot>(stream));
    for (auto& [name, watched] : m_watched)
        watched.isThere = false;
    for (const ConsumerSnapshot& consumer : now.consumers) {
        const auto stream = streams.find(consumer.stream);
        const auto said = notes.find({consumer.stream, consumer.name});
        judgeOne(consumer, stream == streams.end() ? nullptr : stream->second,
                 said == notes.end() ? std::vector<AdvisoryNote>() : std::move(said->second), connectionBroke,
                 now);
    }
    judgeWhoLeft(now);
}

void VerdictBoard::judgeOne(const ConsumerSnapshot& consumer,
                            const std::shared_ptr<const StreamSnapshot>& stream,
                            std::vector<AdvisoryNote> notes, bool connectionBroke, const ClusterSnapshot& now)
{
    const ConsumerName name{consumer.stream, consumer.name};
    Watched& watched = m_watched[name];
    watched.isThere = true;
    watched.seen = now.sampled;
    VerdictSample sample{
        .at = secondsOf(now.sampled), .connected = connectionBroke, .advisories = std::move(notes)};
    const bool answered = stream && !stream->stale && !consumer.stale;
    if (answered) {
        sample.stream = stream;
        sample.consumer = std::make_shared<const ConsumerSnapshot>(consumer);
        sample.serverNow = consumer.answered;
        sample.canBeReset = canBeReset(*stream);
        const PositionReads::Known known = m_reads.known(consumer);
        sample.unread = found(known.unread);
        sample.afterFloor = found(known.afterFloor);
        sample.first = found(known.first);
        sample.matching = known.matching;
        const bool another = watched.created && *watched.created != consumer.created;
        if (connectionBroke || another)
            watched.outlook.restart();
        watched.created = consumer.created;
        watched.standing.timeLagSeconds = m_reads.timeLag(consumer, now.at);
        watched.standing.deliveryLagSeconds = m_reads.deliveryLag(consumer, now.at);
        watched.outlook.add(sample.at, *stream, consumer, watched.standing.deliveryLagSeconds);
        watched.standing.etaSeconds = watched.outlook.etaSeconds();
        watched.standing.runwaySeconds = watched.outlook.runwaySeconds(*stream);
    } else {
        sample.error = SampleError::NoAnswer;
        watched.outlook.restart();
        const auto diagnosis = watched.standing.diagnosis;
        watched.standing = {.diagnosis = diagnosis};
    }
    if (m_sink)
        m_sink(name, sample);
    watched.standing.diagnosis = watched.watch.add(std::move(sample), now.at);
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
        watched.standing = {.diagnosis = watched.watch.add(std::move(sample), now)};
        watched.outlook.restart();
    }
}

const VerdictBoard::Standing* VerdictBoard::standing(const ConsumerName& name) const
{
    const auto found = m_watched.find(name);
    return found == m_watched.end() ? nullptr : &found->second.standing;
}

} // namespace jetlag
