#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// The error object of a JetStream API answer.
struct ApiError
{
    int code = 0;    ///< like HTTP's
    int errCode = 0; ///< JetStream's own, exact: 10059 = stream not found
    std::string description;

    [[nodiscard]] Error toError() const;
};

// The codes that our own code decides by.
inline constexpr int kApiClusterUnavailable = 10008;
inline constexpr int kApiConsumerNotFound = 10014;
inline constexpr int kApiStreamNameInUse = 10058;
inline constexpr int kApiStreamNotFound = 10059;
inline constexpr int kApiNoMessageFound = 10037;

/// nullopt when the answer holds none. An answer that is no JSON is an ApiError with code 0.
[[nodiscard]] std::optional<ApiError> findApiError(std::string_view answer);

} // namespace jetlag
