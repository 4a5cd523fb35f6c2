#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/profile/connection_profile.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The contexts that the `nats` command line keeps: `context/<name>.json` under the root, the selected name
/// in `context.txt`. They are read, never written, and nothing secret in them is copied anywhere.
namespace jetlag {

/// `$XDG_CONFIG_HOME/nats`, else `~/.config/nats`.
[[nodiscard]] std::filesystem::path contextRoot();

struct ContextFile
{
    std::string name; ///< the file's name without `.json`: what it says inside does not count
    std::filesystem::path path;
    bool selected = false;
};

/// All context files, by name. A missing folder is an empty list. Whether each loads is loadContext()'s to
/// say.
[[nodiscard]] std::vector<ContextFile> listContexts(const std::filesystem::path& root);

/// nullopt when none is selected.
[[nodiscard]] std::optional<std::string> selectedContext(const std::filesystem::path& root);

/// NotFound when there is no such context, Corrupt when the file is broken: both name the file. Keys that are
/// not known are passed over.
[[nodiscard]] Result<ConnectionProfile> loadContext(const std::filesystem::path& root,
                                                    const std::string& name);

/// Where to connect: the context named, the URL given, else the selected context, else this machine. Naming
/// both is InvalidArgument.
[[nodiscard]] Result<ConnectionProfile> chooseProfile(const std::filesystem::path& root,
                                                      const std::optional<std::string>& context,
                                                      const std::optional<std::string>& server);

} // namespace jetlag
