#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace jetlag {

/// Random numbers that are the same on every machine and with every standard library (whose distributions
/// are not): xoshiro256**, integers only.
class WorkloadRandom final
{
public:
    explicit WorkloadRandom(std::uint64_t seed)
    {
        for (std::uint64_t& word : m_state) {
            seed += 0x9e3779b97f4a7c15; // splitmix64
            std::uint64_t mixed = seed;
            mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
            word = mixed ^ mixed >> 31;
        }
    }

    std::uint64_t next() noexcept
    {
        const std::uint64_t result = rotated(m_state[1] * 5, 7) * 9;
        const std::uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = rotated(m_state[3], 45);
        return result;
    }

    /// 0 to bound - 1; 0 for a bound of 0.
    std::uint64_t below(std::uint64_t bound) noexcept { return bound ? next() % bound : 0; }
    /// Both ends included.
    std::int64_t between(std::int64_t from, std::int64_t to) noexcept
    {
        return from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(to - from) + 1));
    }
    bool chance(unsigned perThousand) noexcept { return below(1'000) < perThousand; }
    /// Small ones are frequent, large ones happen, as sizes and durations are: the number of binary digits
    /// is spread evenly.
    std::int64_t skewed(std::int64_t from, std::int64_t to) noexcept
    {
        unsigned digits = 0;
        while (digits < 62 && (std::int64_t{1} << digits) < to - from + 1)
            ++digits;
        const std::int64_t top = std::int64_t{1} << below(digits + 1);
        const std::int64_t value = between(top / 2, top - 1);
        return value > to - from ? to : from + value;
    }
    template <typename Container>
    const auto& pick(const Container& from) noexcept
    {
        return from[below(std::size(from))];
    }
    /// `digits` lower-case hex digits.
    std::string hex(std::size_t digits)
    {
        std::string text(digits, '0');
        for (char& c : text)
            c = "0123456789abcdef"[below(16)];
        return text;
    }

private:
    static std::uint64_t rotated(std::uint64_t value, unsigned by) noexcept
    {
        return value << by | value >> (64 - by);
    }

    std::array<std::uint64_t, 4> m_state{};
};

} // namespace jetlag
