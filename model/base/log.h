#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <spdlog/logger.h>

#include <memory>

namespace jetlag {

/// The process's log: to stderr, warnings and worse unless JETLAG_LOG says otherwise (trace, debug, info,
/// warn, error, off). Results never go here, stdout is for them. Any thread may call it.
[[nodiscard]] spdlog::logger& log();

} // namespace jetlag
