// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/output/result_print.h"
#include "app/cli/wait.h"
#include "model/analyzers/registry.h"
#include "model/service/replay_service.h"
#include "model/service/result_format.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

/// `jetlagctl replay`: a stream, a capture or raw logs through the collectors' own core.
class ReplayCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command = app.add_subcommand("replay", "Run events from a stream, a capture or raw logs through an "
                                                 "analyzer; nothing is acked or changed");
        addCommonOptions(*m_command, m_common);
        m_command->add_option("analyzer", m_request.analyzer, "spark, hdfs, hive or traffic")->required();
        m_command
            ->add_option("--stream", m_stream, "stream of the server, or of a capture that holds several")
            ->type_name("NAME");
        auto* capture = m_command->add_option("--capture", m_capture, "capture file instead of a server")
                            ->type_name("FILE");
        m_command->add_option("--log", m_logs, "raw log files or folders instead of a server")
            ->type_name("PATH...")
            ->excludes(capture);
        addRangeOptions(*m_command, m_range);
        m_command->add_option("--filter", m_request.filters, "only subjects that match, with NATS wildcards")
            ->type_name("SUBJECT");
        m_command->add_option("--like", m_like, "take the filter of this durable")->type_name("DURABLE");
        m_command
            ->add_option("--workers", m_request.workers, "threads that apply events; the result is the same")
            ->capture_default_str()
            ->check(CLI::Range(1u, 64u));
        m_command->add_option("--speed", m_speed, "max, or a factor of real time")->capture_default_str();
        m_command->add_option("--table", m_tables, "print only this table; tasks are kept only when named")
            ->type_name("NAME");
        m_command->add_option("--time-zone", m_timeZone, "IANA zone of log times without one (default UTC)")
            ->type_name("ZONE");
        m_command->add_option("--app", m_application, "application id for Spark logs that do not name theirs")
            ->type_name("ID");
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        if (Result<void> ready = prepare(services); !ready)
            return reportError(ready.error());
        const std::shared_ptr<ReplayRun> replay = services.replays.start(m_request);
        Result<ReplayResult> result = waitFor(*replay->job());
        if (!result)
            return reportError(result.error());
        if (m_common.json())
            fmt::print("{}\n", replayResultJson(*result, m_tables));
        else
            printResult(*result, m_tables);
        if (!result->problem.empty()) {
            fmt::print(stderr, "error: {}; the result above is of what could be read\n", result->problem);
            return ExitCode::CouldNot;
        }
        if (!result->cancelled)
            return ExitCode::Fine;
        fmt::print(stderr, "stopped: the result covers only {} to {}\n", result->engine.firstSequence.value(),
                   result->engine.lastSequence.value());
        return ExitCode::Interrupted;
    }

private:
    Result<void> prepare(Services& services)
    {
        const Analyzer* analyzer = findAnalyzer(m_request.analyzer);
        if (!analyzer)
            return Error(ErrorCode::InvalidArgument, fmt::format("there is no analyzer \"{}\"; there are {}",
                                                                 m_request.analyzer, analyzerNames()));
        const std::vector<TableSchema> known = analyzer->tables({.onDemandTables = m_tables});
        for (const std::string& table : m_tables) {
            if (std::none_of(known.begin(), known.end(),
                             [&table](const TableSchema& schema) { return schema.name == table; }))
                return Error(ErrorCode::InvalidArgument,
                             fmt::format("{} has no table \"{}\"", m_request.analyzer, table));
        }
        m_request.onDemandTables = m_tables;
        Result<PositionRange> range = parseRange(m_range);
        if (!range)
            return range.error();
        m_request.range = *range;
        if (m_speed != "max") {
            std::size_t used = 0;
            try {
                m_request.speed = std::stod(m_speed, &used);
            } catch (const std::exception&) {
                used = 0;
            }
            if (used != m_speed.size() || !(m_request.speed > 0))
                return Error(ErrorCode::InvalidArgument,
                             fmt::format("--speed {}: give max or a factor above 0, such as 10", m_speed));
        }
        return chooseSource(services);
    }

    Result<void> chooseSource(Services& services)
    {
        if (!m_logs.empty()) {
            if (!m_stream.empty() || !m_like.empty())
                return Error(ErrorCode::InvalidArgument,
                             "--log reads files; --stream and --like go with a server");
            m_request.source = LogReplaySource{{m_logs.begin(), m_logs.end()}, m_timeZone, m_application};
            return {};
        }
        if (!m_timeZone.empty() || !m_application.empty())
            return Error(
                ErrorCode::InvalidArgument,
                "--time-zone and --app go with --log; in streams and captures every message brings its own");
        if (!m_capture.empty()) {
            if (!m_like.empty())
                return Error(ErrorCode::InvalidArgument,
                             "--like needs a server that knows the durable; give --filter with a capture");
            CaptureReplaySource source{m_capture, std::nullopt};
            if (!m_stream.empty())
                source.stream = m_stream;
            m_request.source = std::move(source);
            return {};
        }
        if (m_stream.empty())
            return Error(ErrorCode::InvalidArgument,
                         "say what to replay: --stream NAME, --capture FILE or --log PATH...");
        Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
        if (!server)
            return server.error();
        StreamReplaySource source{*server, m_stream, std::nullopt};
        if (!m_like.empty())
            source.likeDurable = m_like;
        m_request.source = std::move(source);
        return {};
    }

    static std::string analyzerNames()
    {
        std::vector<std::string_view> names;
        for (const Analyzer* analyzer : builtinAnalyzers())
            names.push_back(analyzer->name());
        return fmt::format("{}", fmt::join(names, ", "));
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    RangeOptions m_range;
    ReplayRequest m_request;
    std::string m_stream;
    std::string m_capture;
    std::vector<std::string> m_logs;
    std::string m_like;
    std::string m_speed = "max";
    std::vector<std::string> m_tables;
    std::string m_timeZone;
    std::string m_application;
};

} // namespace

std::unique_ptr<Command> makeReplayCommand()
{
    return std::make_unique<ReplayCommand>();
}

} // namespace jetlag
