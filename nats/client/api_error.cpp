// SPDX-License-Identifier: Apache-2.0
#include "nats/client/api_error.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace jetlag {

namespace {

ErrorCode codeOf(const ApiError& error) noexcept
{
    switch (error.errCode) {
    case kApiStreamNameInUse:
        return ErrorCode::Exists;
    case 10004: // incomplete results of a cluster
    case kApiClusterUnavailable:
    case 10039: // JetStream not enabled for the account
    case 10076: // JetStream not enabled
        return ErrorCode::Unavailable;
    default:
        break;
    }
    switch (error.code) {
    case 0:
        return ErrorCode::Corrupt;
    case 400:
        return ErrorCode::InvalidArgument;
    case 401:
    case 403:
        return ErrorCode::Denied;
    case 404:
        return ErrorCode::NotFound;
    case 408:
        return ErrorCode::Timeout;
    case 503:
        return ErrorCode::Unavailable;
    default:
        return ErrorCode::Internal;
    }
}

} // namespace

Error ApiError::toError() const
{
    if (errCode == 0)
        return {codeOf(*this), safeForDisplay(description)};
    return {codeOf(*this), fmt::format("{} (JetStream error {})", safeForDisplay(description), errCode)};
}

std::optional<ApiError> findApiError(std::string_view answer)
{
    // The word is looked for first: most answers are large lists without it, and a second parse of each
    // would cost as much as the first.
    if (answer.find("\"error\"") == std::string_view::npos) {
        if (answer.empty() || answer.front() != '{')
            return ApiError{0, 0, "the server's answer is no JSON object"};
        return std::nullopt;
    }
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    if (parser.parse(answer.data(), answer.size()).get(root) != simdjson::SUCCESS)
        return ApiError{0, 0, "the server's answer is no JSON object"};
    simdjson::dom::object error;
    if (root["error"].get(error) != simdjson::SUCCESS)
        return std::nullopt;
    ApiError found;
    std::int64_t number = 0;
    std::string_view text;
    if (error["code"].get(number) == simdjson::SUCCESS)
        found.code = static_cast<int>(number);
    if (error["err_code"].get(number) == simdjson::SUCCESS)
        found.errCode = static_cast<int>(number);
    if (error["description"].get(text) == simdjson::SUCCESS)
        found.description = text;
    if (found.code == 0)
        found.code = 500;
    return found;
}

} // namespace jetlag
