#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/cli/exit_code.h"
#include "model/service/connection_service.h"
#include "model/service/position.h"
#include "model/service/services.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace jetlag {

/// What every command takes.
struct CommonOptions
{
    std::string context;
    std::string server;
    std::string format = "table";

    [[nodiscard]] bool json() const { return format == "json"; }
    [[nodiscard]] ConnectionRequest connection() const;
};

/// One subcommand: declares its options, then runs with the services it needs.
class Command
{
public:
    virtual ~Command() = default;
    /// Adds the subcommand (or a group of them) to `app`.
    virtual void declare(CLI::App& app) = 0;
    /// Was it the one on the command line?
    [[nodiscard]] virtual bool isChosen() const = 0;
    [[nodiscard]] virtual ExitCode run(Services& services) = 0;
};

using CommandList = std::vector<std::unique_ptr<Command>>;

/// --context, --server and --format.
void addCommonOptions(CLI::App& command, CommonOptions& options);

/// `error: <sentence>` on stderr, and the exit code that belongs to it.
ExitCode reportError(const Error& error);

/// --from and --to as typed.
struct RangeOptions
{
    std::string from;
    std::string to;
};
void addRangeOptions(CLI::App& command, RangeOptions& options);
[[nodiscard]] Result<PositionRange> parseRange(const RangeOptions& options);

/// Connects and waits; Ctrl-C ends the wait.
[[nodiscard]] Result<std::shared_ptr<ServerLink>> connect(Services& services, const CommonOptions& options);

} // namespace jetlag
