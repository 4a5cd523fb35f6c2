#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_test.h"
#include "nats/client/read_only_api.h"

#include <stop_token>
#include <vector>

namespace jetlag {

/// Finds out what an account may see by asking for each thing once. A refused subject is told by the server
/// as an error of the connection, not as an answer; both count. Reads at most one message body. Waits: some
/// milliseconds where everything answers, up to two seconds for each thing where nobody does.
[[nodiscard]] std::vector<Ability> probeAbilities(ReadOnlyApi& api, std::stop_token stop = {});

} // namespace jetlag
