// SPDX-License-Identifier: Apache-2.0
#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace jetlag {

namespace {

bool isAlphanumeric(unsigned char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int hexDigit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct CodePoint
{
    char32_t value;
    std::size_t length;
};

// One code point from the front, or nothing where the bytes are no UTF-8 (overlong forms, surrogates
// and values above U+10FFFF included).
std::optional<CodePoint> decodeFront(std::string_view bytes) noexcept
{
    const auto byteAt = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char first = byteAt(0);
    if (first < 0x80)
        return CodePoint{first, 1};
    std::size_t length = 0;
    char32_t value = 0;
    char32_t smallest = 0;
    if ((first & 0xe0) == 0xc0) {
        length = 2, value = first & 0x1f, smallest = 0x80;
    } else if ((first & 0xf0) == 0xe0) {
        length = 3, value = first & 0x0f, smallest = 0x800;
    } else if ((first & 0xf8) == 0xf0) {
        length = 4, value = first & 0x07, smallest = 0x10000;
    } else {
        return std::nullopt;
    }
    if (bytes.size() < length)
        return std::nullopt;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xc0) != 0x80)
            return std::nullopt;
        value = value << 6 | (byteAt(i) & 0x3f);
    }
    if (value < smallest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return std::nullopt;
    return CodePoint{value, length};
}

// Characters that change how the text around them is shown.
bool isTreacherous(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

constexpr char kBase64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string percentEncode(std::string_view bytes, std::string_view alsoAllowed)
{
    std::string text;
    text.reserve(bytes.size());
    for (char c : bytes) {
        if (isAlphanumeric(static_cast<unsigned char>(c)) || alsoAllowed.find(c) != std::string_view::npos)
            text += c;
        else
            fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string percentDecode(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
            hexDigit(text[i + 2]) >= 0) {
            bytes += static_cast<char>(hexDigit(text[i + 1]) << 4 | hexDigit(text[i + 2]));
            i += 2;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

std::string inProse(std::string_view word)
{
    std::string prose(word);
    std::replace(prose.begin(), prose.end(), '-', ' ');
    return prose;
}

std::string safeForDisplay(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::optional<CodePoint> point = decodeFront(bytes);
        if (!point) {
            fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<unsigned char>(bytes.front()));
            bytes.remove_prefix(1);
            continue;
        }
        if (!isTreacherous(point->value))
            text.append(bytes.substr(0, point->length));
        else if (point->value < 0x100)
            fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<std::uint32_t>(point->value));
        else
            fmt::format_to(std::back_inserter(text), "\\u{:04x}", static_cast<std::uint32_t>(point->value));
        bytes.remove_prefix(point->length);
    }
    return text;
}

bool isValidUtf8(std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        const std::optional<CodePoint> point = decodeFront(bytes);
        if (!point)
            return false;
        bytes.remove_prefix(point->length);
    }
    return true;
}

std::string base64Encode(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        text += kBase64Digits[group >> 18 & 63];
        text += kBase64Digits[group >> 12 & 63];
        text += i + 1 < bytes.size() ? kBase64Digits[group >> 6 & 63] : '=';
        text += i + 2 < bytes.size() ? kBase64Digits[group & 63] : '=';
    }
    return text;
}

std::optional<std::string> base64Decode(std::string_view text)
{
    static const std::array<std::int8_t, 256> kValues = [] {
        std::array<std::int8_t, 256> values{};
        values.fill(-1);
        for (std::int8_t i = 0; i < 64; ++i)
            values[static_cast<unsigned char>(kBase64Digits[i])] = i;
        return values;
    }();
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (char c : text) {
        const std::int8_t value = kValues[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        group = group << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(group >> bits & 0xff);
        }
    }
    return bytes;
}

} // namespace jetlag
