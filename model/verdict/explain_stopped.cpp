// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/verdict/explain_parts.h"

#include <fmt/format.h>

namespace jetlag::explained {

namespace {

double count(std::uint64_t value)
{
    return static_cast<double>(value);
}

void showOldest(Case& c)
{
    if (const std::optional<FoundMessage>& oldest = c.window.now().unread) {
        c.show("age of the oldest unread message", c.ageOf(oldest->time), "s");
        c.hold("oldest unread", *oldest);
    }
}

void showInHand(Case& c)
{
    c.show("num_ack_pending", count(c.consumer().ackPending), "messages");
    if (c.consumer().maxAckPending > 0)
        c.show("max_ack_pending", static_cast<double>(c.consumer().maxAckPending), "messages");
    if (const std::optional<FoundMessage>& oldest = c.window.now().afterFloor) {
        c.show("age of the oldest message in hand", c.ageOf(oldest->time), "s");
        c.hold("oldest in hand", *oldest);
    }
}

} // namespace

void paused(Case& c)
{
    const double remaining = secondsOf(c.consumer().pauseRemaining);
    c.say(remaining > 0 ? fmt::format("It is paused for another {}; {} wait.", time(remaining),
                                      messages(count(c.consumer().pending)))
                        : fmt::format("It is paused; {} wait.", messages(count(c.consumer().pending))));
    c.show("pause_remaining", remaining, "s");
    c.show("num_pending", count(c.consumer().pending), "messages");
    c.suggest("If nobody wants the pause any more, end it.", c.consumerCommand("resume"));
}

void capped(Case& c)
{
    c.say(fmt::format("It holds {} and gets no more until it acks some: its max_ack_pending is {}.",
                      messages(count(c.consumer().ackPending)), exactCount(c.consumer().ackPending)));
    showInHand(c);
    c.showLasting("seconds without an ack", c.window.mute());
    c.show("num_pending", count(c.consumer().pending), "messages");
    c.show("num_waiting", count(c.consumer().waiting), "pull requests");
    c.suggest(
        "Its workers take messages and do not ack: look at what they wait for (a database, a lock, a full "
        "disk).",
        c.consumerCommand("info"));
    c.suggest(
        "Raise the cap only when acks flow and the cap alone holds them up.",
        c.consumerCommand("edit", fmt::format("--max-pending {}",
                                              2 * std::max<std::int64_t>(1, c.consumer().maxAckPending))));
}

void noPulls(Case& c)
{
    const std::optional<ServerTime> since = c.window.undeliveredSince();
    const double silent = since ? std::max(c.window.stall(), c.ageOf(*since)) : c.window.stall();
    c.say(fmt::format("Nobody has asked for messages for {}; {} wait{}.",
                      since ? time(silent) : c.lasting(silent), messages(count(c.consumer().pending)),
                      c.consumer().ackPending > 0
                          ? fmt::format(" and {} are in hand", exactCount(c.consumer().ackPending))
                          : ""));
    c.show("seconds without a delivery", silent, "s");
    c.to.evidence.back().atLeast = !since && c.window.reachesBack(silent);
    c.show("num_waiting", count(c.consumer().waiting), "pull requests");
    c.show("num_pending", count(c.consumer().pending), "messages");
    if (c.consumer().ackPending > 0)
        showInHand(c);
    showOldest(c);
    if (c.window.stalls().size() >= 2)
        c.show("longest pause it usually makes", c.window.longestStall(), "s");
    c.suggest("Is the collector's process up, and is it connected?", "nats server report connections");
    c.suggest("If it is up, it does not fetch: look at what it is blocked on between two fetches.",
              c.consumerCommand("info"));
    c.suggest("Take one message by hand only if this consumer is yours: that delivers it.",
              c.consumerCommand("next", "--no-ack"));
}

void pullFlood(Case& c)
{
    c.say(fmt::format("{} pull requests fill its queue (max_waiting {}), and nothing is delivered.",
                      exactCount(c.consumer().waiting), c.consumer().maxWaiting));
    c.show("num_waiting", count(c.consumer().waiting), "pull requests");
    c.show("max_waiting", static_cast<double>(c.consumer().maxWaiting), "pull requests");
    c.show("num_pending", count(c.consumer().pending), "messages");
    showInHand(c);
    c.suggest("Find the client that pulls without taking: its log shows status 409, “Exceeded MaxWaiting”.",
              c.consumerCommand("info"));
    c.suggest(
        "Pull again only when the last pull was answered or expired; one pull request a worker is enough.");
}

void noInterest(Case& c)
{
    c.say(fmt::format("Nobody listens on its deliver subject {}; {} wait.",
                      safeForDisplay(c.consumer().deliverSubject), messages(c.window.lag())));
    c.showWords("deliver_subject", safeForDisplay(c.consumer().deliverSubject));
    c.showWords("push_bound", "false");
    c.show("num_pending", count(c.consumer().pending), "messages");
    c.show("num_ack_pending", count(c.consumer().ackPending), "messages");
    showOldest(c);
    c.suggest("Start its subscriber, or look why it left.", c.consumerCommand("info"));
}

} // namespace jetlag::explained
