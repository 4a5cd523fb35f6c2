#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "model/cluster/stream_findings.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jetlag {

/// Finds copies that skipped messages of a source or mirrored stream which was deleted and made anew. Servers
/// go on behind the last sequence that they copied, and say lag 0: no field tells. What tells is that a copy
/// is older than its original:
///
/// * A mirror keeps sequences and times. Where both hold a sequence and the times differ, or where the mirror
///   reaches beyond the stream's end, it holds messages of an earlier stream.
/// * A sourcing stream keeps the sequence in a header. The join, where messages of the old stream end and
///   those of the new one begin, is found by bisection in time; the last copy before it is proved old by the
///   message that the source now holds under its sequence, and what the source still holds before the first
///   copy behind it was skipped.
///
/// Nothing is said where that proof is not there: the source's first messages have left it since, the copy
/// deletes inside or is no limits stream, it starts at a sequence or time of its own, renames subjects, lies
/// in another account, or (clocks of two leaders) the two are within ten seconds.
///
/// Costs one search (some twenty to sixty message gets, at most sixteen a look) for each copy that is older
/// than its source's first message, and one get for a mirror. One thread at a time.
class SourceWatch final
{
public:
    /// `now` after carryOver().
    void look(const ClusterSnapshot& now, ClusterProbe& probe, std::stop_token stop);
    /// Of kind source-skipped; those of the stream `copy`.
    [[nodiscard]] std::vector<StreamFinding> findings(const std::string& copy) const;

private:
    struct Pair
    {
        ServerTime originCreated{};
        StreamSequence originLast; ///< at the look before
        StreamSequence copyLast;
        bool isDone = false;
        bool isSearching = false;
        // the search: the first message of the copy that is not older than `since` lies in (before, from]
        ServerTime since{};
        StreamSequence before;
        StreamSequence from;
        unsigned beyondLooks = 0; ///< a mirror reaches beyond its origin
        std::chrono::steady_clock::time_point retryAt{};
        std::optional<std::chrono::steady_clock::time_point> nothingSince; ///< nothing of the new one copied
        std::optional<StreamFinding> finding;
        StreamSequence skippedLast; ///< nothing to tell once the origin holds it no more
        std::uint64_t lastSeen = 0; ///< look
    };
    /// A copy, the stream it is of, and what is known of the two.
    struct View
    {
        const StreamSnapshot& copy;
        const StreamSnapshot& origin;
        const SourceSnapshot& source;
        std::chrono::steady_clock::time_point now;
        Pair& pair;
    };

    void lookAtMirror(View view, ClusterProbe& probe, std::stop_token stop);
    void lookAtSource(View view, ClusterProbe& probe, std::stop_token stop);
    void narrow(View view, ClusterProbe& probe, std::stop_token stop);
    void judgeJoin(View view, ClusterProbe& probe, std::stop_token stop);
    void judgeNothingCopied(View view);

    std::map<std::pair<std::string, std::string>, Pair> m_pairs; ///< copy and origin
    std::uint64_t m_look = 0;
};

} // namespace jetlag
