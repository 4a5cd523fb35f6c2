#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/result.h"
#include "model/event/sequence.h"

#include <optional>
#include <string_view>
#include <variant>

namespace jetlag {

/// An end of a range as a user gives it: a sequence (for raw logs the record number, from 1) or a time
/// (server time on streams and captures, record time on logs). Both ends of a range are included.
using Position = std::variant<StreamSequence, ServerTime>;

/// Digits are a sequence; else RFC 3339, or a span back from `now` such as "-5m".
[[nodiscard]] Result<Position> parsePosition(std::string_view text, ServerTime now);

struct PositionRange
{
    std::optional<Position> from; ///< nullopt = the first there is
    std::optional<Position> to;   ///< nullopt = the last at start, or the tail when following
};

} // namespace jetlag
