// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/output/report_print.h"
#include "app/cli/wait.h"
#include "model/cluster/report_check.h"
#include "model/service/monitor_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace jetlag {

namespace {

/// `jetlagctl report`: all collectors of all streams in one table.
class ReportCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command = app.add_subcommand("report", "Show every collector of every stream: lag, offsets, rates");
        addCommonOptions(*m_command, m_common);
        m_command->add_flag("--watch", m_watch, "again every second until Ctrl-C");
        m_command
            ->add_flag("--check", m_check,
                       "look until every collector has a verdict (at most 15 s); exit 1, with the reasons, "
                       "when one is "
                       "stopped, slow, stuck, lost or stale, or over a critical limit in metadata")
            ->excludes("--watch");
        m_command->add_flag("--all", m_request.all,
                            "system, KV and object streams and ephemeral consumers too");
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
        if (!server)
            return reportError(server.error());
        if (m_watch)
            return watch((*server)->monitor());
        if (m_check)
            return check((*server)->monitor());
        Result<ClusterReport> report = waitFor(*(*server)->monitor().report(m_request));
        if (!report)
            return reportError(report.error());
        show(*report);
        return ExitCode::Fine;
    }

private:
    /// For cron and CI: a verdict needs some samples.
    ExitCode check(MonitorService& monitor)
    {
        using namespace std::chrono_literals;
        std::mutex mutex;
        std::shared_ptr<const ClusterReport> latest;
        Subscription subscription =
            monitor.watch(m_request, [&](std::shared_ptr<const ClusterReport> report) {
                const std::lock_guard lock(mutex);
                latest = std::move(report);
            });
        const auto began = std::chrono::steady_clock::now();
        std::shared_ptr<const ClusterReport> report;
        while (!wasInterrupted()) {
            {
                const std::lock_guard lock(mutex);
                report = latest;
            }
            const auto looked = std::chrono::steady_clock::now() - began;
            const bool all =
                report && std::all_of(report->collectors.begin(), report->collectors.end(),
                                      [](const CollectorReport& row) { return row.verdict.has_value(); });
            if (looked >= 15s || (looked >= 6s && all))
                break;
            std::this_thread::sleep_for(50ms);
        }
        subscription = {};
        if (!report && wasInterrupted())
            return ExitCode::Interrupted;
        if (!report)
            return reportError(Error(ErrorCode::Timeout, "the server gave no report within 15 s"));
        show(*report);
        if (wasInterrupted())
            return ExitCode::Interrupted;
        if (report->collectors.empty() && !report->problems.empty())
            return ExitCode::CouldNot;
        const std::vector<std::string> troubles = troublesOf(*report);
        if (!m_common.json()) // there verdicts and limits stand in the rows
            fmt::print("{}",
                       troubles.empty() ? "\nno trouble (exit code 0)\n" : "\ntrouble (exit code 1):\n");
        for (const std::string& one : troubles) {
            if (!m_common.json())
                fmt::print("  {}\n", one);
        }
        return troubles.empty() ? ExitCode::Fine : ExitCode::Trouble;
    }

    ExitCode watch(MonitorService& monitor)
    {
        std::mutex mutex;
        std::shared_ptr<const ClusterReport> latest;
        const Subscription subscription =
            monitor.watch(m_request, [&](std::shared_ptr<const ClusterReport> report) {
                const std::lock_guard lock(mutex);
                latest = std::move(report);
            });
        const bool terminal = isatty(STDOUT_FILENO) == 1;
        while (!wasInterrupted()) {
            std::shared_ptr<const ClusterReport> report;
            {
                const std::lock_guard lock(mutex);
                report = std::exchange(latest, nullptr);
            }
            if (report) {
                if (terminal && !m_common.json())
                    fmt::print("\x1b[H\x1b[2J");
                show(*report);
                std::fflush(stdout);
                if (std::ferror(stdout))
                    break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return ExitCode::Fine;
    }

    void show(const ClusterReport& report) const
    {
        if (m_common.json())
            fmt::print("{}\n", reportJson(report));
        else
            printReport(report);
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    MonitorRequest m_request;
    bool m_watch = false;
    bool m_check = false;
};

} // namespace

std::unique_ptr<Command> makeReportCommand()
{
    return std::make_unique<ReportCommand>();
}

} // namespace jetlag
