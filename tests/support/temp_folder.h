#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <filesystem>
#include <string>
#include <string_view>

namespace jetlag::test {

/// A folder of its own for one test, removed with everything in it when the test ends.
class TempFolder final
{
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return m_path / name; }
    /// Writes `content` to the file `name` in it and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path m_path;
};

/// What the program under test gathers over time stays in a folder of this process, not in the user's own.
/// Before the first thread starts; removed when it goes.
class OwnDataHome final
{
public:
    OwnDataHome();

private:
    TempFolder m_folder;
};

[[nodiscard]] std::string readFile(const std::filesystem::path& path);

} // namespace jetlag::test
