// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/verdict/explain_parts.h"
#include "model/verdict/rules/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jetlag::explained {

namespace {

double count(std::uint64_t value)
{
    return static_cast<double>(value);
}

std::uint64_t naksWithin(const VerdictWindow& window, double seconds)
{
    std::uint64_t naks = 0;
    for (const Interval& interval : window.intervalsWithin(seconds))
        naks += interval.naks;
    return naks;
}

/// The message behind the floor: what holds it, where it is known.
const FoundMessage* holder(const Case& c)
{
    return c.window.now().afterFloor ? &*c.window.now().afterFloor : nullptr;
}

/// What lies behind the floor for good, oldest first: never what is merely in hand.
std::vector<FoundMessage> leftBehind(const Case& c)
{
    const VerdictSample& now = c.window.now();
    std::vector<FoundMessage> left;
    if (rules::leftOneBehind(c.window)) {
        left.push_back(c.stream().retention == "workqueue" ? *now.first : *now.afterFloor);
        left.insert(left.end(), now.leftBehind.begin(), now.leftBehind.end());
    } else if (now.afterFloor && c.consumer().ackPending == 0 &&
               now.afterFloor->sequence <= c.consumer().delivered.stream.value() &&
               c.window.floorStands() >= rules::restOfDeadLetters(c.window)) {
        left.push_back(*now.afterFloor);
    }
    return left;
}

std::uint64_t mostDeliveries(const Case& c, std::uint64_t sequence)
{
    std::uint64_t most = 0;
    for (const AdvisoryNote& note : c.window.now().advisories) {
        if (note.sequence == sequence)
            most = std::max(most, note.deliveries);
    }
    return most;
}

} // namespace

void redeliveryLoop(Case& c)
{
    const Flow flow = flowOver(c.window, 15);
    const double perSecond = flow.seconds > 0 ? flow.again / flow.seconds : 0;
    const std::uint64_t naks = naksWithin(c.window, 15);
    c.say(fmt::format("The same {} come again and again ({}), and none is acked.",
                      messages(count(c.consumer().redelivered)), rate(perSecond)));
    c.show("redeliveries", perSecond, "/s");
    c.show("num_redelivered", count(c.consumer().redelivered), "messages");
    c.show("negative acks heard", count(naks), "in 15 s");
    c.showLasting("seconds without an ack", c.window.mute());
    c.show("ack_wait", secondsOf(c.consumer().ackWait), "s");
    if (const FoundMessage* first = holder(c))
        c.hold("after the ack floor", *first);
    if (naks > 0)
        c.suggest("The application refuses every message (nak): its log tells why.");
    else
        c.suggest(
            "The application takes messages and never acks: ack_wait runs out and they come again. Does it "
            "ack at all, in time, and on the connection that received them?");
    c.suggest("Slow the rounds while you look: a longer ack_wait, or a backoff.",
              c.consumerCommand(
                  "edit", fmt::format("--wait {}s",
                                      static_cast<int>(std::ceil(2 * secondsOf(c.consumer().ackWait))))));
}

