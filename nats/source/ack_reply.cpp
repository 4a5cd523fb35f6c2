// SPDX-License-Identifier: Apache-2.0
#include "nats/source/ack_reply.h"

#include <array>
#include <charconv>

namespace jetlag {

namespace {

template <typename Number>
bool parse(std::string_view token, Number& number) noexcept
{
    const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), number);
    return failure == std::errc() && end == token.data() + token.size();
}

} // namespace

std::optional<AckReply> parseAckReply(std::string_view reply) noexcept
{
    if (!reply.starts_with("$JS.ACK."))
        return std::nullopt;
    std::array<std::string_view, 12> tokens;
    std::size_t count = 0;
    while (count < tokens.size()) {
        const std::size_t dot = reply.find('.');
        tokens[count++] = reply.substr(0, dot);
        if (dot == std::string_view::npos)
            break;
        reply.remove_prefix(dot + 1);
    }
    // Nine tokens, or eleven and more: two more in front of the stream's name.
    if (count != 9 && count < 11)
        return std::nullopt;
    const std::size_t first = count == 9 ? 4 : 6;
    AckReply result;
    std::uint64_t stream = 0;
    std::uint64_t consumer = 0;
    if (!parse(tokens[first], result.deliveries) || !parse(tokens[first + 1], stream) ||
        !parse(tokens[first + 2], consumer) || !parse(tokens[first + 3], result.timeNanos) ||
        !parse(tokens[first + 4], result.pending))
        return std::nullopt;
    result.stream = StreamSequence(stream);
    result.consumer = ConsumerSequence(consumer);
    return result;
}

} // namespace jetlag
