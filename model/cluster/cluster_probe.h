#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/snapshot.h"

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
};

} // namespace jetlag
