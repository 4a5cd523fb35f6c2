#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/event/stream_identity.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jetlag {

/// One stream of a capture, as its totals say; nothing was scanned for it.
struct CaptureStreamInfo
{
    StreamIdentity identity;
    std::string config;               ///< JSON as the server sent it; may be empty
    std::vector<std::string> filters; ///< empty = every subject
    StreamSequence askedFrom;         ///< everything from here
    StreamSequence coveredTo;         ///< to here was asked for
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; ///< payloads
    StreamSequence firstSequence;
    StreamSequence lastSequence;
    ServerTime firstTime{};
    ServerTime lastTime{};
    std::uint64_t gapCount = 0;
    std::vector<SequenceGap> gaps; ///< the first kMaxGapsListed
};

inline constexpr std::size_t kMaxGapsListed = 10'000;

/// What lies beside the file.
enum class CaptureWal {
    None,    ///< one file, all in it
    Present, ///< belongs to the file: copy it along
    Missing, ///< it should be there: the newest commits are gone with it
};

struct CaptureInfo
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;     ///< payloads
    std::uint64_t fileBytes = 0; ///< on disk, with the -wal
    bool cleanClose = false;
    bool beingWritten = false; ///< a writer is at work on it now
    CaptureWal wal = CaptureWal::None;
    bool readFromCopy = false; ///< the folder cannot be written, so a copy was read
    int formatVersion = 0;
    std::string writer; ///< program and version
    ServerTime created{};
    ServerTime committed{};        ///< time of the last commit
    std::uint64_t damagedRows = 0; ///< of those that this was read from
    /// What is missing and why, in sentences; empty when nothing is.
    std::string recovery;
    std::vector<CaptureStreamInfo> streams;
};

} // namespace jetlag
