// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output/report_print.h"

#include "app/cli/output/text_table.h"
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/cluster/report_check.h"
#include "model/cluster/verdict_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

std::string durationOrUnknown(std::optional<double> seconds)
{
    return seconds ? shortDuration(*seconds) : "?";
}

std::string bytesOrUnknown(std::optional<double> bytes)
{
    return bytes ? shortBytes(*bytes) : "?";
}

std::string etaText(const CollectorReport& row)
{
    if (neverDrains(row))
        return "never";
    const std::optional<double> eta = shownEta(row);
    return eta ? shortDuration(*eta) : "–";
}

void printCollectors(const ClusterReport& report)
{
    using Align = TextTable::Align;
    TextTable table({{"STREAM"},
                     {"COLLECTOR"},
                     {"VERDICT"},
                     {"CAUSE"},
                     {"LAG", Align::Right},
                     {"TIME LAG", Align::Right},
                     {"RUNWAY", Align::Right},
                     {"ETA", Align::Right},
                     {"PENDING", Align::Right},
                     {"ACK PENDING", Align::Right},
                     {"REDELIVERED", Align::Right},
                     {"DELIVERED/S", Align::Right},
                     {"ACKED/S", Align::Right},
                     {"ACK FLOOR", Align::Right},
                     {"DELIVERED", Align::Right},
                     {"LEADER"}});
    for (const CollectorReport* one : worstFirst(report)) {
        const CollectorReport& row = *one;
        const ConsumerSnapshot& consumer = row.consumer;
        table.add({safeForDisplay(consumer.stream),
                   safeForDisplay(consumer.name) + (consumer.stale ? " (stale)" : ""),
                   row.verdict.value_or("looking"), row.cause.value_or("–"),
                   shortCount(static_cast<double>(row.lag)),
                   row.lag == 0 ? "–" : durationOrUnknown(row.timeLagSeconds),
                   row.runwaySeconds ? shortDuration(*row.runwaySeconds) : "–", etaText(row),
                   shortCount(static_cast<double>(consumer.pending)),
                   shortCount(static_cast<double>(consumer.ackPending)),
                   shortCount(static_cast<double>(consumer.redelivered)), shortCount(row.deliveredPerSecond),
                   shortCount(row.ackedPerSecond), exactCount(consumer.ackFloor.stream.value()),
                   exactCount(consumer.delivered.stream.value()),
                   consumer.placement.leader.empty() ? "–" : safeForDisplay(consumer.placement.leader)});
    }
    fmt::print("{}", table.text());
}

void printStreams(const ClusterReport& report)
{
    using Align = TextTable::Align;
    TextTable table({{"STREAM"},
                     {"MESSAGES", Align::Right},
                     {"SIZE", Align::Right},
                     {"FIRST", Align::Right},
                     {"LAST", Align::Right},
                     {"IN/S", Align::Right},
                     {"BYTES/S", Align::Right},
                     {"COLLECTORS", Align::Right}});
    for (const StreamReport& row : report.streams) {
        const StreamSnapshot& stream = row.stream;
        table.add({safeForDisplay(stream.name) + (stream.stale ? " (stale)" : ""),
                   shortCount(static_cast<double>(stream.messages)),
                   shortBytes(static_cast<double>(stream.bytes)), exactCount(stream.firstSequence.value()),
                   exactCount(stream.lastSequence.value()), shortCount(row.inPerSecond),
                   bytesOrUnknown(row.inBytesPerSecond), fmt::to_string(stream.consumerCount)});
    }
    fmt::print("{}", table.text());
}

} // namespace

void printReport(const ClusterReport& report)
{
    const auto counted = [](std::size_t count, std::string_view what) {
        return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    };
    fmt::print("{} · {} in {} · {}\n\n", safeForDisplay(report.server),
               counted(report.collectors.size(), "collector"), counted(report.streams.size(), "stream"),
               formatRfc3339(report.at));
    if (report.collectors.empty())
        fmt::print("no collectors\n");
    else
        printCollectors(report);
    fmt::print("\n");
    if (report.streams.empty())
        fmt::print("no streams\n");
    else
        printStreams(report);
    for (const StreamReport& row : report.streams) {
        for (const StreamFinding& finding : row.findings)
            fmt::print("\n{}: {} ({})\n", safeForDisplay(row.stream.name), finding.sentence, finding.kind);
    }
    for (const std::string& crossed : crossedLimits(report))
        fmt::print("\n{}\n", crossed);
    if (report.hiddenStreams + report.hiddenConsumers > 0)
        fmt::print("\nhidden: {} system, KV and object streams, {} of their or ephemeral consumers; --all "
                   "shows them\n",
                   report.hiddenStreams, report.hiddenConsumers);
    const bool looking = std::any_of(report.collectors.begin(), report.collectors.end(),
                                     [](const CollectorReport& row) { return !row.verdict; });
    if (looking)
        fmt::print("\nVerdicts take 3 to 15 s of looking: report --check or --watch\n");
    for (const std::string& problem : report.problems)
        fmt::print("{}\n", problem);
}

} // namespace jetlag