void poison(Case& c)
{
    // A name outlasts its proof for a while: what lies behind a floor that moves again is merely in hand.
    if (c.window.floorStands() < rules::kFloorOfPoison || c.consumer().redelivered == 0) {
        c.say(
            "A message was delivered again and again without an ack; the ack floor has just moved past it.");
        c.show("num_redelivered", count(c.consumer().redelivered), "messages");
        c.suggest("Look again in some seconds: does another one hold it?", c.consumerCommand("info"));
        return;
    }
    const double stands = c.window.floorStands();
    const FoundMessage* bad = holder(c);
    const std::uint64_t sequence = bad != nullptr ? bad->sequence : c.consumer().ackFloor.stream.value() + 1;
    const double acked = c.window.acksSinceFloor();
    c.say(fmt::format(
        "Message {}{} is delivered again and again without an ack and holds the ack floor, while {} "
        "above it {} acked.",
        exactCount(sequence),
        bad != nullptr && !bad->subject.empty() ? fmt::format(" ({})", safeForDisplay(bad->subject)) : "",
        (c.window.reachesBack(stands) ? "at least " : "") + shortCount(acked), acked == 1 ? "was" : "were"));
    c.show("sequence that holds the floor", count(sequence), "sequence");
    c.showLasting("ack floor stands for", stands);
    c.showSince("acked above the floor since", acked, "messages", stands);
    c.show("num_redelivered", count(c.consumer().redelivered), "messages");
    if (const std::uint64_t deliveries = mostDeliveries(c, sequence); deliveries > 0)
        c.show("deliveries of it", count(deliveries), "deliveries");
    c.hold("holds the ack floor", bad != nullptr ? *bad : FoundMessage{.sequence = sequence});
    c.suggest("Read it: what does the application not like about it?", c.getCommand(sequence));
    c.suggest("Let the application terminate what it can't process, so that it is not delivered again.");
    if (c.consumer().maxDeliver <= 0)
        c.suggest("Give up after some attempts: with max_deliver it becomes a dead letter instead of a plug.",
                  c.consumerCommand("edit", "--max-deliver 5"));
}

void ackWait(Case& c)
{
    const Flow flow = flowOver(c.window, 15);
    const double all = flow.first + flow.again;
    const double share = all > 0 ? flow.again / all : 0;
    const double wait = secondsOf(c.consumer().ackWait);
    const double inHand = count(c.consumer().ackPending);
    const double ackRate = flow.seconds > 0 ? (flow.acks > 0 ? flow.acks : flow.first) / flow.seconds : 0;
    c.say(fmt::format(
        "{:.0f} % of its deliveries are repeats of messages that it still works on: what it fetches "
        "outlives ack_wait ({}) before its turn comes.",
        100 * share, time(wait)));
    c.show("redelivered share", 100 * share, "%");
    c.show("redeliveries", flow.seconds > 0 ? flow.again / flow.seconds : 0, "/s");
    c.show("acks", ackRate, "/s");
    c.show("num_ack_pending", inHand, "messages");
    c.show("ack_wait", wait, "s");
    if (const FoundMessage* first = holder(c))
        c.hold("after the ack floor", *first);
    if (ackRate > 0 && wait > 0) {
        // Whoever holds N messages and finishes A a second acks the last one after N / A seconds.
        const double needed = inHand / ackRate;
        const auto most = std::max<std::int64_t>(1, static_cast<std::int64_t>(0.5 * wait * ackRate));
        c.show("time until the last one in hand is acked", needed, "s");
        c.showWords("consistent",
                    fmt::format("ack_wait {} s, batches of {} in all, max_ack_pending {}; or ack_wait {} s, "
                                "batches of {} in all, max_ack_pending {}",
                                wait, most, most, static_cast<int>(std::ceil(2 * needed)), inHand, inHand));
        c.suggest(
            fmt::format("Fetch less at once: at {} its workers finish {} messages within half of ack_wait.",
                        rate(ackRate), most),
            c.consumerCommand("edit", fmt::format("--max-pending {}", most)));
        c.suggest(
            "Or give it the time it needs.",
            c.consumerCommand("edit", fmt::format("--wait {}s", static_cast<int>(std::ceil(2 * needed)))));
    }
    c.suggest("Or let workers say that they are in progress (+WPI) before ack_wait is over.");
}

