#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/position.h"
#include "nats/client/read_only_api.h"
#include "nats/source/sequence_source.h"

#include <memory>
#include <string>

namespace jetlag {

/// A stream's range as a source; times become sequences by asking the server. Both ends are included.
[[nodiscard]] Result<std::unique_ptr<SequenceSource>>
openStreamRange(ReadOnlyApi& reads, const std::string& stream, const PositionRange& range,
                SequenceSourceOptions options, std::stop_token stop);

} // namespace jetlag
