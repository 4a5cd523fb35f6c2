#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <utility>

namespace jetlag {

/// Where a demo keeps its files: a named, empty folder that stays, or a temporary one, removed at the end.
class DemoFolder final
{
public:
    /// `wanted` empty = temporary. Exists: it holds something already.
    [[nodiscard]] static Result<DemoFolder> make(const std::filesystem::path& wanted);
    ~DemoFolder();
    DemoFolder(DemoFolder&& other) noexcept
        : m_path(std::move(other.m_path))
        , m_temporary(std::exchange(other.m_temporary, false))
    {}
    DemoFolder& operator=(DemoFolder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

private:
    DemoFolder(std::filesystem::path path, bool temporary)
        : m_path(std::move(path))
        , m_temporary(temporary)
    {}

    std::filesystem::path m_path;
    bool m_temporary;
};

} // namespace jetlag