void stranded(Case& c)
{
    const ConsumerSnapshot& consumer = c.consumer();
    const StreamSequence position = consumer.delivered.stream;
    const StreamSequence end = c.stream().lastSequence;
    c.show("delivered.stream_seq", count(position.value()), "sequence");
    c.show("stream last_seq", count(end.value()), "sequence");
    std::uint64_t restart = end.value() + 1;
    if (position > end) {
        c.say(fmt::format(
            "It stands at {}, beyond the stream's end {}: the stream was put back, and every new message "
            "up to there will be skipped.",
            exactCount(position.value()), exactCount(end.value())));
        c.to.counter = CounterTruth{
            fmt::format("lag {}", exactCount(consumer.lag())),
            fmt::format("{} to come will be skipped", messages(count(position.value() - end.value()))),
            "num_pending counts what lies behind the consumer's position only, and that is "
            "beyond the stream's end.",
            true};
    } else {
        const double never = c.memory.neverDelivered.value_or(0);
        const FoundMessage* left = holder(c) != nullptr   ? holder(c)
                                   : c.window.now().first ? &*c.window.now().first
                                                          : nullptr;
        const std::string many = never > 0 ? messages(never) : "at least 1 message";
        c.say(fmt::format(
            "The server tells lag {}, yet {} below its position {} never delivered and will never come.",
            exactCount(consumer.lag()), many, never > 1 ? "were" : "was"));
        const double unprocessed = count(consumer.lag()) + std::max(never, 1.0);
        c.show("unprocessed in truth, at least", unprocessed, "messages");
        if (never > 0)
            c.show("never delivered", never, "messages");
        if (left != nullptr) {
            c.hold("left behind", *left);
            restart = left->sequence;
        }
        c.to.counter = CounterTruth{fmt::format("lag {}", exactCount(consumer.lag())), many + " unread",
                                    "num_pending counts only what lies behind the position. A changed "
                                    "filter, a purge of one subject or a "
                                    "store put back leaves unread messages below it.",
                                    true, unprocessed};
    }
    c.show("num_pending", count(consumer.pending), "messages");
    c.suggest("Let a copy of the consumer begin where the unread messages do (a change, and a work queue "
              "refuses two "
              "of the same messages: only if it is yours).",
              c.copyCommand(fmt::format("--deliver {}", restart)));
    c.suggest("From server 2.14 on its owner can reset it instead of making it anew.");
}

void deadLetters(Case& c)
{
    const std::vector<std::uint64_t>& told = c.window.outOfDeliveries();
    const std::vector<FoundMessage> left = leftBehind(c);
    const std::uint64_t sequence = !told.empty() ? told.back() : left.empty() ? 0 : left.front().sequence;
    const double many = std::max({1.0, static_cast<double>(told.size()), static_cast<double>(left.size()),
                                  told.empty() ? count(c.consumer().redelivered) : 0});
    c.say(fmt::format(
        "{} used up {} {} (max_deliver) and {} left behind{}.", messages(many), many == 1 ? "its" : "their",
        evidenceText({.value = c.consumer().maxDeliver, .unit = "deliveries"}), many == 1 ? "is" : "are",
        sequence > 0 ? fmt::format("; the {} is {}", told.empty() ? "first one" : "last one told",
                                   exactCount(sequence))
                     : ""));
    c.show("max_deliver", static_cast<double>(c.consumer().maxDeliver), "deliveries");
    c.show("told by advisories", static_cast<double>(told.size()), "messages");
    c.show("num_redelivered", count(c.consumer().redelivered), "messages");
    for (const FoundMessage& message : left)
        c.hold("left behind", message);
    constexpr std::size_t kShown = 10;
    for (std::size_t at = told.size() > kShown ? told.size() - kShown : 0; at < told.size(); ++at) {
        if (std::ranges::find(left, told[at], &FoundMessage::sequence) == left.end())
            c.hold("out of deliveries", FoundMessage{told[at], {}, {}});
    }
    if (c.consumer().lag() == 0) {
        c.show("unprocessed in truth, at least", many, "messages");
        c.to.counter = CounterTruth{
            "lag 0", messages(many) + " unprocessed",
            "Messages that used up their deliveries count neither as pending nor as in hand.", true, many};
    }
    if (sequence > 0)
        c.suggest("Read it, mend the cause, and process it by hand.", c.getCommand(sequence));
    if (c.to.messages.empty())
        c.suggest(
            "Which ones they are was told once, by advisories that nobody heard here: the application's "
            "log may name what it failed on.");
    else
        c.suggest("Keep track of them under Events, Dead letters: bodies, reviewed marks, replay.");
}

} // namespace jetlag::explained
