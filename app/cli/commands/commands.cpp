// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"

namespace jetlag {

CommandList makeCommands()
{
    CommandList commands;
    commands.push_back(makeReportCommand());
    commands.push_back(makeReplayCommand());
    commands.push_back(makeEventsCommand());
    commands.push_back(makeCaptureCommand());
    commands.push_back(makeHookCommand());
    commands.push_back(makeCollectorCommand());
    commands.push_back(makeServerCommand());
    commands.push_back(makeDiagnoseCommand());
    commands.push_back(makeDemoCommand());
    return commands;
}

} // namespace jetlag
