// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/output/result_print.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/service/pipeline_service.h"
#include "model/service/result_format.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace jetlag {

namespace {

/// `jetlagctl collector`: a durable consumer, the core, checkpoints, then acks; until Ctrl-C.
class CollectorCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command = app.add_subcommand(
            "collector", "Collect a stream through an analyzer, with checkpoints and acks, until Ctrl-C");
        addCommonOptions(*m_command, m_common);
        m_command->add_option("analyzer", m_request.analyzer, "spark, hdfs, hive or traffic")->required();
        m_command->add_option("--stream", m_request.stream, "stream to collect")->required()->type_name("S");
        m_command->add_option("--name", m_request.durable, "durable consumer, made if missing")
            ->required()
            ->type_name("DURABLE");
        m_command->add_option("--workers", m_request.workers, "threads that apply events")
            ->capture_default_str()
            ->check(CLI::Range(1u, 64u));
        m_command
            ->add_option("--state", m_state,
                         "folder of the checkpoints (default: under $XDG_STATE_HOME/jetlag)")
            ->type_name("DIR");
        m_command->add_option("--filter", m_request.filters, "subjects of a durable that is made now")
            ->type_name("SUBJECT");
        m_command->add_option("--max-rate", m_request.eventsPerSecond, "at most N events a second")
            ->type_name("N")
            ->check(CLI::NonNegativeNumber);
        m_command->add_option("--ack-wait", m_ackWait, "ack wait of a durable that is made now")
            ->capture_default_str()
            ->type_name("TIME");
        m_command->add_flag("--until-caught-up", m_request.untilCaughtUp,
                            "end when everything up to the last sequence at start is checkpointed and acked");
        m_command->add_flag("--accept-partial", m_request.acceptPartial,
                            "go on although events are gone that no checkpoint holds");
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        m_request.connection = m_common.connection();
        m_request.stateFolder = m_state;
        Result<std::chrono::nanoseconds> ackWait = parseDuration(m_ackWait);
        if (!ackWait)
            return reportError(std::move(ackWait).error().whileDoing("--ack-wait"));
        m_request.ackWait = std::chrono::duration_cast<std::chrono::milliseconds>(*ackWait);
        Result<CollectorSummary> summary = waitFor(*services.pipeline.collect(m_request));
        if (!summary)
            return reportError(summary.error());
        if (m_common.json()) {
            fmt::print("{}\n", collectorJson(*summary));
        } else {
            fmt::print("collector {} of stream {}: {} read again, {} redeliveries dropped\n",
                       summary->collector, summary->stream, exactCount(summary->readAgain),
                       exactCount(summary->redelivered));
            printResult(summary->result, {});
        }
        // A collector is meant to be stopped; one that was to catch up and could not has only a part.
        return summary->result.cancelled && m_request.untilCaughtUp ? ExitCode::Interrupted : ExitCode::Fine;
    }

private:
    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    CollectorRequest m_request;
    std::string m_state;
    std::string m_ackWait = "60s";
};

} // namespace

std::unique_ptr<Command> makeCollectorCommand()
{
    return std::make_unique<CollectorCommand>();
}

} // namespace jetlag
