#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

namespace jetlag {

/// Streams that are somebody's machinery, not somebody's data: system (`$…`), key-value (`KV_`) and object
/// stores (`OBJ_`). Not shown unless asked for, but counted.
[[nodiscard]] bool isHiddenByDefault(const StreamSnapshot& stream) noexcept;
/// Consumers of hidden streams, and ephemeral ones (readers that come and go).
[[nodiscard]] bool isHiddenByDefault(const ConsumerSnapshot& consumer) noexcept;
[[nodiscard]] bool isHiddenStreamName(std::string_view name) noexcept;

} // namespace jetlag
