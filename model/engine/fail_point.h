#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <string_view>

namespace jetlag {

/// Faults that a test asks a whole process for, in the environment variable JETLAG_FAIL_POINT: words
/// separated by commas. Off, they cost a comparison per checkpoint.
///
/// | word                            | what goes wrong                                                    |
/// |---------------------------------|--------------------------------------------------------------------|
/// | `ack-before-checkpoint`         | what was only read is acked: the bug that the engine exists to     |
/// |                                 | avoid, to prove that the tests would see it                        |
/// | `kill-between-checkpoint-and-ack[=N]` | the process kills itself after its N-th (first) commit, before
/// the ack | | `hold-acks-ms=N`                | every ack goes out N milliseconds late |
struct FailPoints
{
    bool ackBeforeCheckpoint = false;
    unsigned killAfterCommit = 0; ///< 0 = never
    std::chrono::milliseconds holdAcks{0};
};

/// Words of others are left alone.
[[nodiscard]] FailPoints parseFailPoints(std::string_view text);
[[nodiscard]] FailPoints failPointsFromEnvironment();

/// Ends this process as if the machine had been switched off: no destructor, no flush.
[[noreturn]] void dieAtOnce();

} // namespace jetlag
