#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"

#include <nats/nats.h>

#include <string_view>

namespace jetlag {

/// The one place where a status of nats.c becomes an Error. `doing` says what was being done ("publishing
/// to X"); the library's own text of this thread's last error is added where it says more.
[[nodiscard]] Error errorFromStatus(natsStatus status, std::string_view doing);

/// The same for a connection attempt to `urls` (already fit for display): sentences that say what to do.
[[nodiscard]] Error connectError(natsStatus status, std::string_view urls);

} // namespace jetlag
