#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "nats/monitor/answer_values.h"

/// Streams, consumers and what both have, out of an answer's JSON. Tolerant as InfoParser is; false = the
/// text broke off. `latest` is raised to the latest server time that is seen. Private to nats/monitor.
namespace jetlag::answer {

[[nodiscard]] bool readStream(od::object object, StreamSnapshot& into, ServerTime& latest);
[[nodiscard]] bool readConsumer(od::object object, ConsumerSnapshot& into, ServerTime& latest);

// Members of both.
void readPlacement(od::value value, PlacementSnapshot& into);
void readMetadata(od::value value, AssetMetadata& into);

} // namespace jetlag::answer
