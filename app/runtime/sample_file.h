#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace jetlag {

/// A recording of samples, a line each. What stood in the file before goes with the first line, not sooner:
/// a wrong name or a server that is away costs no old recording, and leaves no empty new one.
class SampleFile final
{
public:
    /// Fails at once where the file cannot be written, so that nobody looks for minutes in vain.
    [[nodiscard]] static Result<SampleFile> open(std::filesystem::path path);
    ~SampleFile();
    SampleFile(SampleFile&&) = default;
    SampleFile& operator=(SampleFile&&) = delete;

    void write(std::string_view line);
    [[nodiscard]] bool hasFailed() const { return m_file.fail(); }

private:
    SampleFile(std::filesystem::path path, bool isNew, std::ofstream file)
        : m_path(std::move(path))
        , m_isNew(isNew)
        , m_file(std::move(file))
    {}

    std::filesystem::path m_path;
    bool m_isNew;
    bool m_begun = false;
    std::ofstream m_file; ///< closed once it was moved from
};

} // namespace jetlag
