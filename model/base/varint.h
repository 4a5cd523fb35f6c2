#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string_view>
#include <vector>

namespace jetlag {

[[nodiscard]] constexpr std::uint64_t toZigzag(std::uint64_t wrapped) noexcept
{
    const auto value = static_cast<std::int64_t>(wrapped);
    return (wrapped << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::uint64_t fromZigzag(std::uint64_t coded) noexcept
{
    return (coded >> 1) ^ (~(coded & 1) + 1);
}

/// Bytes of one column while a chunk is built; clear() keeps the memory.
class ColumnWriter final
{
public:
    void varint(std::uint64_t value)
    {
        while (value >= 0x80) {
            m_bytes.push_back(static_cast<char>(value | 0x80));
            value >>= 7;
        }
        m_bytes.push_back(static_cast<char>(value));
    }
    void raw(std::string_view bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
    void string(std::string_view bytes)
    {
        varint(bytes.size());
        raw(bytes);
    }
    void u8(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }

    [[nodiscard]] std::string_view view() const noexcept { return {m_bytes.data(), m_bytes.size()}; }
    [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
    void clear() noexcept { m_bytes.clear(); }

private:
    std::vector<char> m_bytes;
};

/// Reads a column. The bytes may be anybody's: reading past the end gives zeros and makes ok() false for
/// good, so a loop is checked once behind it.
class ColumnReader final
{
public:
    ColumnReader() = default;
    explicit ColumnReader(std::string_view bytes)
        : m_at(bytes.data())
        , m_end(bytes.data() + bytes.size())
    {}

    [[nodiscard]] std::uint64_t varint() noexcept
    {
        if (m_at < m_end && static_cast<unsigned char>(*m_at) < 0x80) [[likely]]
            return static_cast<unsigned char>(*m_at++);
        return longVarint();
    }
    [[nodiscard]] std::uint64_t zigzag() noexcept { return fromZigzag(varint()); }
    [[nodiscard]] std::string_view raw(std::uint64_t size) noexcept
    {
        if (size > remaining()) {
            fail();
            return {};
        }
        const std::string_view taken(m_at, static_cast<std::size_t>(size));
        m_at += size;
        return taken;
    }
    [[nodiscard]] std::string_view string() noexcept { return raw(varint()); }
    [[nodiscard]] std::uint8_t u8() noexcept
    {
        const std::string_view byte = raw(1);
        return byte.empty() ? 0 : static_cast<std::uint8_t>(byte.front());
    }

    [[nodiscard]] std::size_t remaining() const noexcept { return static_cast<std::size_t>(m_end - m_at); }
    [[nodiscard]] bool ok() const noexcept { return m_ok; }
    [[nodiscard]] bool atEnd() const noexcept { return m_at == m_end; }

private:
    std::uint64_t longVarint() noexcept
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && m_at < m_end; shift += 7) {
            const auto byte = static_cast<unsigned char>(*m_at++);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        fail();
        return 0;
    }
    void fail() noexcept
    {
        m_ok = false;
        m_at = m_end;
    }

    const char* m_at = nullptr;
    const char* m_end = nullptr;
    bool m_ok = true;
};

} // namespace jetlag
