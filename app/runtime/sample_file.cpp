// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/sample_file.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace jetlag {

Result<SampleFile> SampleFile::open(std::filesystem::path path)
{
    std::error_code ignored;
    const bool isNew = !std::filesystem::exists(path, ignored);
    std::ofstream file(path, std::ios::app);
    if (!file)
        return Error(ErrorCode::Io, fmt::format("cannot write the samples to {}: {}",
                                                safeForDisplay(path.string()), std::strerror(errno)));
    return SampleFile(std::move(path), isNew, std::move(file));
}

SampleFile::~SampleFile()
{
    std::error_code ignored;
    if (m_file.is_open() && m_isNew && !m_begun)
        std::filesystem::remove(m_path, ignored);
}

void SampleFile::write(std::string_view line)
{
    std::error_code failed; // pipes and devices hold nothing to take away
    if (!std::exchange(m_begun, true) && !m_isNew && std::filesystem::is_regular_file(m_path, failed))
        std::filesystem::resize_file(m_path, 0, failed);
    if (failed) // two recordings in one file would be none
        m_file.setstate(std::ios::failbit);
    m_file << line << '\n' << std::flush;
}

} // namespace jetlag
