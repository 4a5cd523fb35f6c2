#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

enum class ThresholdLevel {
    Warning,
    Critical,
    Unreadable, ///< what its owner wrote is no number, duration or yes/no: said, never silently ignored
};
[[nodiscard]] std::string_view toString(ThresholdLevel level) noexcept; ///< "warn", "critical", "unreadable"

/// A threshold that the owner of a stream or consumer wrote into its metadata, and that is crossed now.
struct ThresholdFinding
{
    std::string what; ///< its name without "io.nats.monitor.": "unprocessed-critical"
    ThresholdLevel level = ThresholdLevel::Critical;
    std::optional<double> limit;
    std::optional<double> value; ///< nullopt = there is none, such as the age of an ack that never came
    std::string unit;            ///< "messages", "seconds", "peers", ...
    std::string sentence;        ///< "1 200 messages are not delivered; its owner allows less than 1 000"

    bool operator==(const ThresholdFinding&) const = default;
};

// The names and their meaning are those of the `nats server check stream|consumer` commands, so that one
// threshold says the same everywhere: README.md lists them. A limit of 0 is none. What is not known (a leader
// that forgot the last ack, a stale row) crosses nothing.

/// Worst first. `now`: the server's time. Pure.
[[nodiscard]] std::vector<ThresholdFinding> crossedThresholds(const StreamSnapshot& stream);
[[nodiscard]] std::vector<ThresholdFinding> crossedThresholds(const ConsumerSnapshot& consumer,
                                                              ServerTime now);

[[nodiscard]] bool hasCritical(const std::vector<ThresholdFinding>& findings);

} // namespace jetlag
