// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/output/capture_print.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/service/capture_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace jetlag {

namespace {

/// `jetlagctl capture record|info`.
class CaptureCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_group = app.add_subcommand("capture", "Keep streams in one file, and look into such files");
        m_group->require_subcommand(1);

        m_record = m_group->add_subcommand(
            "record", "Copy a range of a stream into a capture file; creates no consumer");
        addCommonOptions(*m_record, m_common);
        m_record->add_option("stream", m_request.stream, "stream to record")->required();
        m_record->add_option("-o,--output", m_file, "capture file to write, usually NAME.jetlag")
            ->required()
            ->type_name("FILE");
        addRangeOptions(*m_record, m_range);
        m_record->add_flag("--follow", m_request.follow, "go on with the tail until Ctrl-C");
        m_record->add_flag("--force", m_request.force, "overwrite a file that exists");

        m_info = m_group->add_subcommand("info", "Say what a capture file holds, and what is missing");
        m_info->add_option("file", m_file, "capture file")->required()->type_name("FILE");
        m_info->add_option("--format", m_common.format, "how the answer looks")
            ->check(CLI::IsMember({"table", "json"}))
            ->capture_default_str();
    }

    bool isChosen() const override { return m_group->parsed(); }

    ExitCode run(Services& services) override
    {
        return m_record->parsed() ? record(services) : info(services);
    }

private:
    ExitCode record(Services& services)
    {
        Result<PositionRange> range = parseRange(m_range);
        if (!range)
            return reportError(range.error());
        if (m_request.follow && range->to)
            return reportError({ErrorCode::InvalidArgument, "--follow goes on for ever; leave out --to"});
        m_request.range = *range;
        m_request.file = m_file;
        Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
        if (!server)
            return reportError(server.error());
        m_request.server = *server;
        Result<CaptureSummary> summary = waitFor(*services.captures.record(m_request));
        if (!summary && summary.error().code() == ErrorCode::Exists)
            return reportError({ErrorCode::Exists, summary.error().message() +
                                                       "; name another file, or overwrite it with --force"});
        if (!summary)
            return reportError(summary.error());
        if (m_common.json())
            fmt::print("{}\n", captureSummaryJson(*summary, m_file));
        else
            fmt::print("{} messages ({}) of {} in {}, sequence {} to {}, {} gaps\n",
                       exactCount(summary->messages), shortBytes(static_cast<double>(summary->bytes)),
                       m_request.stream, m_file, exactCount(summary->firstSequence.value()),
                       exactCount(summary->lastSequence.value()), exactCount(summary->gaps));
        if (!summary->cancelled || m_request.follow)
            return ExitCode::Fine;
        fmt::print(stderr, "stopped: the capture ends at sequence {}\n", summary->lastSequence.value());
        return ExitCode::Interrupted;
    }

    ExitCode info(Services& services)
    {
        Result<CaptureDescription> description = waitFor(*services.captures.describe(m_file));
        if (!description)
            return reportError(description.error());
        if (m_common.json())
            fmt::print("{}\n", captureDescriptionJson(*description));
        else
            printCaptureDescription(*description, m_file);
        return ExitCode::Fine;
    }

    CLI::App* m_group = nullptr;
    CLI::App* m_record = nullptr;
    CLI::App* m_info = nullptr;
    CommonOptions m_common;
    RangeOptions m_range;
    CaptureRequest m_request;
    std::string m_file;
};

} // namespace

std::unique_ptr<Command> makeCaptureCommand()
{
    return std::make_unique<CaptureCommand>();
}

} // namespace jetlag
