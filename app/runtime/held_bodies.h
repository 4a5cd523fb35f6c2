#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"
#include "nats/client/read_only_api.h"

#include <stop_token>

namespace jetlag {

/// Reads by get what a diagnosis tells of the messages that hold its collector up: the begin of the body, and
/// time, subject and size where the rules did without. What may not be read, or is gone, stays unknown.
void readHeldBodies(Diagnosis& diagnosis, ReadOnlyApi& reads, std::stop_token stop);

} // namespace jetlag
