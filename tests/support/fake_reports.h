#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag::test {

/// When reports that are made here were sampled, unless told otherwise.
inline constexpr ServerTime kReportTime{std::chrono::seconds(1'700'000'000)};

[[nodiscard]] StreamReport streamRow(std::string name, std::uint64_t lastSequence);
/// A durable pull consumer that has `lag` messages of `stream` to go, a tenth of them delivered and not
/// acked.
[[nodiscard]] CollectorReport collectorRow(const StreamReport& stream, std::string name, std::uint64_t lag);

/// A report with so many collectors over so many streams as that takes at `perStream`. Names sort as they
/// were made: STREAM-0001, collector-0001. Lags differ, most first, as the monitor hands them out; one
/// collector in seven has none. The same arguments give the same report.
[[nodiscard]] ClusterReport reportWith(std::size_t collectors, std::size_t perStream = 10);

/// The next look at the same cluster: each stream has grown by its rate, each collector has gone on by its
/// own.
[[nodiscard]] ClusterReport later(ClusterReport report, std::chrono::milliseconds by);
/// What a monitor hands out when a look fails: the same rows at the same time, stale, and the reason.
[[nodiscard]] ClusterReport echoOf(ClusterReport report, std::string problem);

/// Names that somebody else chose: markup, control characters, no UTF-8, right-to-left overrides, line ends,
/// percent signs, quotes, a kilobyte of one letter. None holds a zero byte.
[[nodiscard]] const std::vector<std::string>& hostileNames();
/// A stream and a collector of each hostile name.
[[nodiscard]] ClusterReport hostileReport();

} // namespace jetlag::test
