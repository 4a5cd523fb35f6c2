// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace jetlag::test {

namespace {

constexpr std::uint64_t kBytesPerMessage = 700;

void sortByLag(ClusterReport& report)
{
    std::stable_sort(
        report.collectors.begin(), report.collectors.end(),
        [](const CollectorReport& one, const CollectorReport& other) { return one.lag > other.lag; });
}

/// Places the offsets where `lag` messages remain before `last`.
void placeBefore(CollectorReport& row, StreamSequence last, std::uint64_t lag)
{
    row.lag = std::min(lag, last.value());
    row.consumer.ackPending = row.lag / 10;
    row.consumer.pending = row.lag - row.consumer.ackPending;
    const std::uint64_t delivered = last.value() - row.consumer.pending;
    const std::uint64_t acked = delivered - row.consumer.ackPending;
    row.consumer.delivered = {ConsumerSequence(delivered), StreamSequence(delivered)};
    row.consumer.ackFloor = {ConsumerSequence(acked), StreamSequence(acked)};
    row.timeLagSeconds = row.lag == 0 ? 0.0 : static_cast<double>(row.lag) / 500.0;
    const double gain = row.ackedPerSecond.value_or(0) - 1000.0;
    row.etaSeconds =
        row.lag > 0 && gain > 0 ? std::optional(static_cast<double>(row.lag) / gain) : std::nullopt;
}

std::uint64_t grown(std::uint64_t value, double perSecond, double seconds)
{
    return value + static_cast<std::uint64_t>(std::max(0.0, perSecond * seconds));
}

} // namespace

StreamReport streamRow(std::string name, std::uint64_t lastSequence)
{
    StreamReport row;
    StreamSnapshot& stream = row.stream;
    stream.name = std::move(name);
    stream.created = kReportTime - std::chrono::hours(48);
    stream.subjects = {stream.name + ".>"};
    stream.retention = "limits";
    stream.storage = "file";
    stream.discard = "old";
    stream.maxAge = std::chrono::hours(24);
    stream.allowDirect = true;
    stream.messages = lastSequence;
    stream.bytes = lastSequence * kBytesPerMessage;
    stream.firstSequence = StreamSequence(1);
    stream.lastSequence = StreamSequence(lastSequence);
    if (lastSequence > 0) {
        stream.firstTime = kReportTime - std::chrono::hours(2);
        stream.lastTime = kReportTime;
    }
    stream.subjectCount = 8;
    row.inPerSecond = 1000.0;
    row.inBytesPerSecond = 1000.0 * kBytesPerMessage;
    return row;
}

CollectorReport collectorRow(const StreamReport& stream, std::string name, std::uint64_t lag)
{
    CollectorReport row;
    ConsumerSnapshot& consumer = row.consumer;
    consumer.stream = stream.stream.name;
    consumer.name = name;
    consumer.durable = std::move(name);
    consumer.created = stream.stream.created;
    consumer.deliverPolicy = "all";
    consumer.ackPolicy = "all";
    consumer.ackWait = std::chrono::seconds(60);
    consumer.maxAckPending = 100'000;
    consumer.maxWaiting = 512;
    consumer.lastDelivered = kReportTime;
    consumer.lastAcked = kReportTime;
    consumer.waiting = 1;
    row.deliveredPerSecond = 1000.0;
    row.ackedPerSecond = 1000.0;
    row.redeliveredPerSecond = 0.0;
    placeBefore(row, stream.stream.lastSequence, lag);
    return row;
}

ClusterReport reportWith(std::size_t collectors, std::size_t perStream)
{
    ClusterReport report;
    report.at = kReportTime;
    report.server = "fake";
    perStream = std::max<std::size_t>(1, perStream);
    for (std::size_t i = 0; i < collectors; ++i) {
        if (i % perStream == 0)
            report.streams.push_back(
                streamRow(fmt::format("STREAM-{:04}", report.streams.size() + 1), 1'000'000 + i));
        report.streams.back().stream.consumerCount++;
        // Spread, and not in the order of the names.
        const std::uint64_t lag = i % 7 == 6 ? 0 : 1 + i * 7919 % 99'991;
        CollectorReport row = collectorRow(report.streams.back(), fmt::format("collector-{:04}", i + 1), lag);
        row.ackedPerSecond = 500.0 + static_cast<double>(i * 104'729 % 1'500);
        row.deliveredPerSecond = row.ackedPerSecond;
        placeBefore(row, report.streams.back().stream.lastSequence, lag);
        report.collectors.push_back(std::move(row));
    }
    sortByLag(report);
    return report;
}

ClusterReport later(ClusterReport report, std::chrono::milliseconds by)
{
    const double seconds = std::chrono::duration<double>(by).count();
    report.at += by;
    report.problems.clear();
    std::map<std::string, StreamSequence> lastOf;
    for (StreamReport& row : report.streams) {
        const std::uint64_t last =
            grown(row.stream.lastSequence.value(), row.inPerSecond.value_or(0), seconds);
        row.stream.messages += last - row.stream.lastSequence.value();
        row.stream.bytes = row.stream.messages * kBytesPerMessage;
        row.stream.lastSequence = StreamSequence(last);
        row.stream.lastTime = report.at;
        row.stream.stale = false;
        lastOf[row.stream.name] = row.stream.lastSequence;
    }
    for (CollectorReport& row : report.collectors) {
        const std::uint64_t last = lastOf[row.consumer.stream].value();
        const std::uint64_t acked =
            grown(row.consumer.ackFloor.stream.value(), row.ackedPerSecond.value_or(0), seconds);
        placeBefore(row, StreamSequence(last), last - std::min(last, acked));
        row.consumer.lastDelivered = report.at;
        row.consumer.lastAcked = report.at;
        row.consumer.stale = false;
    }
    sortByLag(report);
    return report;
}

ClusterReport echoOf(ClusterReport report, std::string problem)
{
    for (StreamReport& row : report.streams)
        row.stream.stale = true;
    for (CollectorReport& row : report.collectors) {
        row.consumer.stale = true;
        row.verdict = "stale";
        row.cause.reset();
    }
    report.problems = {std::move(problem)};
    return report;
}

const std::vector<std::string>& hostileNames()
{
    static const std::vector<std::string> names{
        "<b>bold</b><img src=x onerror=alert(1)>",
        "&lt;already&amp;escaped&gt;",
        "two\nlines\r\nand\ta tab",
        "bell\x07 escape\x1b[31mred\x1b[0m",
        "not utf-8: \xff\xfe\xc3\x28",
        "cut short: \xe2\x82",
        "right to left: \xe2\x80\xae"
        "gpj.exe",
        "zero\xe2\x80\x8bwidth and joiner\xe2\x80\x8d",
        "combining: a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87",
        "emoji: \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
        "%1 %n %s {} {0} %99",
        "\"quoted\" 'single' `back` $(touch x) ; --",
        "../../etc/passwd",
        "file:///etc/passwd",
        " leading and trailing ",
        std::string(1'024, 'x'),
    };
    return names;
}

ClusterReport hostileReport()
{
    ClusterReport report;
    report.at = kReportTime;
    report.server = hostileNames().front();
    std::uint64_t lag = 10 * hostileNames().size();
    for (const std::string& name : hostileNames()) {
        report.streams.push_back(streamRow(name, 1'000));
        report.streams.back().stream.consumerCount = 1;
        report.collectors.push_back(collectorRow(report.streams.back(), name, lag -= 10));
        report.problems.push_back("no answer about " + name);
    }
    return report;
}

} // namespace jetlag::test
