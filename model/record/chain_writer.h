#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jetlag {

/// Remembers the last published record of each source and partition, which every message names as its
/// predecessor. A hook keeps two: one that runs ahead with what was sent, and one that follows what was
/// acked, in file order; the second is what it saves. A hook that starts again continues from the saved one,
/// sends the rest of the file again with the very same predecessors, and the core drops what it had.
/// One thread.
class ChainWriter final
{
public:
    struct Head
    {
        std::string source;
        std::uint32_t partition = 0;
        std::uint64_t offset = 0;
        bool operator==(const Head&) const = default;
    };

    ChainWriter() = default;
    explicit ChainWriter(const std::vector<Head>& heads);

    /// The predecessor of a record that is about to be published; nullopt = it is the first.
    [[nodiscard]] std::optional<std::uint64_t> previous(std::string_view source,
                                                        std::uint32_t partition) const;
    void published(std::string_view source, std::uint32_t partition, std::uint64_t lastOffset);

    /// Sorted by source and partition.
    [[nodiscard]] std::vector<Head> heads() const;
    [[nodiscard]] std::vector<Head> headsOf(std::string_view source) const;
    /// A source that will not be read again.
    void forget(std::string_view source);

private:
    struct SourceHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view source) const noexcept
        {
            return std::hash<std::string_view>()(source);
        }
    };
    using Partitions = std::vector<std::optional<std::uint64_t>>;
    std::unordered_map<std::string, Partitions, SourceHash, std::equal_to<>> m_sources;
};

} // namespace jetlag
