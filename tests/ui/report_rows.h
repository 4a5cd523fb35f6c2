#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::test {

inline constexpr std::uint64_t kLastSequence = 1'000'000;

/// A stream [1, last] that all is known of.
inline StreamReport plainStream(std::string name, double inPerSecond = 100)
{
    StreamReport row;
    row.stream.name = std::move(name);
    row.stream.messages = kLastSequence;
    row.stream.bytes = kLastSequence * 200;
    row.stream.firstSequence = StreamSequence(1);
    row.stream.lastSequence = StreamSequence(kLastSequence);
    row.stream.consumerCount = 1;
    row.inPerSecond = inPerSecond;
    row.inBytesPerSecond = inPerSecond * 200;
    return row;
}

/// A durable that has `lag` messages not yet delivered and none that wait for an ack.
inline CollectorReport plainCollector(std::string stream, std::string name, std::uint64_t lag,
                                      double ackedPerSecond = 90)
{
    CollectorReport row;
    row.consumer.stream = std::move(stream);
    row.consumer.name = name;
    row.consumer.durable = std::move(name);
    row.consumer.ackPolicy = "explicit";
    row.consumer.ackWait = std::chrono::seconds(30);
    row.consumer.maxAckPending = 1000;
    row.consumer.pending = lag;
    row.consumer.delivered = {ConsumerSequence(kLastSequence - lag), StreamSequence(kLastSequence - lag)};
    row.consumer.ackFloor = {ConsumerSequence(kLastSequence - lag), StreamSequence(kLastSequence - lag)};
    row.lag = lag;
    row.deliveredPerSecond = ackedPerSecond;
    row.ackedPerSecond = ackedPerSecond;
    row.redeliveredPerSecond = 0;
    return row;
}

/// The time of the n-th report: 2026-11-23 21:57:22 UTC and n seconds.
inline ServerTime reportTime(int second)
{
    return ServerTime(std::chrono::seconds(1'795'471'042 + second));
}

/// Collectors come as given; their streams are made from their names.
inline ClusterReport reportOf(std::vector<CollectorReport> collectors, int second = 0)
{
    ClusterReport report;
    report.at = reportTime(second);
    report.server = "n1";
    for (const CollectorReport& row : collectors) {
        bool known = false;
        for (const StreamReport& stream : report.streams)
            known = known || stream.stream.name == row.consumer.stream;
        if (!known)
            report.streams.push_back(plainStream(row.consumer.stream));
    }
    report.collectors = std::move(collectors);
    return report;
}

/// 20 streams of 50 collectors; lags are a permutation of 0..999, so that the order is known.
inline ClusterReport thousandCollectors(int second = 0)
{
    std::vector<CollectorReport> rows;
    for (std::uint64_t at = 0; at < 1000; ++at)
        rows.push_back(
            plainCollector("S" + std::to_string(at % 20), "collector-" + std::to_string(at), at * 7 % 1000));
    return reportOf(std::move(rows), second);
}

} // namespace jetlag::test
