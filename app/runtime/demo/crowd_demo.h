#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/demo_service.h"

#include <memory>

namespace jetlag {

/// Many collectors on a server of its own: what a large installation looks like. InvalidArgument where
/// `options.crowd` asks for none or for more than kMostCrowd.
[[nodiscard]] Result<std::unique_ptr<DemoRun>> startCrowdDemo(const DemoOptions& options);

} // namespace jetlag
