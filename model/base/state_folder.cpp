// SPDX-License-Identifier: Apache-2.0
#include "model/base/state_folder.h"

#include <cstdlib>

namespace jetlag {

Result<std::filesystem::path> defaultStateFolder()
{
    // As the XDG specification says: empty counts as unset, and a relative path is to be ignored.
    const char* const state = std::getenv("XDG_STATE_HOME");
    if (state && *state == '/')
        return std::filesystem::path(state) / "jetlag";
    const char* const home = std::getenv("HOME");
    if (home && *home == '/')
        return std::filesystem::path(home) / ".local" / "state" / "jetlag";
    return Error(ErrorCode::InvalidArgument,
                 "nobody says where state may be kept: set HOME or XDG_STATE_HOME to a folder");
}

} // namespace jetlag
