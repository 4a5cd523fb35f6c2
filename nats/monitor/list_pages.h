#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <vector>

namespace jetlag {

/// What one page of STREAM.LIST or CONSUMER.LIST says of itself.
struct PageInfo
{
    std::uint64_t total = 0; ///< 0 where it is left out: an empty page of a cluster does that
    std::uint64_t limit = 0; ///< the server's page size; a client cannot choose it
    std::uint64_t items = 0; ///< in this page
};

/// Which pages are still to be asked for. The first answer tells how many there are, so that the rest can be
/// in flight at once. Offsets advance by the server's limit, not by what came: names that a cluster could not
/// answer for leave holes in a page. A list that grows meanwhile is followed.
class ListPages final
{
public:
    /// Offsets to request now that a page has arrived; the first page (offset 0) is the caller's.
    [[nodiscard]] std::vector<std::uint64_t> afterPage(const PageInfo& page)
    {
        // A server that promises more than this is wrong or hostile; 256 a page make a million names.
        constexpr std::uint64_t kMaxPages = 4'096;
        std::vector<std::uint64_t> offsets;
        const std::uint64_t step = page.limit ? page.limit : page.items;
        if (step == 0)
            return offsets;
        if (m_next == 0)
            m_next = step;
        while (m_next < page.total && m_asked < kMaxPages) {
            offsets.push_back(m_next);
            m_next += step;
            ++m_asked;
        }
        return offsets;
    }

private:
    std::uint64_t m_next = 0; // the first offset not asked for
    std::uint64_t m_asked = 0;
};

} // namespace jetlag
