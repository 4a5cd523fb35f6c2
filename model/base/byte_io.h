#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>
#include <string_view>

namespace jetlag {

/// Writes the canonical bytes of snapshots and of file rows: little-endian integers, strings with a u32
/// length in front, no floats (RULES R6).
class ByteWriter final
{
public:
    void u8(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }
    void u32(std::uint32_t value) { integer(value); }
    void u64(std::uint64_t value) { integer(value); }
    void i64(std::int64_t value) { integer(static_cast<std::uint64_t>(value)); }
    void boolean(bool value) { u8(value ? 1 : 0); }
    void string(std::string_view value)
    {
        u32(static_cast<std::uint32_t>(value.size()));
        m_bytes.append(value);
    }
    void raw(std::string_view value) { m_bytes.append(value); }

    [[nodiscard]] std::string_view view() const noexcept { return m_bytes; }
    [[nodiscard]] std::string take() noexcept { return std::move(m_bytes); }
    void clear() noexcept { m_bytes.clear(); }

private:
    template <typename Integer>
    void integer(Integer value)
    {
        for (unsigned shift = 0; shift < sizeof(Integer) * 8; shift += 8)
            m_bytes.push_back(static_cast<char>(value >> shift & 0xff));
    }

    std::string m_bytes;
};

/// Reads what ByteWriter wrote. Reading past the end or a length that cannot be gives zeros and empty
/// strings and makes `ok()` false for good: check it once at the end.
class ByteReader final
{
public:
    explicit ByteReader(std::string_view bytes)
        : m_rest(bytes)
    {}

    [[nodiscard]] std::uint8_t u8() { return integer<std::uint8_t>(); }
    [[nodiscard]] std::uint32_t u32() { return integer<std::uint32_t>(); }
    [[nodiscard]] std::uint64_t u64() { return integer<std::uint64_t>(); }
    [[nodiscard]] std::int64_t i64() { return static_cast<std::int64_t>(integer<std::uint64_t>()); }
    [[nodiscard]] bool boolean() { return u8() != 0; }
    [[nodiscard]] std::string_view string() { return raw(u32()); }
    [[nodiscard]] std::string_view raw(std::size_t size)
    {
        if (size > m_rest.size()) {
            fail();
            return {};
        }
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    [[nodiscard]] bool ok() const noexcept { return m_ok; }
    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }
    [[nodiscard]] std::size_t remaining() const noexcept { return m_rest.size(); }

private:
    template <typename Integer>
    Integer integer()
    {
        if (m_rest.size() < sizeof(Integer)) {
            fail();
            return 0;
        }
        Integer value = 0;
        for (unsigned i = 0; i < sizeof(Integer); ++i)
            value = static_cast<Integer>(
                value |
                static_cast<Integer>(static_cast<Integer>(static_cast<unsigned char>(m_rest[i])) << (8 * i)));
        m_rest.remove_prefix(sizeof(Integer));
        return value;
    }
    void fail() noexcept
    {
        m_ok = false;
        m_rest = {};
    }

    std::string_view m_rest;
    bool m_ok = true;
};

} // namespace jetlag
