#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// XXH3-128, seed 0, in canonical (big-endian) byte order: the same on every machine.
class Hash128 final
{
public:
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] std::string toHex() const; ///< 32 lower-case hex digits
    [[nodiscard]] static std::optional<Hash128> fromHex(std::string_view text);
    [[nodiscard]] std::string_view view() const noexcept
    {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    auto operator<=>(const Hash128&) const = default;
};

[[nodiscard]] Hash128 hash128(std::string_view bytes) noexcept;
[[nodiscard]] std::uint64_t hash64(std::string_view bytes) noexcept; ///< XXH3-64, seed 0

/// The same hash over bytes that come in pieces.
class Hasher128 final
{
public:
    Hasher128();
    ~Hasher128();
    Hasher128(Hasher128&&) noexcept;
    Hasher128& operator=(Hasher128&&) noexcept;

    void add(std::string_view bytes) noexcept;
    [[nodiscard]] Hash128 result() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
