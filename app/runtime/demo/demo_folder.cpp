// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/demo_folder.h"

#include <fmt/format.h>

#include <cstdlib>

namespace jetlag {

Result<DemoFolder> DemoFolder::make(const std::filesystem::path& wanted)
{
    std::error_code failure;
    if (!wanted.empty()) {
        std::filesystem::create_directories(wanted, failure);
        if (failure)
            return Error(ErrorCode::Io,
                         fmt::format("cannot make {}: {}", wanted.string(), failure.message()));
        if (!std::filesystem::is_empty(wanted, failure))
            return Error(ErrorCode::Exists,
                         fmt::format("{} is not empty; name a new folder for the demo", wanted.string()));
        return DemoFolder(std::filesystem::absolute(wanted), /*temporary=*/false);
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "jetlag-demo-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        return Error(ErrorCode::Io, "no temporary folder to be had; name one with --folder");
    return DemoFolder(pattern, /*temporary=*/true);
}

DemoFolder::~DemoFolder()
{
    std::error_code ignored;
    if (m_temporary)
        std::filesystem::remove_all(m_path, ignored);
}

} // namespace jetlag
