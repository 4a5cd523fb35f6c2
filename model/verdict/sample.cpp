// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/sample.h"

#include <charconv>

namespace jetlag {

bool canReset(std::string_view serverVersion) noexcept
{
    int major = 0;
    int minor = 0;
    const char* end = serverVersion.data() + serverVersion.size();
    const auto [dot, failure] = std::from_chars(serverVersion.data(), end, major);
    if (failure != std::errc() || dot == end)
        return false;
    std::from_chars(dot + 1, end, minor);
    return major > 2 || (major == 2 && minor >= 14);
}

} // namespace jetlag
