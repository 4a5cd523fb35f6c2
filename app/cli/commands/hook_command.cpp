// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/service/pipeline_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

/// `jetlagctl hook`: publishes the records of log files, in file order, acked.
class HookCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command =
            app.add_subcommand("hook", "Publish the records of log files into a stream, in order and acked");
        addCommonOptions(*m_command, m_common);
        m_command->add_option("kind", m_request.kind, "what the files hold: spark, hdfs, hive or lines")
            ->required()
            ->check(CLI::IsMember({"spark", "hdfs", "hive", "lines"}));
        m_command->add_option("paths", m_paths, "files or folders, plain, .gz or .zst")
            ->required()
            ->type_name("PATH...");
        m_command
            ->add_option("--stream", m_request.stream,
                         "stream to publish into, made if missing (default: the kind in capitals)")
            ->type_name("S");
        m_command
            ->add_option("--subject", m_request.subjectPrefix,
                         "first tokens of the subjects instead of the kind; may hold dots")
            ->type_name("PREFIX");
        m_command
            ->add_option("--source", m_request.sourceName,
                         "name of the source instead of the one found in the records")
            ->type_name("NAME");
        m_command
            ->add_option("--app", m_request.applicationId,
                         "application id for Spark logs that do not name theirs")
            ->type_name("ID");
        m_command
            ->add_option("--time-zone", m_request.timeZone, "IANA zone of times without one (default UTC)")
            ->type_name("ZONE");
        m_command->add_flag("--follow", m_request.follow, "go on as the files grow, until Ctrl-C");
        m_command->add_option("--rate", m_request.recordsPerSecond, "at most N records a second")
            ->type_name("N")
            ->check(CLI::NonNegativeNumber);
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        m_request.connection = m_common.connection();
        m_request.paths.assign(m_paths.begin(), m_paths.end());
        Result<HookSummary> summary = waitFor(*services.pipeline.hook(m_request));
        if (!summary)
            return reportError(summary.error());
        print(*summary);
        for (const std::string& problem : summary->problems)
            fmt::print(stderr, "error: {}\n", problem);
        if (!summary->problems.empty())
            return ExitCode::CouldNot;
        return summary->cancelled && !m_request.follow ? ExitCode::Interrupted : ExitCode::Fine;
    }

private:
    void print(const HookSummary& summary) const
    {
        for (const std::string& created : summary.created)
            fmt::print(stderr, "{}\n", created);
        if (m_common.json()) {
            nlohmann::ordered_json object = {
                {"stream", summary.stream},         {"records", summary.records},
                {"messages", summary.messages},     {"bytes", summary.bytes},
                {"duplicates", summary.duplicates}, {"published_before", summary.skippedRecords},
                {"files", summary.files},           {"partial", summary.partial},
                {"cancelled", summary.cancelled},   {"problems", summary.problems}};
            fmt::print("{}\n", object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
            return;
        }
        fmt::print("{} records of {} {} published into {} ({}, {} messages", exactCount(summary.records),
                   summary.files, summary.files == 1 ? "file" : "files", summary.stream,
                   shortBytes(static_cast<double>(summary.bytes)), exactCount(summary.messages));
        if (summary.duplicates > 0)
            fmt::print(", {} of them known to the server already", exactCount(summary.duplicates));
        fmt::print(")\n");
        if (summary.skippedRecords > 0)
            fmt::print("{} records were published by an earlier run\n", exactCount(summary.skippedRecords));
        if (summary.partial)
            fmt::print("partial: some records name no application; give --app\n");
        if (summary.cancelled)
            fmt::print("stopped; the position is kept, the next run goes on from here\n");
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    HookRequest m_request;
    std::vector<std::string> m_paths;
};

} // namespace

std::unique_ptr<Command> makeHookCommand()
{
    return std::make_unique<HookCommand>();
}

} // namespace jetlag
