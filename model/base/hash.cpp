// SPDX-License-Identifier: Apache-2.0
#include "model/base/hash.h"

#include <xxhash.h>

#include <new>

namespace jetlag {

namespace {

Hash128 canonical(XXH128_hash_t hash) noexcept
{
    XXH128_canonical_t canonicalHash;
    XXH128_canonicalFromHash(&canonicalHash, hash);
    Hash128 result;
    std::copy(std::begin(canonicalHash.digest), std::end(canonicalHash.digest), result.bytes.begin());
    return result;
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

} // namespace

struct Hasher128::State
{
    State()
        : handle(XXH3_createState())
    {
        if (!handle)
            throw std::bad_alloc();
        XXH3_128bits_reset(handle);
    }
    ~State() { XXH3_freeState(handle); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    XXH3_state_t* handle;
};

std::string Hash128::toHex() const
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<Hash128> Hash128::fromHex(std::string_view text)
{
    if (text.size() != 32)
        return std::nullopt;
    Hash128 hash;
    for (std::size_t i = 0; i < 16; ++i) {
        const int high = hexDigit(text[2 * i]);
        const int low = hexDigit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        hash.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return hash;
}

Hash128 hash128(std::string_view bytes) noexcept
{
    return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t hash64(std::string_view bytes) noexcept
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

Hasher128::Hasher128()
    : m_state(std::make_unique<State>())
{}
Hasher128::~Hasher128() = default;
Hasher128::Hasher128(Hasher128&&) noexcept = default;
Hasher128& Hasher128::operator=(Hasher128&&) noexcept = default;

void Hasher128::add(std::string_view bytes) noexcept
{
    XXH3_128bits_update(m_state->handle, bytes.data(), bytes.size());
}

Hash128 Hasher128::result() const noexcept
{
    return canonical(XXH3_128bits_digest(m_state->handle));
}

} // namespace jetlag
