#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <string>
#include <string_view>

namespace jetlag {

/// May this be the name of a stream or consumer in an API subject? Hostile names would otherwise break the
/// protocol line or ask for something else: no empty one, no `.`, `*`, `>`, blank or control character.
[[nodiscard]] bool isValidAssetName(std::string_view name) noexcept;

/// "STREAM.INFO" and "ORDERS" -> "STREAM.INFO.ORDERS". InvalidArgument when the name cannot be one.
[[nodiscard]] Result<std::string> streamCall(std::string_view verb, std::string_view stream);
/// "CONSUMER.INFO", stream and consumer -> "CONSUMER.INFO.ORDERS.billing".
[[nodiscard]] Result<std::string> consumerCall(std::string_view verb, std::string_view stream,
                                               std::string_view consumer);

} // namespace jetlag
