#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <string>
#include <string_view>

namespace jetlag {

/// The public user key ("U...") that belongs to a user seed ("SU..."); nats.c wants both for an nkey login
/// and derives neither. Corrupt when it is no user seed; the words never hold it.
[[nodiscard]] Result<std::string> publicKeyFromSeed(std::string_view seed);

/// The seed in the text of a seed or creds file: a bare line or one between `-----BEGIN ... SEED-----` marks.
[[nodiscard]] Result<std::string> seedFromText(std::string_view text);
/// The user JWT in the text of a creds file, or a bare JWT.
[[nodiscard]] Result<std::string> jwtFromText(std::string_view text);

} // namespace jetlag
