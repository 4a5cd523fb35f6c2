// SPDX-License-Identifier: Apache-2.0
#include "model/record/chain_writer.h"

#include <algorithm>
#include <tuple>

namespace jetlag {

ChainWriter::ChainWriter(const std::vector<Head>& heads)
{
    for (const Head& head : heads)
        published(head.source, head.partition, head.offset);
}

std::optional<std::uint64_t> ChainWriter::previous(std::string_view source, std::uint32_t partition) const
{
    const auto found = m_sources.find(source);
    if (found == m_sources.end() || partition >= found->second.size())
        return std::nullopt;
    return found->second[partition];
}

void ChainWriter::published(std::string_view source, std::uint32_t partition, std::uint64_t lastOffset)
{
    auto found = m_sources.find(source);
    if (found == m_sources.end())
        found = m_sources.emplace(std::string(source), Partitions()).first;
    Partitions& partitions = found->second;
    if (partition >= partitions.size())
        partitions.resize(partition + 1);
    partitions[partition] = lastOffset;
}

namespace {

void appendHeads(const std::string& source, const std::vector<std::optional<std::uint64_t>>& partitions,
                 std::vector<ChainWriter::Head>& heads)
{
    for (std::size_t partition = 0; partition < partitions.size(); ++partition) {
        if (partitions[partition])
            heads.push_back({source, static_cast<std::uint32_t>(partition), *partitions[partition]});
    }
}

} // namespace

std::vector<ChainWriter::Head> ChainWriter::heads() const
{
    std::vector<Head> heads;
    for (const auto& [source, partitions] : m_sources)
        appendHeads(source, partitions, heads);
    std::sort(heads.begin(), heads.end(), [](const Head& a, const Head& b) {
        return std::tie(a.source, a.partition) < std::tie(b.source, b.partition);
    });
    return heads;
}

std::vector<ChainWriter::Head> ChainWriter::headsOf(std::string_view source) const
{
    std::vector<Head> heads;
    if (const auto found = m_sources.find(source); found != m_sources.end())
        appendHeads(found->first, found->second, heads);
    return heads;
}

void ChainWriter::forget(std::string_view source)
{
    if (const auto found = m_sources.find(source); found != m_sources.end())
        m_sources.erase(found);
}

} // namespace jetlag
