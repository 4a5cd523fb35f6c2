// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/explain.h"

#include "model/base/number_text.h"
#include "model/base/shell_word.h"
#include "model/base/text.h"
#include "model/verdict/explain_parts.h"
#include "model/verdict/rules/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace jetlag {

namespace explained {

namespace {

/// Options come first, so that names that look like some can stand behind `--`.
std::string natsCommand(std::string_view what, std::string_view verb, std::string_view options,
                        const std::vector<std::string>& names)
{
    std::string command = fmt::format("nats {} {}", what, verb);
    if (!options.empty())
        command += fmt::format(" {}", options);
    const auto looksLikeOption = [](const std::string& name) { return name.starts_with('-'); };
    if (std::any_of(names.begin(), names.end(), looksLikeOption))
        command += " --";
    for (const std::string& name : names)
        command += ' ' + shellWord(name);
    return command;
}

} // namespace

void Case::show(std::string what, double value, std::string unit) const
{
    to.evidence.push_back({.what = std::move(what), .value = value, .unit = std::move(unit), .at = to.at});
}

void Case::showLasting(std::string what, double seconds) const
{
    showSince(std::move(what), seconds, "s", seconds);
}

void Case::showSince(std::string what, double value, std::string unit, double seconds) const
{
    show(std::move(what), value, std::move(unit));
    to.evidence.back().atLeast = window.reachesBack(seconds);
}

std::string Case::lasting(double seconds) const
{
    return (window.reachesBack(seconds) ? "at least " : "") + time(seconds);
}

double Case::ageOf(ServerTime time) const
{
    return std::max(window.ageOf(time), secondsOf(to.at - time));
}

void Case::showWords(std::string what, std::string words) const
{
    to.evidence.push_back({.what = std::move(what), .text = std::move(words), .at = to.at});
}

void Case::suggest(std::string advice, std::string command) const
{
    to.steps.push_back({std::move(advice), std::move(command)});
}

void Case::hold(std::string role, const FoundMessage& message) const
{
    HoldingMessage held{.role = std::move(role), .sequence = message.sequence, .subject = message.subject};
    if (message.time != ServerTime{})
        held.time = message.time;
    if (message.bytes > 0)
        held.bytes = message.bytes;
    to.messages.push_back(std::move(held));
}

std::string Case::consumerCommand(std::string_view verb, std::string_view options) const
{
    return natsCommand("consumer", verb, options, {to.stream, to.collector});
}

std::string Case::streamCommand(std::string_view verb, std::string_view options) const
{
    return natsCommand("stream", verb, options, {to.stream});
}

std::string Case::copyCommand(std::string_view options) const
{
    return natsCommand("consumer", "copy", options, {to.stream, to.collector, to.collector + "-again"});
}

std::string Case::raiseLimitCommand() const
{
    const StreamSnapshot& now = stream();
    const bool isFullOfBytes = now.maxBytes > 0 && now.bytes >= static_cast<std::uint64_t>(now.maxBytes);
    if (now.maxMessages > 0 && !isFullOfBytes)
        return streamCommand("edit", fmt::format("--max-msgs {}", 2 * now.maxMessages));
    if (now.maxBytes > 0)
        return streamCommand("edit", fmt::format("--max-bytes {}", 2 * now.maxBytes));
    if (now.maxAge.count() > 0)
        return streamCommand(
            "edit", fmt::format("--max-age {}s", std::llround(std::ceil(2 * secondsOf(now.maxAge)))));
    return {};
}

std::string Case::getCommand(std::uint64_t sequence) const
{
    return natsCommand("stream", "get", {}, {to.stream, std::to_string(sequence)});
}

std::string messages(double count)
{
    const double whole = std::max(0.0, std::round(count));
    return whole == 1 ? "1 message" : shortCount(whole) + " messages";
}

std::string time(double seconds)
{
    return shortDuration(std::max(0.0, seconds));
}

std::string rate(double perSecond)
{
    return shortCount(std::max(0.0, perSecond)) + "/s";
}

double secondsOf(std::chrono::nanoseconds length)
{
    return std::chrono::duration<double>(length).count();
}

Flow flowOver(const VerdictWindow& window, double seconds)
{
    Flow flow;
    for (const Interval& interval : window.intervalsWithin(seconds)) {
        flow.seconds += interval.seconds;
        flow.first += interval.first;
        flow.again += interval.again;
        flow.acks += interval.acks;
        flow.arrived += interval.arrived;
    }
    return flow;
}

void recreated(Case& c)
{
    c.say("It is another consumer than before, or was wound back: its sequences went back.");
    if (const VerdictSample* before = c.window.beforeReset()) {
        c.show("delivered.stream_seq before", static_cast<double>(before->consumer->delivered.stream.value()),
               "sequence");
        c.show("delivered.consumer_seq before",
               static_cast<double>(before->consumer->delivered.consumer.value()), "deliveries");
    }
    c.show("delivered.stream_seq", static_cast<double>(c.consumer().delivered.stream.value()), "sequence");
    c.show("delivered.consumer_seq", static_cast<double>(c.consumer().delivered.consumer.value()),
           "deliveries");
    c.showWords("created", formatRfc3339(c.consumer().created));
    c.suggest("Who deleted, recreated or reset it? Events shows it if advisories were heard.",
              c.consumerCommand("info"));
    c.suggest("Expect messages to be processed a second time, or skipped, by whoever owns it.");
}

void cluster(Case& c)
{
    const PlacementSnapshot& stream = c.stream().placement;
    const PlacementSnapshot& consumer = c.consumer().placement;
    c.say(stream.leader.empty() || consumer.leader.empty()
              ? "The stream or consumer has no leader: numbers are old, and nothing flows."
              : "Its leader does not hear of enough replicas, or does not answer: numbers may be old.");
    c.showWords("stream leader", stream.leader.empty() ? "nobody" : safeForDisplay(stream.leader));
    c.showWords("consumer leader", consumer.leader.empty() ? "nobody" : safeForDisplay(consumer.leader));
    for (const PlacementSnapshot* placement : {&stream, &consumer}) {
        for (const ReplicaSnapshot& replica : placement->replicas)
            c.show(fmt::format("{} replica {} heard of", placement == &stream ? "stream" : "consumer",
                               safeForDisplay(replica.name)),
                   secondsOf(replica.active), "s ago");
    }
    c.suggest("Which servers are up, and who leads?", "nats server report jetstream");
    c.suggest("Who leads the stream, and which of its peers lag?", c.streamCommand("info"));
}

namespace {

std::string were(std::uint64_t count)
{
    return messages(static_cast<double>(count)) + (count == 1 ? " was" : " were");
}

} // namespace

void looking(Case& c)
{
    const ConsumerSnapshot& consumer = c.consumer();
    const double age = c.window.age();
    if (c.window.readings().size() < 3) {
        c.say("Looking: a cause needs three samples.");
    } else if (consumer.isPull() && consumer.pending > 0 && consumer.waiting == 0 && c.window.stall() >= 2) {
        c.say(fmt::format("Looking: nobody has pulled for {}; too short to say that nobody does.",
                          c.lasting(c.window.stall())));
    } else if (rules::mayHoldDeadLetters(c.window)) {
        c.say(fmt::format("Looking: {} delivered more than once and not acked for {}; after {} it is known "
                          "whether the deliveries are used up (max_deliver {}).",
                          were(consumer.redelivered), c.lasting(c.window.redeliveriesRest()),
                          time(rules::restOfDeadLetters(c.window)), consumer.maxDeliver));
    } else if (consumer.redelivered > 0) {
        c.say(fmt::format("Looking: {} delivered more than once; which way is not clear yet.",
                          were(consumer.redelivered)));
    } else if (consumer.ackPending > 0) {
        c.say(fmt::format("Looking: {} are in hand for {} without an ack; it may be working.",
                          messages(static_cast<double>(consumer.ackPending)), c.lasting(c.window.mute())));
    } else {
        c.say("Looking: what was seen so far proves no cause.");
    }
    c.show("watched for", age, "s");
    c.show("num_pending", static_cast<double>(consumer.pending), "messages");
    c.show("num_ack_pending", static_cast<double>(consumer.ackPending), "messages");
    c.show("num_waiting", static_cast<double>(consumer.waiting), "pull requests");
    if (consumer.redelivered > 0)
        c.show("num_redelivered", static_cast<double>(consumer.redelivered), "messages");
    if (consumer.redelivered > 0 && consumer.maxDeliver > 0)
        c.show("max_deliver", static_cast<double>(consumer.maxDeliver), "deliveries");
}

namespace {

using Explain = void (*)(Case&);

Explain explainerOf(Cause cause)
{
    switch (cause) {
    case Cause::None:
        return none;
    case Cause::Paused:
        return paused;
    case Cause::Capped:
        return capped;
    case Cause::NoPulls:
        return noPulls;
    case Cause::PullFlood:
        return pullFlood;
    case Cause::RedeliveryLoop:
        return redeliveryLoop;
    case Cause::Poison:
        return poison;
    case Cause::Slow:
        return slow;
    case Cause::CatchingUp:
        return catchingUp;
    case Cause::Burst:
        return burst;
    case Cause::Idle:
        return idle;
    case Cause::Lost:
        return lost;
    case Cause::LimitsNear:
        return limitsNear;
    case Cause::Cluster:
        return cluster;
    case Cause::Recreated:
        return recreated;
    case Cause::NoInterest:
        return noInterest;
    case Cause::AckWait:
        return ackWait;
    case Cause::Stranded:
        return stranded;
    case Cause::DeadLetters:
        return deadLetters;
    }
    return none;
}

} // namespace

} // namespace explained

