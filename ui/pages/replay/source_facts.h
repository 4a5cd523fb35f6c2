#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/service/capture_service.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jetlag::ui {

/// Where a collector stands, as a place to start from.
struct CollectorPlace
{
    std::string name;
    std::vector<std::string> filters;
    /// The message after its ack floor; nullopt = it has never acked: the first there is.
    std::optional<StreamSequence> afterAckFloor;
    /// The message after the last one that it was given.
    StreamSequence afterDelivered;
};

/// What is known of a source before anything is read: enough to check a set-up, to estimate it and to draw
/// its range. Unknown is nullopt, never 0.
struct SourceFacts
{
    QString problem; ///< why it cannot be read, in a sentence; empty = it can, as far as known
    QString note;    ///< what is missing in it, in a sentence
    std::optional<std::uint64_t> messages;
    std::optional<std::uint64_t> bytes;
    std::optional<StreamSequence> first; ///< absent for logs, whose records are not counted before
    std::optional<StreamSequence> last;
    std::optional<ServerTime> firstTime;
    std::optional<ServerTime> lastTime;
    std::vector<SequenceGap> gaps;
    std::vector<std::string> subjects;
    std::vector<CollectorPlace> collectors;
    std::chrono::nanoseconds maxAge{}; ///< the stream deletes what is older; 0 = it does not
    QString words;                     ///< "2.40 M events · 4.6 GB · limits, max age 10 m"
};

[[nodiscard]] SourceFacts streamFacts(const ClusterReport& report, const std::string& stream);
[[nodiscard]] SourceFacts captureFacts(const CaptureDescription& capture, const std::string& stream);

/// What a look at log files finds; made off the UI thread, because a folder may be slow.
struct LogLook
{
    std::string problem; ///< a sentence; empty = all can be read
    std::uint64_t files = 0;
    std::uint64_t bytes = 0; ///< on disk
    bool compressed = false; ///< some are, so that `bytes` says little about what will be read
    std::string analyzer;    ///< whose log it looks like; empty = nobody's
};
[[nodiscard]] LogLook lookAtLogs(const std::vector<std::filesystem::path>& paths);
[[nodiscard]] SourceFacts logFacts(const LogLook& look);

/// The analyzer whose subjects or stream name these are; "traffic" takes what no other claims.
[[nodiscard]] std::string proposedAnalyzer(const SourceFacts& facts, const std::string& name);

} // namespace jetlag::ui
