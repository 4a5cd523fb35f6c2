#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace jetlag {

/// How a log file is compressed. The ones behind Zstd are known by sight only, to say so clearly.
enum class Compression : std::uint8_t { None, Gzip, Zstd, Lz4, Snappy, Lzf, Bzip2, Xz };
[[nodiscard]] std::string_view toString(Compression compression) noexcept;

/// So many bytes always decide.
inline constexpr std::size_t kDetectBytes = 16;

/// By the first bytes of a file. nullopt: too few of them to tell; with `complete` nothing more will come.
[[nodiscard]] std::optional<Compression> detectCompression(std::string_view start, bool complete) noexcept;

/// Decompresses piece by piece, through any number of gzip members or zstd frames. Memory stays below
/// 128 MB whatever the input asks for.
class Decoder
{
public:
    struct Step
    {
        std::size_t consumed = 0;
        std::size_t produced = 0;
        bool damaged = false;    ///< no further step will do anything; `produced` bytes are good
        std::string_view damage; ///< what is wrong
    };

    virtual ~Decoder() = default;
    [[nodiscard]] virtual Step decode(std::string_view input, char* output, std::size_t outputSize) = 0;
    /// True between the first and the last byte of a member: a file must not end here.
    [[nodiscard]] virtual bool insideMember() const noexcept = 0;
};

/// nullptr for what cannot be read (and for None).
[[nodiscard]] std::unique_ptr<Decoder> makeDecoder(Compression compression);

} // namespace jetlag
