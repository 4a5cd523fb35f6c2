// SPDX-License-Identifier: Apache-2.0
#include "tests/support/read_log.h"

#include "tests/support/temp_folder.h"

#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace jetlag::test {

std::string readLog(const std::filesystem::path& log)
{
    std::string bytes = readFile(log);
    if (log.extension() != ".zst")
        return bytes;
    const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                            &ZSTD_freeDStream);
    std::string text;
    std::string chunk(ZSTD_DStreamOutSize(), '\0');
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (bool more = true; more || in.pos < in.size;) {
        ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
        if (ZSTD_isError(ZSTD_decompressStream(stream.get(), &out, &in)))
            std::abort();
        text.append(chunk, 0, out.pos);
        more = out.pos == out.size;
    }
    return text;
}

std::vector<std::string> linesOf(const std::filesystem::path& log)
{
    std::vector<std::string> lines;
    const std::string text = readLog(log);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

} // namespace jetlag::test
