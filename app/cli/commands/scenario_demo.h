#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/cli/command.h"
#include "model/service/demo_service.h"

namespace jetlag {

/// `jetlagctl demo --scenario list`: a table, or one JSON array.
ExitCode listScenarios(const DemoService& demos, bool json);

/// `jetlagctl demo --scenario NAME`: plays it, says what is right from when on and what the monitor says
/// meanwhile, a line each (JSON: an object each). Ends with Ctrl-C, or after `seconds` when that is above 0:
/// what it comes to in the end stays for somebody to look at. Trouble: the monitor's last word was not right.
ExitCode playScenario(Services& services, CommonOptions common, const DemoOptions& options, int seconds);

} // namespace jetlag
