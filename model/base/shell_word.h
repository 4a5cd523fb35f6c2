#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string>

namespace jetlag {

/// One word for bash and zsh that stands for exactly these bytes. A terminal acts on control characters when
/// they are pasted, quoted or not, and a clipboard holds no bytes that are no text: both are written as
/// escapes.
[[nodiscard]] std::string shellWord(const std::string& text);

} // namespace jetlag
