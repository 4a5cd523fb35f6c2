#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace jetlag {

/// One file of a log, and what its place on disk says about it.
struct LogFile
{
    std::filesystem::path path;
    /// Of a rolled Spark log: which file of the series ("2", or "2.compact"); empty for any other file.
    std::string rollIndex;

    bool operator==(const LogFile&) const = default;
};

/// Turns what a user names into files, in the order in which they are to be read: a file is itself; a
/// rolled Spark log (a directory `eventlog_v2_*`) is its `events_N_*` by number, without its empty
/// `appstatus_*` and without what a compaction has replaced; any other directory is its regular files and
/// rolled logs, sorted by name, without hidden ones (Hadoop keeps checksums there).
/// NotFound when a path does not exist, Denied or Io when it cannot be listed. An empty directory is no
/// error.
[[nodiscard]] Result<std::vector<LogFile>> expandLogPaths(std::span<const std::filesystem::path> paths);

} // namespace jetlag
