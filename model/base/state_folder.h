#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>

namespace jetlag {

/// Where this user's positions and checkpoints live: `$XDG_STATE_HOME/jetlag`, else
/// `~/.local/state/jetlag`. Not created. InvalidArgument when neither variable says where.
[[nodiscard]] Result<std::filesystem::path> defaultStateFolder();
/// Where what this user gathered over time lives: `$XDG_DATA_HOME/jetlag`, else `~/.local/share/jetlag`.
[[nodiscard]] Result<std::filesystem::path> defaultDataFolder();

} // namespace jetlag
