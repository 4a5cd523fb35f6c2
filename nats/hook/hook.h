#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/profile/connection_profile.h"
#include "model/record/framer.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag {

/// How far one file is.
struct HookFileProgress
{
    std::filesystem::path path;
    std::string source;          ///< empty = not known yet
    std::uint64_t records = 0;   ///< acked in this run
    std::uint64_t bytesRead = 0; ///< of the file as it lies on disk
    std::uint64_t size = 0;
};

/// How far all is; numbers of this run.
struct HookProgress
{
    std::uint64_t records = 0;    ///< acked
    std::uint64_t messages = 0;   ///< acked
    std::uint64_t bytes = 0;      ///< of acked records, as they stand in the logs
    std::uint64_t duplicates = 0; ///< messages that the server knew already
    std::uint64_t resent = 0;     ///< messages sent again
    double recordsPerSecond = 0;  ///< acked, over the last second or so
    std::uint64_t filesDone = 0;
    std::uint64_t filesWaiting = 0;
    std::vector<HookFileProgress> files; ///< open ones
    std::string trouble;                 ///< why nothing moves, in words; empty when all is well
};

struct HookOptions
{
    ConnectionProfile profile;
    RecordKind kind = RecordKind::Lines;
    std::vector<std::filesystem::path> paths; ///< files and folders
    std::string stream;                       ///< empty = the kind in capitals; made if missing
    std::string subjectPrefix;                ///< empty = the kind; may hold dots
    /// Instead of the name found in the log. Of several files, or of a file that is followed (another may
    /// take its place), it only stands in front of that, or they would share offsets.
    std::string sourceName;
    std::string applicationId;   ///< of Spark logs that do not name theirs
    std::string timeZone;        ///< IANA name; empty = UTC
    bool follow = false;         ///< go on as files grow, move and appear, until stopped
    double recordsPerSecond = 0; ///< 0 = as fast as it goes

    std::filesystem::path stateFolder;          ///< empty = the user's (defaultStateFolder())
    std::chrono::milliseconds lookEvery{250};   ///< at files that were at their end
    std::chrono::milliseconds scanEvery{1'000}; ///< for new files
    std::chrono::milliseconds saveEvery{1'000}; ///< positions
    std::chrono::milliseconds progressEvery{250};
    /// A followed file that was renamed or removed counts as closed after so long without growth.
    std::chrono::milliseconds closeAfter{30'000};
    /// How long a stop waits for acks of what was sent.
    std::chrono::milliseconds stopPatience{5'000};
    /// Without follow: give up after so long without an ack. With follow a hook waits for its broker forever.
    std::chrono::milliseconds patience{60'000};
    std::chrono::milliseconds ackWait{5'000};
    std::size_t windowRecords = 4'096; ///< un-acked records of a source

    std::function<void(const HookProgress&)> onProgress; ///< in the hook's thread; may only store
    /// Told once the stream is there: a sentence when it was made. In the hook's thread.
    std::function<void(const std::string& sentence)> onCreated;
};

/// What was done.
struct HookOutcome
{
    std::string stream;
    std::uint64_t records = 0;  ///< acked
    std::uint64_t messages = 0; ///< acked
    std::uint64_t bytes = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t resent = 0;          ///< messages sent again
    std::uint64_t skippedRecords = 0;  ///< published by an earlier run
    std::uint64_t files = 0;           ///< looked at
    bool partial = false;              ///< some records' application stayed unknown
    bool stopped = false;              ///< before everything was published
    std::vector<std::string> created;  ///< what was made, in sentences
    std::vector<std::string> problems; ///< files that could not be published whole, in sentences
};

/// Publishes the records of log files into a stream: acked, each source in file order, and goes on after a
/// crash where it stood. See README.md for the rules.
///
///     Result<HookOutcome> outcome = runHook(options, stop);
///
/// Blocks until everything is acked, or (with follow) until `stop`; a stop ends it within
/// options.stopPatience and a few seconds. Returns an error when nothing could be done at all, or when
/// nothing more can be (login refused, stream gone): what was acked until then stays acked, and the positions
/// are kept. A file that cannot be read is a problem of the outcome; the others go on.
[[nodiscard]] Result<HookOutcome> runHook(const HookOptions& options, std::stop_token stop);

} // namespace jetlag
