// SPDX-License-Identifier: Apache-2.0
#include "model/base/state_folder.h"

#include <fmt/format.h>

#include <cstdlib>

namespace jetlag {

namespace {

// As the XDG specification says: empty counts as unset, and a relative path is to be ignored.
Result<std::filesystem::path> userFolder(const char* variable, const std::filesystem::path& below,
                                         const char* what)
{
    const char* const chosen = std::getenv(variable);
    if (chosen && *chosen == '/')
        return std::filesystem::path(chosen) / "jetlag";
    const char* const home = std::getenv("HOME");
    if (home && *home == '/')
        return home / below / "jetlag";
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("nobody says where {} may be kept: set HOME or {} to a folder", what, variable));
}

} // namespace

Result<std::filesystem::path> defaultStateFolder()
{
    return userFolder("XDG_STATE_HOME", ".local/state", "state");
}

Result<std::filesystem::path> defaultDataFolder()
{
    return userFolder("XDG_DATA_HOME", ".local/share", "the history");
}

} // namespace jetlag
