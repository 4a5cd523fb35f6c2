// SPDX-License-Identifier: Apache-2.0
#include "model/events/advisory_words.h"

#include "model/base/text.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

std::string what(const Advisory& advisory)
{
    return advisory.consumer.empty() ? "stream" : "collector";
}

void describeMessage(const Advisory& advisory, AdvisoryEvent& said)
{
    ClusterEvent& event = said.event;
    event.severity = EventSeverity::Warning;
    if (advisory.kind == "max_deliver") {
        event.word = "max deliveries";
        event.sentence = advisory.deliveries == 1
                             ? fmt::format("message {} was delivered once and is given up", advisory.sequence)
                             : fmt::format("message {} was delivered {} times and is given up",
                                           advisory.sequence, advisory.deliveries);
    } else if (advisory.reason == kDeletedUnacked) {
        event.word = "deleted unacked";
        event.severity = EventSeverity::Bad;
        event.sentence =
            fmt::format("message {} was deleted by a limit before it was acked", advisory.sequence);
    } else {
        event.word = "terminated";
        event.sentence = fmt::format("the collector gave up message {}{}{}", advisory.sequence,
                                     advisory.reason.empty() ? "" : ": ", safeForDisplay(advisory.reason));
    }
    said.sameness = event.word;
}

void describeAction(const Advisory& advisory, AdvisoryEvent& said)
{
    ClusterEvent& event = said.event;
    event.kind = MarkKind::Config;
    if (advisory.action == "create") {
        event.word = "created";
        event.sentence = fmt::format("the {} was created", what(advisory));
    } else if (advisory.action == "delete") {
        event.word = "gone";
        event.severity = EventSeverity::Warning;
        event.sentence = fmt::format("the {} was deleted", what(advisory));
    } else {
        event.word = "config";
        event.sentence = fmt::format("the {} was changed", what(advisory));
    }
    said.sameness = event.word;
}

} // namespace

std::optional<AdvisoryEvent> eventOfAdvisory(const Advisory& advisory)
{
    if (advisory.kind == "nak")
        return std::nullopt;
    AdvisoryEvent said;
    ClusterEvent& event = said.event;
    event.at = event.last = advisory.time;
    event.kind = MarkKind::Advisory;
    event.stream = advisory.stream;
    event.collector = advisory.consumer;
    event.sequence = advisory.sequence;
    event.deliveries = advisory.deliveries;
    const std::string& kind = advisory.kind;
    if (kind == "max_deliver" || kind == "terminated") {
        describeMessage(advisory, said);
    } else if (kind == "consumer_action" || kind == "stream_action") {
        describeAction(advisory, said);
    } else if (kind.ends_with("leader_elected")) {
        event.kind = MarkKind::Leader;
        event.word = "leader " + advisory.action;
        event.sentence = fmt::format("{} was elected to lead it", safeForDisplay(advisory.action));
        said.sameness = "leader";
    } else if (kind.ends_with("quorum_lost")) {
        event.severity = EventSeverity::Bad;
        event.word = "quorum lost";
        event.sentence = "too few of its servers answer each other; nothing is stored or acked";
        said.sameness = event.word;
    } else if (kind == "consumer_pause") {
        event.kind = MarkKind::Pause;
        event.word = advisory.action == "resumed" ? "resumed" : "paused";
        event.sentence = event.word == "paused" ? "the collector was paused" : "it delivers again";
        said.sameness = event.word;
    } else {
        event.word = kind;
        event.sentence = fmt::format("the server says: {}{}{}", safeForDisplay(kind),
                                     advisory.reason.empty() ? "" : ", ", safeForDisplay(advisory.reason));
        said.sameness = kind;
    }
    return said;
}

std::string repeatedSentence(const ClusterEvent& newest, std::uint64_t count)
{
    if (newest.word == "max deliveries")
        return fmt::format("{} messages are given up after {}; the newest is {}", count,
                           newest.deliveries == 1 ? "one delivery"
                                                  : fmt::format("{} deliveries", newest.deliveries),
                           newest.sequence);
    if (newest.word == "deleted unacked")
        return fmt::format("{} messages were deleted by a limit before they were acked; the newest is {}",
                           count, newest.sequence);
    if (newest.word == "terminated")
        return fmt::format("the collector gave up {} messages; the newest is {}", count, newest.sequence);
    return fmt::format("{} ({} times)", newest.sentence, count);
}

} // namespace jetlag
