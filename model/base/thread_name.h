#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string>

namespace jetlag {

/// Names the calling thread for debuggers and `top -H`; the system keeps 15 characters.
void setCurrentThreadName(const std::string& name) noexcept;

} // namespace jetlag
