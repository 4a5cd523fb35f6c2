// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "app/cli/wait.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace jetlag {

ConnectionRequest CommonOptions::connection() const
{
    ConnectionRequest request;
    if (!context.empty())
        request.context = context;
    if (!server.empty())
        request.server = server;
    return request;
}

void addCommonOptions(CLI::App& command, CommonOptions& options)
{
    auto* context =
        command
            .add_option("--context", options.context,
                        "nats context to connect with (default: the selected one, else localhost)")
            ->type_name("NAME");
    command.add_option("--server", options.server, "address to connect to, such as nats://127.0.0.1:4222")
        ->type_name("URL")
        ->excludes(context);
    command.add_option("--format", options.format, "how results look on stdout")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
}

ExitCode reportError(const Error& error)
{
    fmt::print(stderr, "error: {}\n", error.message());
    if (error.code() == ErrorCode::Cancelled)
        return ExitCode::Interrupted;
    return exitCodeOf(error.code());
}

void addRangeOptions(CLI::App& command, RangeOptions& options)
{
    command
        .add_option("--from", options.from, "first sequence, or a time: RFC 3339 or a span back such as -5m")
        ->type_name("SEQ|TIME");
    command.add_option("--to", options.to, "last sequence or time, included (default: the last at start)")
        ->type_name("SEQ|TIME");
}

Result<PositionRange> parseRange(const RangeOptions& options)
{
    PositionRange range;
    const ServerTime now = systemClock().now();
    if (!options.from.empty()) {
        Result<Position> from = parsePosition(options.from, now);
        if (!from)
            return std::move(from).error().whileDoing("--from");
        range.from = *from;
    }
    if (!options.to.empty()) {
        Result<Position> to = parsePosition(options.to, now);
        if (!to)
            return std::move(to).error().whileDoing("--to");
        range.to = *to;
    }
    if (range.from && range.to && range.from->index() == range.to->index() && *range.to < *range.from)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("--to {} lies before --from {}", options.to, options.from));
    return range;
}

Result<std::shared_ptr<ServerLink>> connect(Services& services, const CommonOptions& options)
{
    return waitFor(*services.connections.open(options.connection()));
}

} // namespace jetlag
