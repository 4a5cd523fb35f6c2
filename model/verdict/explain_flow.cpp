// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/verdict/explain_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace jetlag::explained {

namespace {

double count(std::uint64_t value)
{
    return static_cast<double>(value);
}

double per(double amount, const Flow& flow)
{
    return flow.seconds > 0 ? amount / flow.seconds : 0;
}

/// Per second: what is acked, where it acks; what lies fetched in its hands is not done, and fetches come in
/// shoves.
double workedOff(const Case& c, const Flow& flow)
{
    return per(c.consumer().ackPolicy == "none" || flow.acks == 0 ? flow.first : flow.acks, flow);
}

void showFlow(Case& c, const Flow& flow)
{
    c.show("arrivals", per(flow.arrived, flow), "/s");
    c.show("first deliveries", per(flow.first, flow), "/s");
    c.show("redeliveries", per(flow.again, flow), "/s");
    c.show("acks", per(flow.acks, flow), "/s");
}

void showBacklog(Case& c)
{
    c.show("num_pending", count(c.consumer().pending), "messages");
    c.show("num_ack_pending", count(c.consumer().ackPending), "messages");
    if (const std::optional<FoundMessage>& oldest = c.window.now().unread) {
        c.show("age of the oldest unread message", c.ageOf(oldest->time), "s");
        c.hold("oldest unread", *oldest);
    }
    if (c.window.stalls().size() >= 2)
        c.show("longest pause it usually makes", c.window.longestStall(), "s");
}

/// Long enough to hold two of its own pauses: who fetches every 4 s is not judged over 4 s.
double usefulSpan(const Case& c)
{
    return std::clamp(4.4 * c.window.longestStall(), 10.0, 60.0);
}

void moreWorkers(Case& c)
{
    const bool full = c.consumer().maxAckPending > 0 &&
                      c.consumer().ackPending >= static_cast<std::uint64_t>(c.consumer().maxAckPending);
    c.suggest("More workers, or more collectors on the same consumer: pull consumers share the work.",
              c.consumerCommand("info"));
    if (full)
        c.suggest(
            "Its cap of messages in hand is full while acks flow: a larger one lets more workers run at "
            "once.",
            c.consumerCommand("edit", fmt::format("--max-pending {}", 2 * c.consumer().maxAckPending)));
}

} // namespace

void slow(Case& c)
{
    const Flow flow = flowOver(c.window, usefulSpan(c));
    const double in = per(flow.arrived, flow);
    const double out = workedOff(c, flow);
    const double needed = out > 0 ? in / out : 0;
    c.say(in > out
              ? fmt::format(
                    "It works off {} of {} that come: the lag of {} grows and never drains; it needs {:.1f} "
                    "times as much.",
                    rate(out), rate(in), messages(c.window.lag()), needed)
              : fmt::format("Its lag of {} does not fall though it works off {}.", messages(c.window.lag()),
                            rate(out)));
    showFlow(c, flow);
    if (needed > 1)
        c.show("needed factor", needed, "times as much");
    showBacklog(c);
    moreWorkers(c);
}

void catchingUp(Case& c)
{
    const Flow flow = flowOver(c.window, usefulSpan(c));
    const double gain = workedOff(c, flow) - per(flow.arrived, flow);
    c.say(fmt::format("It drains; {} are left.", messages(c.window.lag())));
    if (gain > 0) {
        c.say(fmt::format("It drains {} faster than messages come: {} are left, about {} more.", rate(gain),
                          messages(c.window.lag()), time(c.window.lag() / gain)));
        c.show("time until drained (ETA)", c.window.lag() / gain, "s");
    }
    showFlow(c, flow);
    showBacklog(c);
    c.suggest("Nothing, if retention waits that long: compare runway and ETA.", c.streamCommand("info"));
}

void burst(Case& c)
{
    const Flow flow = flowOver(c.window, 5);
    std::vector<double> older;
    const auto& intervals = c.window.intervals();
    for (std::size_t at = 0; at + 5 < intervals.size(); ++at)
        older.push_back(intervals[at].seconds > 0 ? intervals[at].arrived / intervals[at].seconds : 0);
    std::sort(older.begin(), older.end());
    older.resize(older.size() * 3 / 4);
    double usual = 0;
    for (const double one : older)
        usual += one / static_cast<double>(older.size());
    c.say(fmt::format("A burst came in ({}, usually {}); {} are left of it.", rate(per(flow.arrived, flow)),
                      rate(usual), messages(c.window.lag())));
    c.show("arrivals", per(flow.arrived, flow), "/s");
    c.show("usual arrivals", usual, "/s");
    c.show("first deliveries", per(flow.first, flow), "/s");
    c.show("acks", per(flow.acks, flow), "/s");
    showBacklog(c);
    c.suggest("Wait: it is the producer's burst, not the collector. Look again if it stays after the burst.");
}

