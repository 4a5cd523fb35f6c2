#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_io.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jetlag {

/// Events that belong to no query (a compile error has no query id), counted by what they are and what went
/// wrong. Bounded: groups beyond the limit are summed in one of their own.
class UnjoinedEvents final
{
public:
    static constexpr std::size_t kMaxGroups = 1'000;
    static constexpr std::size_t kMaxTextBytes = 512; ///< of an event type or an error

    struct Tally
    {
        std::uint64_t count = 0;
        std::optional<std::int64_t> firstTime; ///< milliseconds UTC
        std::optional<std::int64_t> lastTime;

        void add(std::optional<std::int64_t> time);
    };
    using Group = std::pair<std::string, std::string>; ///< event type and error

    void add(std::string_view eventType, std::string_view error, std::optional<std::int64_t> time);

    void snapshot(ByteWriter& writer) const;
    [[nodiscard]] bool restore(ByteReader& reader);

    [[nodiscard]] const std::map<Group, Tally>& groups() const noexcept { return m_groups; }
    [[nodiscard]] const Tally& others() const noexcept { return m_others; } ///< what did not fit

private:
    std::map<Group, Tally> m_groups;
    Tally m_others;
};

} // namespace jetlag
