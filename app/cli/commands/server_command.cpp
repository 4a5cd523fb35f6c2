// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "model/service/local_server_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <thread>

namespace jetlag {

namespace {

/// `jetlagctl server`: a local nats-server with JetStream, until Ctrl-C.
class ServerCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command = app.add_subcommand("server", "Run a local nats-server with JetStream until Ctrl-C");
        addCommonOptions(*m_command, m_common);
        m_command->add_option("--port", m_options.port, "port on 127.0.0.1; 0 takes a free one")
            ->capture_default_str();
        m_command
            ->add_option("--store", m_store,
                         "folder for JetStream's files (default: a temporary one, removed at the end)")
            ->type_name("DIR");
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        const bool temporary = m_store.empty();
        if (temporary) {
            std::string pattern = (std::filesystem::temp_directory_path() / "jetlag-server-XXXXXX").string();
            if (!mkdtemp(pattern.data()))
                return reportError({ErrorCode::Io, "no temporary folder to be had; name one with --store"});
            m_store = pattern;
        }
        m_options.storeFolder = m_store;
        const ExitCode code = serve(services);
        if (temporary) {
            std::error_code ignored;
            std::filesystem::remove_all(m_store, ignored);
        }
        return code;
    }

private:
    ExitCode serve(Services& services)
    {
        Result<std::unique_ptr<LocalServer>> server = services.localServers.start(m_options);
        if (!server)
            return reportError(server.error());
        if (m_common.json())
            fmt::print("{{\"url\":\"{}\"}}\n", (*server)->url());
        else
            fmt::print("{}\n", (*server)->url());
        std::fflush(stdout);
        fmt::print(stderr, "nats-server with JetStream in {}; Ctrl-C ends it\n", m_store);
        while (!wasInterrupted()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            if (!(*server)->isRunning())
                return reportError(
                    {ErrorCode::Unavailable, "nats-server ended by itself; its log is in the store folder"});
        }
        return ExitCode::Fine;
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    LocalServerOptions m_options{.port = 4222, .storeFolder = {}};
    std::string m_store;
};

} // namespace

std::unique_ptr<Command> makeServerCommand()
{
    return std::make_unique<ServerCommand>();
}

} // namespace jetlag
