// SPDX-License-Identifier: Apache-2.0
#include "nats/client/api_calls.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

Error noName(std::string_view what, std::string_view name)
{
    return {ErrorCode::InvalidArgument,
            fmt::format("\"{}\" cannot be the name of a {}", safeForDisplay(name), what)};
}

} // namespace

bool isValidAssetName(std::string_view name) noexcept
{
    return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7f || c == '.' || c == '*' || c == '>';
    });
}

Result<std::string> streamCall(std::string_view verb, std::string_view stream)
{
    if (!isValidAssetName(stream))
        return noName("stream", stream);
    return fmt::format("{}.{}", verb, stream);
}

Result<std::string> consumerCall(std::string_view verb, std::string_view stream, std::string_view consumer)
{
    if (!isValidAssetName(stream))
        return noName("stream", stream);
    if (!isValidAssetName(consumer))
        return noName("consumer", consumer);
    return fmt::format("{}.{}.{}", verb, stream, consumer);
}

} // namespace jetlag
