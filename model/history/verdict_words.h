#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/text.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace jetlag {

/// A verdict and the word that says more than it, where there is one: "keeping up", "stopped (no pulls)".
[[nodiscard]] inline std::string verdictInProse(std::string_view verdict, std::string_view word)
{
    if (verdict.empty() || word == verdict)
        return inProse(word);
    return fmt::format("{} ({})", inProse(verdict), inProse(word));
}

} // namespace jetlag
