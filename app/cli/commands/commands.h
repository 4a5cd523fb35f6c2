#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/cli/command.h"

namespace jetlag {

[[nodiscard]] std::unique_ptr<Command> makeServerCommand();
[[nodiscard]] std::unique_ptr<Command> makeHookCommand();
[[nodiscard]] std::unique_ptr<Command> makeCollectorCommand();
[[nodiscard]] std::unique_ptr<Command> makeEventsCommand();
[[nodiscard]] std::unique_ptr<Command> makeReportCommand();
[[nodiscard]] std::unique_ptr<Command> makeCaptureCommand();
[[nodiscard]] std::unique_ptr<Command> makeReplayCommand();
[[nodiscard]] std::unique_ptr<Command> makeDemoCommand();
[[nodiscard]] std::unique_ptr<Command> makeDiagnoseCommand();

/// All of them, in the order in which help shows them.
[[nodiscard]] CommandList makeCommands();

} // namespace jetlag
