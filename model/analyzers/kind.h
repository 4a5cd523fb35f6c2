#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string_view>

namespace jetlag {

/// True when the first token of `subject` is the kind of a built-in analyzer other than `own`.
[[nodiscard]] bool belongsToAnotherKind(std::string_view subject, std::string_view own) noexcept;

/// The key of events that give none.
inline constexpr std::string_view kNoKey = "-";

/// What stands where a key belongs may be anything; keys of state are never longer than this.
inline constexpr std::size_t kMaxKeyBytes = 1'024;

} // namespace jetlag
