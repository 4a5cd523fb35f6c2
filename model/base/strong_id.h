#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <compare>
#include <cstdint>
#include <functional>

namespace jetlag {

/// A 64-bit number that does not mix with other numbers. `Tag` is any type that names the kind.
template <typename Tag>
class StrongId final
{
public:
    constexpr StrongId() = default;
    constexpr explicit StrongId(std::uint64_t value)
        : m_value(value)
    {}

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return m_value; }
    [[nodiscard]] constexpr bool isZero() const noexcept { return m_value == 0; }
    [[nodiscard]] constexpr StrongId next() const noexcept { return StrongId(m_value + 1); }
    /// The one before; 0 stays 0.
    [[nodiscard]] constexpr StrongId previous() const noexcept { return StrongId(m_value ? m_value - 1 : 0); }

    constexpr auto operator<=>(const StrongId&) const = default;

private:
    std::uint64_t m_value = 0;
};

/// How many ids lie in [from, to]; 0 when to < from.
template <typename Tag>
[[nodiscard]] constexpr std::uint64_t countBetween(StrongId<Tag> from, StrongId<Tag> to) noexcept
{
    return to < from ? 0 : to.value() - from.value() + 1;
}

} // namespace jetlag

template <typename Tag>
struct std::hash<jetlag::StrongId<Tag>>
{
    std::size_t operator()(jetlag::StrongId<Tag> id) const noexcept
    {
        return std::hash<std::uint64_t>()(id.value());
    }
};
