// SPDX-License-Identifier: Apache-2.0
#include "model/engine/checkpoint_owner.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jetlag {

namespace {

std::vector<std::string> sorted(std::vector<std::string> filters)
{
    std::sort(filters.begin(), filters.end());
    return filters;
}

std::string describe(const std::vector<std::string>& filters)
{
    return filters.empty()
               ? "every subject"
               : fmt::format("filter {}", safeForDisplay(fmt::format("{}", fmt::join(filters, ", "))));
}

Error conflict(std::string_view where, std::string_view whatItIs, std::string_view whatIsWanted)
{
    return {ErrorCode::Conflict,
            fmt::format("{} belongs to {}, not to {}; use another one, or remove it to start anew", where,
                        whatItIs, whatIsWanted)};
}

} // namespace

bool needsKnownMessage(const CheckpointHeader& header, const StreamIdentity& stream) noexcept
{
    return header.stream.name == stream.name && header.stream.created != stream.created &&
           !header.stream.knownSequence.isZero();
}

Result<void> checkBelongs(const CheckpointHeader& header, const CheckpointOwner& owner,
                          std::string_view where)
{
    const std::string stream = fmt::format("stream {}", safeForDisplay(header.stream.name));
    if (header.stream.name != owner.stream.name)
        return conflict(where, stream, fmt::format("stream {}", safeForDisplay(owner.stream.name)));
    const bool sameCreated = header.stream.created == owner.stream.created;
    const bool sameMessage =
        !header.stream.knownSequence.isZero() && owner.knownMessageTime == header.stream.knownTime;
    if (!sameCreated && !sameMessage)
        return conflict(where,
                        fmt::format("another {} (created {}, message {} of {})", stream,
                                    formatRfc3339(header.stream.created), header.stream.knownSequence.value(),
                                    formatRfc3339(header.stream.knownTime)),
                        fmt::format("the one created {}", formatRfc3339(owner.stream.created)));
    if (header.analyzer != owner.analyzer || header.analyzerVersion != owner.analyzerVersion)
        return conflict(
            where,
            fmt::format("analyzer {} version {}", safeForDisplay(header.analyzer), header.analyzerVersion),
            fmt::format("analyzer {} version {}", owner.analyzer, owner.analyzerVersion));
    if (sorted(header.filters) != sorted(owner.filters))
        return conflict(where, describe(header.filters), describe(owner.filters));
    return {};
}

} // namespace jetlag
