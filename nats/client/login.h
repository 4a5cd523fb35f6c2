#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/profile/connection_profile.h"

#include <nats/nats.h>

#include <memory>
#include <string>

namespace jetlag {

/// What the login callbacks of nats.c need while a connection lives: references, read anew at every
/// reconnect so that a rotated file counts. Must outlive the connection.
struct Login
{
    SecretReference jwt;
    SecretReference seed;
};

/// Sets user, password, token, creds, nkey and TLS files of `profile` on `options`. Errors name what cannot
/// be read; a profile that names two ways to log in is InvalidArgument.
[[nodiscard]] Result<std::unique_ptr<Login>> applyLogin(const ConnectionProfile& profile,
                                                        natsOptions* options);

} // namespace jetlag