Diagnosis explain(const VerdictJudge& judge, const Judgement& judgement, ServerTime at)
{
    Diagnosis diagnosis{
        .cause = judgement.cause, .unreachable = judgement.unreachable, .at = at, .also = judgement.also};
    if (!judge.hasSamples()) {
        diagnosis.sentence =
            judgement.unreachable ? "It does not answer." : "Looking: no sample has come yet.";
        return diagnosis;
    }
    const VerdictWindow& window = judge.window();
    diagnosis.stream = window.consumer().stream;
    diagnosis.collector = window.consumer().name;
    if (!judgement.unreachable) {
        diagnosis.thresholds = crossedThresholds(window.consumer(), at);
        std::ranges::move(crossedThresholds(window.stream()), std::back_inserter(diagnosis.thresholds));
    }
    explained::Case c{window, judge.memory(), diagnosis};
    if (judgement.cause)
        explained::explainerOf (*judgement.cause)(c);
    else if (judgement.unreachable)
        diagnosis.sentence = "Nobody answers for it; what is shown is its last sample.";
    else
        explained::looking(c);
    return diagnosis;
}

bool isTrouble(std::string_view verdict) noexcept
{
    return verdict == "stopped" || verdict == "slow" || verdict == "stuck" || verdict == "lost" ||
           verdict == "stale";
}

} // namespace jetlag
