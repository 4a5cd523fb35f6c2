// SPDX-License-Identifier: Apache-2.0
#include "nats/client/nkey.h"

#include <array>
#include <cstdint>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <optional>

namespace jetlag {

namespace {

constexpr std::string_view kBase32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::uint8_t kSeedPrefix = 18 << 3; // 'S'
constexpr std::uint8_t kUserPrefix = 20 << 3; // 'U'
constexpr std::size_t kKeyBytes = 32;

std::optional<std::string> base32Decode(std::string_view text)
{
    std::string bytes;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (char c : text) {
        const std::size_t value = kBase32Digits.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        group = group << 5 | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(group >> bits & 0xff);
        }
    }
    return bytes;
}

std::string base32Encode(std::string_view bytes)
{
    std::string text;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (char c : bytes) {
        group = group << 8 | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += kBase32Digits[group >> bits & 31];
        }
    }
    if (bits > 0)
        text += kBase32Digits[group << (5 - bits) & 31];
    return text;
}

// CRC-16/XMODEM, as nkeys end with, low byte first.
std::uint16_t crc16(std::string_view bytes)
{
    std::uint16_t crc = 0;
    for (char c : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ static_cast<unsigned char>(c) << 8);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

void appendCrc(std::string& bytes)
{
    const std::uint16_t crc = crc16(bytes);
    bytes += static_cast<char>(crc & 0xff);
    bytes += static_cast<char>(crc >> 8);
}

Error noUserSeed()
{
    return {ErrorCode::Corrupt, "this is no user seed (one begins with SU and has 58 characters)"};
}

std::string_view firstLine(std::string_view text)
{
    while (!text.empty() && (text.front() == '\n' || text.front() == '\r' || text.front() == ' '))
        text.remove_prefix(1);
    return text.substr(0, text.find_first_of(" \r\n"));
}

// The line behind a mark such as `-----BEGIN NATS USER JWT-----`; the dashes vary in number.
std::optional<std::string_view> behindMark(std::string_view text, std::string_view mark)
{
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::size_t lineEnd = text.find('\n', at);
    if (lineEnd == std::string_view::npos)
        return std::nullopt;
    return firstLine(text.substr(lineEnd));
}

} // namespace

Result<std::string> publicKeyFromSeed(std::string_view seed)
{
    std::optional<std::string> bytes = base32Decode(seed);
    if (!bytes || bytes->size() != 2 + kKeyBytes + 2)
        return noUserSeed();
    std::string body = bytes->substr(0, 2 + kKeyBytes);
    const auto byteAt = [&](std::size_t i) { return static_cast<std::uint8_t>(body[i]); };
    // The kind's five bits are spread over the first two bytes, behind the three bits of 'S'.
    const bool isSeed = (byteAt(0) & 0xf8) == kSeedPrefix;
    const auto kind = static_cast<std::uint8_t>((byteAt(0) & 7) << 5 | (byteAt(1) & 0xf8) >> 3);
    appendCrc(body);
    if (!isSeed || kind != kUserPrefix || body != *bytes)
        return noUserSeed();

    std::array<unsigned char, kKeyBytes> publicBytes{};
    std::size_t length = publicBytes.size();
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                     reinterpret_cast<const unsigned char*>(body.data()) + 2, kKeyBytes),
        &EVP_PKEY_free);
    const bool derived = key && EVP_PKEY_get_raw_public_key(key.get(), publicBytes.data(), &length) == 1;
    OPENSSL_cleanse(body.data(), body.size());
    OPENSSL_cleanse(bytes->data(), bytes->size());
    if (!derived)
        return Error(ErrorCode::Internal, "OpenSSL could not derive the public key");

    std::string encoded(1, static_cast<char>(kUserPrefix));
    encoded.append(reinterpret_cast<const char*>(publicBytes.data()), length);
    appendCrc(encoded);
    return base32Encode(encoded);
}

Result<std::string> seedFromText(std::string_view text)
{
    const std::string_view seed = behindMark(text, "SEED---").value_or(firstLine(text));
    if (!seed.starts_with("SU"))
        return noUserSeed();
    return std::string(seed);
}

Result<std::string> jwtFromText(std::string_view text)
{
    const std::string_view jwt = behindMark(text, "JWT---").value_or(firstLine(text));
    if (!jwt.starts_with("eyJ"))
        return Error(ErrorCode::Corrupt, "there is no user JWT in it");
    return std::string(jwt);
}

} // namespace jetlag
