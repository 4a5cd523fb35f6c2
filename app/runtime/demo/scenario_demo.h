#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/demo_service.h"

#include <memory>
#include <vector>

namespace jetlag {

/// One scenario on servers of its own: a demo in which one thing is wrong, and known. NotFound when there is
/// none of that name.
[[nodiscard]] Result<std::unique_ptr<DemoRun>> startScenarioDemo(const DemoOptions& options);

[[nodiscard]] std::vector<DemoScenario> demoScenarios();

} // namespace jetlag
