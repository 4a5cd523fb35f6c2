// SPDX-License-Identifier: Apache-2.0
#include "nats/server/embedded_server.h"

#include "model/base/text.h"
#include "nats/client/server_greeting.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

namespace jetlag {

namespace {

using namespace std::chrono;
namespace fs = std::filesystem;

constexpr const char* kHost = "127.0.0.1";
constexpr auto kLookEvery = 10ms;

std::string inQuotes(std::string_view text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string readFrom(const fs::path& file, std::uintmax_t offset)
{
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// nats-server writes <its name>_<pid>.ports when it listens: its own word on which port it got, and proof
// that who listens there is this child and nobody else.
std::optional<std::uint16_t> portFromFile(const fs::path& folder, pid_t pid)
{
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        if (!entry.path().filename().string().ends_with(fmt::format("_{}.ports", pid)))
            continue;
        simdjson::dom::parser parser;
        simdjson::dom::array urls;
        const std::string text = readFrom(entry.path(), 0);
        if (parser.parse(text)["nats"].get(urls) != simdjson::SUCCESS) // perhaps half written
            return std::nullopt;
        for (simdjson::dom::element url : urls) {
            std::string_view address;
            if (url.get(address) != simdjson::SUCCESS)
                continue;
            if (const auto found = hostAndPort(address))
                return found->second;
        }
    }
    return std::nullopt;
}

void removePortsFiles(const fs::path& folder)
{
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".ports")
            fs::remove(entry.path(), ignored);
}

// The last line that says what went wrong: "[pid] date time [FTL] words".
std::string lastComplaint(std::string_view log)
{
    std::string_view found;
    while (!log.empty()) {
        const std::size_t end = log.find('\n');
        const std::string_view line = log.substr(0, end);
        if (line.find("[FTL]") != std::string_view::npos || line.find("[ERR]") != std::string_view::npos)
            found = line.substr(line.find(']', line.find("[FTL]") != std::string_view::npos
                                                   ? line.find("[FTL]")
                                                   : line.find("[ERR]")) +
                                1);
        else if (line.starts_with("nats-server:"))
            found = line.substr(std::string_view("nats-server:").size());
        log = end == std::string_view::npos ? std::string_view() : log.substr(end + 1);
    }
    while (found.starts_with(' '))
        found.remove_prefix(1);
    return safeForDisplay(found);
}

} // namespace

EmbeddedServer::EmbeddedServer(EmbeddedServerOptions options, FileLock lock)
    : m_options(std::move(options))
    , m_lock(std::move(lock))
    , m_port(m_options.port)
{}

Result<EmbeddedServer> EmbeddedServer::start(EmbeddedServerOptions options)
{
    if (options.program.empty()) {
        const std::optional<fs::path> program = findProgram("nats-server", "NATS_SERVER");
        if (!program)
            return Error(ErrorCode::NotFound,
                         "nats-server is not installed: install the package nats-server, or name the "
                         "program in the variable NATS_SERVER");
        options.program = *program;
    }
    std::error_code failure;
    options.store = fs::absolute(options.store, failure);
    fs::create_directories(options.store, failure);
    if (failure)
        return Error(ErrorCode::Io, fmt::format("the folder {} cannot be made: {}",
                                                safeForDisplay(options.store.string()), failure.message()));
    Result<FileLock> lock = FileLock::acquire(options.store / "lock");
    if (!lock)
        return std::move(lock).error().whileDoing("starting a server in a folder of its own");
    EmbeddedServer server(std::move(options), std::move(*lock));
    if (Result<void> launched = server.launch(); !launched)
        return std::move(launched).error();
    return server;
}

EmbeddedServer::~EmbeddedServer()
{
    stop();
}

fs::path EmbeddedServer::logFile() const
{
    return m_options.store / "nats-server.log";
}

void EmbeddedServer::stop(milliseconds patience)
{
    m_child.stop(patience);
}

void EmbeddedServer::kill()
{
    m_child.kill();
}

Result<void> EmbeddedServer::restart()
{
    stop();
    return launch();
}

Result<void> EmbeddedServer::writeConfig() const
{
    constexpr int kAnyFreePort = -1;
    const fs::path path = m_options.store / "nats-server.conf";
    std::ofstream file(path, std::ios::trunc);
    file << "# Written anew at every start.\n"
         << fmt::format("host: {}\nport: {}\n", inQuotes(kHost), m_port ? m_port : kAnyFreePort);
    if (!m_options.serverName.empty())
        file << fmt::format("server_name: {}\n", inQuotes(m_options.serverName));
    file << fmt::format("jetstream {{ store_dir: {} }}\n", inQuotes(m_options.store.string()))
         << m_options.extraConfig << '\n';
    file.close();
    if (!file)
        return Error(ErrorCode::Io, fmt::format("{} cannot be written", safeForDisplay(path.string())));
    return {};
}

Result<void> EmbeddedServer::launch()
{
    if (Result<void> written = writeConfig(); !written)
        return written;
    removePortsFiles(m_options.store);
    std::error_code ignored;
    const std::uintmax_t size = fs::file_size(logFile(), ignored);
    m_logStart = ignored ? 0 : size;

    ChildSpec spec;
    spec.program = m_options.program;
    spec.arguments = {"--config", (m_options.store / "nats-server.conf").string(), "--ports_file_dir",
                      m_options.store.string()};
    spec.output = logFile();
    // Its own orderly end, so that JetStream's files are whole; it needs no grace from us to do so.
    spec.parentDeathSignal = SIGTERM;
    Result<ChildProcess> child = ChildProcess::start(spec);
    if (!child)
        return std::move(child).error();
    m_child = std::move(*child);
    return waitUntilReady();
}

Result<void> EmbeddedServer::waitUntilReady()
{
    const auto deadline = steady_clock::now() + m_options.startPatience;
    while (steady_clock::now() < deadline) {
        if (const std::optional<ChildExit> exit = m_child.waitFor(kLookEvery))
            return whyItEnded(*exit);
        const std::optional<std::uint16_t> port = portFromFile(m_options.store, m_child.pid());
        if (!port)
            continue;
        const Result<ServerGreeting> greeting = readServerGreeting(kHost, *port, 1s);
        if (!greeting || !greeting->jetStream)
            continue;
        m_port = *port;
        m_url = fmt::format("nats://{}:{}", kHost, m_port);
        return {};
    }
    m_child.kill();
    return Error(ErrorCode::Timeout, fmt::format("nats-server did not answer within {} s; its log is {}",
                                                 duration_cast<seconds>(m_options.startPatience).count(),
                                                 safeForDisplay(logFile().string())));
}

Error EmbeddedServer::whyItEnded(const ChildExit& exit) const
{
    const std::string complaint = lastComplaint(readFrom(logFile(), m_logStart));
    if (complaint.find("address already in use") != std::string::npos)
        return {ErrorCode::Conflict,
                fmt::format("port {} on {} is in use by another program: stop it or choose another port",
                            m_port, kHost)};
    return {ErrorCode::Unavailable,
            fmt::format("nats-server {} at once: {}", exit.describe(),
                        complaint.empty() ? "see " + safeForDisplay(logFile().string()) : complaint)};
}

} // namespace jetlag
