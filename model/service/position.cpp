// SPDX-License-Identifier: Apache-2.0
#include "model/service/position.h"

#include "model/base/text.h"

#include <fmt/format.h>

namespace jetlag {

Result<Position> parsePosition(std::string_view text, ServerTime now)
{
    if (const std::optional<std::uint64_t> sequence = parseU64(text))
        return Position(StreamSequence(*sequence));
    if (text.starts_with('-')) {
        if (const Result<std::chrono::nanoseconds> back = parseDuration(text.substr(1)))
            return Position(now - *back);
    }
    if (const Result<ServerTime> time = parseRfc3339(text))
        return Position(*time);
    return Error(
        ErrorCode::InvalidArgument,
        fmt::format(
            "\"{}\" is neither a sequence (42), a time (2024-02-29T12:00:00Z) nor a span back from now (-5m)",
            safeForDisplay(text)));
}

} // namespace jetlag
