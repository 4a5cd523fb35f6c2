// SPDX-License-Identifier: Apache-2.0
//
// jetlagctl: the headless side of Jetlag. Results on stdout, progress and errors on stderr.

#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/runtime/runtime.h"
#include "model/base/text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

bool hasCommand(const CLI::App& app, std::string_view name)
{
    const std::vector<const CLI::App*> commands =
        app.get_subcommands([name](const CLI::App* command) { return command->get_name() == name; });
    return !commands.empty();
}

} // namespace

int main(int argc, char** argv)
{
    using namespace jetlag;

    CLI::App app("See, understand and replay lag in NATS JetStream.", "jetlagctl");
    app.set_version_flag("--version", JETLAG_VERSION);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 fine, 1 found trouble, 2 wrong use, 3 could not do it, 130 stopped by Ctrl-C "
               "with a partial result.");

    const CommandList commands = makeCommands();
    for (const std::unique_ptr<Command>& command : commands)
        command->declare(app);

    try {
        if (argc > 1 && argv[1][0] != '-' && !hasCommand(app, argv[1])) {
            fmt::print(stderr, "there is no command \"{}\"; `jetlagctl --help` lists them\n",
                       safeForDisplay(argv[1]));
            return static_cast<int>(ExitCode::WrongUse);
        }
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        // CLI11's own codes differ per mistake; ours is one.
        return app.exit(wrong) == 0 ? static_cast<int>(ExitCode::Fine) : static_cast<int>(ExitCode::WrongUse);
    }

    catchInterrupts();
    Runtime runtime;
    Services services = runtime.services();
    try {
        for (const std::unique_ptr<Command>& command : commands) {
            if (command->isChosen())
                return static_cast<int>(command->run(services));
        }
    } catch (const std::exception& failure) {
        fmt::print(stderr, "error: {}\n", failure.what());
    }
    return static_cast<int>(ExitCode::CouldNot);
}
