#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/advisory.h"
#include "model/cluster/snapshot.h"

#include <chrono>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag {

/// "Which is the first message of `stream` behind `after` that one of `filters` matches?"
struct OldestMessageQuery
{
    std::string stream;
    StreamSequence after;
    std::vector<std::string> filters; ///< empty = every subject
};

struct OldestMessage
{
    StreamSequence sequence;
    ServerTime time{};
    std::string subject;
    std::uint64_t bytes = 0; ///< of the payload
    /// How wrong `time` may be where it was worked out from the stream's times; 0 = read.
    std::chrono::nanoseconds within{};
};

/// "What is stored under this very sequence, and where was it copied from?"
struct CopyQuery
{
    std::string stream;
    StreamSequence sequence;
};

struct CopiedMessage
{
    ServerTime time{};
    std::string origin;            ///< the stream that it was copied from as a source; empty = it was not
    StreamSequence originSequence; ///< its sequence there
};

/// "How many messages of `stream` do `filters` match?"
struct MatchingQuery
{
    std::string stream;
    std::vector<std::string> filters; ///< never empty; of different subjects
};

/// How the monitor sees an account. Implemented by nats/monitor; it only reads. One thread at a time.
class ClusterProbe
{
public:
    virtual ~ClusterProbe() = default;

    /// One look at all streams and consumers. Trouble with a part is told in the snapshot's `problems`; an
    /// error means that there is nothing to show.
    [[nodiscard]] virtual Result<ClusterSnapshot> look(std::stop_token stop) = 0;

    /// One answer per query, in order; nullopt where there is none or it could not be read. Each costs the
    /// transfer of one message: ask few.
    [[nodiscard]] virtual std::vector<std::optional<OldestMessage>>
    oldestMessages(std::span<const OldestMessageQuery> queries, std::stop_token stop) = 0;

    /// One count per query, in order; nullopt where it is not known (denied, too many subjects, no answer).
    [[nodiscard]] virtual std::vector<std::optional<std::uint64_t>>
    countMatching(std::span<const MatchingQuery> queries, std::stop_token /*stop*/)
    {
        return std::vector<std::optional<std::uint64_t>>(queries.size());
    }

    /// One answer per query, in order; nullopt where nothing is stored or it could not be read. Each costs
    /// the transfer of one message.
    [[nodiscard]] virtual std::vector<std::optional<CopiedMessage>> copies(std::span<const CopyQuery> queries,
                                                                           std::stop_token /*stop*/)
    {
        return std::vector<std::optional<CopiedMessage>>(queries.size());
    }

    /// What the servers said by themselves since the last call, oldest first; bounded. Never waits.
    [[nodiscard]] virtual std::vector<Advisory> takeAdvisories() { return {}; }
};

} // namespace jetlag