void limitsNear(Case& c)
{
    const StreamSnapshot& stream = c.stream();
    const double pending = count(c.consumer().pending);
    const double maxAge = secondsOf(stream.maxAge);
    std::string which = "a limit of the stream";
    if (stream.maxMessages > 0 && pending >= 0.6 * static_cast<double>(stream.maxMessages))
        which = fmt::format("max_msgs ({})", exactCount(static_cast<std::uint64_t>(stream.maxMessages)));
    else if (maxAge > 0)
        which = fmt::format("max_age ({})", time(maxAge));
    c.say(fmt::format("It keeps up, but at its peaks unread messages come near {}.", which));
    c.show("num_pending", pending, "messages");
    if (stream.maxMessages > 0)
        c.show("max_msgs", static_cast<double>(stream.maxMessages), "messages");
    if (maxAge > 0)
        c.show("max_age", maxAge, "s");
    showBacklog(c);
    c.suggest("Fetch more often, or raise the limit before a slow day deletes unread messages.",
              c.raiseLimitCommand());
}

void lost(Case& c)
{
    const LossTally& loss = c.memory.loss;
    const bool unread = loss.unread > 0;
    std::string what =
        unread ? fmt::format("at least {} before they were read", messages(count(loss.unread)))
               : fmt::format("{} in hand, before an ack",
                             loss.unacked > 0 ? messages(count(loss.unacked)) : std::string("messages"));
    if (loss.from > 0)
        what += fmt::format(" ({} to {})", exactCount(loss.from), exactCount(loss.to));
    if (unread && loss.unacked > 0)
        what += fmt::format(", and {} in hand", messages(count(loss.unacked)));
    const StreamSnapshot& stream = c.stream();
    std::vector<std::string> limits;
    if (stream.maxMessages > 0)
        limits.push_back(fmt::format("max_msgs {}", stream.maxMessages));
    if (stream.maxBytes > 0)
        limits.push_back(fmt::format("max_bytes {}", stream.maxBytes));
    if (stream.maxAge.count() > 0)
        limits.push_back(fmt::format("max_age {}", time(secondsOf(stream.maxAge))));
    if (limits.empty())
        limits.emplace_back("no limit is set, so a purge or delete");
    c.say(fmt::format("The stream deleted {}: {}.", what, fmt::join(limits, ", ")));
    c.show("lost unread", count(loss.unread), "messages");
    c.show("lost in hand", count(loss.unacked), "messages");
    if (loss.from > 0) {
        c.show("first lost", count(loss.from), "sequence");
        c.show("last lost", count(loss.to), "sequence");
    }
    c.show("stream first_seq", count(stream.firstSequence.value()), "sequence");
    c.show("delivered.stream_seq", count(c.consumer().delivered.stream.value()), "sequence");
    c.show("num_pending", count(c.consumer().pending), "messages");
    if (const std::string raise = c.raiseLimitCommand(); !raise.empty())
        c.suggest("Keep more until the collector is mended: raise the limit.", raise);
    else
        c.suggest("No limit took them: who purges or deletes messages of this stream?",
                  c.streamCommand("info"));
    c.suggest("Or let the stream refuse instead of deleting what is unread (producers then see an error).",
              c.streamCommand("edit", "--discard new"));
}

void idle(Case& c)
{
    const StreamSnapshot& stream = c.stream();
    const bool refuses =
        stream.discard == "new" &&
        ((stream.maxMessages > 0 && stream.messages >= static_cast<std::uint64_t>(stream.maxMessages)) ||
         (stream.maxBytes > 0 && stream.bytes >= static_cast<std::uint64_t>(stream.maxBytes)));
    const double silent = stream.lastTime == ServerTime{} ? 0 : std::max(0.0, c.ageOf(stream.lastTime));
    if (refuses) {
        c.say("Nothing comes because the stream is full and refuses (discard new); everything that is there "
              "is done.");
        c.to.counter = CounterTruth{
            "lag 0, nothing published", "producers are refused",
            "A full stream with discard new answers publishers with error 10077; from outside that "
            "looks like a silent producer."};
        c.suggest("Make room, or raise the limit.", c.raiseLimitCommand());
    } else if (stream.messages == 0 && stream.lastSequence.isZero()) {
        c.say("Nothing to do: nothing was ever stored in its stream.");
    } else {
        c.say(
            fmt::format("Nothing to do: its stream got nothing that it wants; the last message came {} ago.",
                        time(silent)));
    }
    c.show("seconds since the last message", silent, "s");
    c.show("stream last_seq", count(stream.lastSequence.value()), "sequence");
    c.show("num_pending", 0, "messages");
    if (!refuses)
        c.suggest("Should something come? Then look at the producer or hook, not at this collector.",
                  c.streamCommand("info"));
}

void none(Case& c)
{
    const Flow flow = flowOver(c.window, 10);
    c.say(fmt::format("It keeps up: {} come, {} are taken, {} are acked; {} wait or are in hand.",
                      rate(per(flow.arrived, flow)), rate(per(flow.first, flow)), rate(per(flow.acks, flow)),
                      messages(c.window.lag())));
    showFlow(c, flow);
    showBacklog(c);
}

} // namespace jetlag::explained
