#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string_view>

namespace jetlag {

/// Does `subject` match `pattern` with NATS's wildcards (`*` one token, `>` one or more at the end)?
/// An empty pattern matches everything.
[[nodiscard]] bool subjectMatches(std::string_view pattern, std::string_view subject) noexcept;
/// A pattern that a server would take as a filter: no empty token, no blanks, `>` only at the end.
[[nodiscard]] bool isValidSubjectPattern(std::string_view pattern) noexcept;
[[nodiscard]] std::string_view firstToken(std::string_view subject) noexcept;

} // namespace jetlag
