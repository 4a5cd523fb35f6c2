// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/service/events_service.h"
#include "model/service/result_format.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace jetlag {

namespace {

std::string hexDump(std::string_view bytes)
{
    // A screen of hex says what kind of bytes they are; JSON output holds them whole.
    constexpr std::size_t kMostBytes = 512;
    std::string text;
    for (std::size_t line = 0; line < std::min(bytes.size(), kMostBytes); line += 16) {
        const std::string_view part = bytes.substr(line, 16);
        fmt::format_to(std::back_inserter(text), "  {:08x} ", line);
        for (std::size_t i = 0; i < 16; ++i) {
            if (i < part.size())
                fmt::format_to(std::back_inserter(text), " {:02x}", static_cast<unsigned char>(part[i]));
            else
                text += "   ";
        }
        text += "  ";
        for (char c : part)
            text += c >= 0x20 && c < 0x7f ? c : '.';
        text += '\n';
    }
    if (bytes.size() > kMostBytes)
        fmt::format_to(std::back_inserter(text), "  … {} bytes more\n", bytes.size() - kMostBytes);
    return text;
}

/// `jetlagctl events`: the messages themselves, read without a consumer.
class EventsCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command =
            app.add_subcommand("events", "Show the events of a stream or a capture; creates no consumer");
        addCommonOptions(*m_command, m_common);
        m_command->add_option("stream", m_stream, "stream of the server, or of a capture that holds several");
        m_command->add_option("--capture", m_capture, "capture file instead of a server")->type_name("FILE");
        addRangeOptions(*m_command, m_range);
        m_command->add_option("--filter", m_request.filters, "only subjects that match, with NATS wildcards")
            ->type_name("SUBJECT");
        m_command->add_option("--count", m_count, "at most N events (default 10, or all with --to or JSON)")
            ->type_name("N");
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        if (m_stream.empty() && m_capture.empty())
            return reportError(
                {ErrorCode::InvalidArgument, "say whose events: a stream's name, or --capture FILE"});
        Result<PositionRange> range = parseRange(m_range);
        if (!range)
            return reportError(range.error());
        m_request.range = *range;
        m_request.stream = m_stream;
        m_request.capture = m_capture;
        if (m_capture.empty()) {
            Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
            if (!server)
                return reportError(server.error());
            m_request.server = *server;
        }
        if (m_command->count("--count") > 0)
            m_request.count = m_count;
        else if (!m_common.json() && !range->to)
            m_request.count = 10;
        const JobPtr<std::uint64_t> job =
            services.events.read(m_request, [this](const Message& message) { return show(message); });
        Result<std::uint64_t> shown = waitFor(*job);
        std::fflush(stdout);
        if (!shown)
            return reportError(shown.error());
        if (*shown == 0)
            fmt::print(stderr, "no events there\n");
        return wasInterrupted() ? ExitCode::Interrupted : ExitCode::Fine;
    }

private:
    bool show(const Message& message) const
    {
        if (m_common.json()) {
            fmt::print("{}\n", messageJson(message));
        } else {
            fmt::print("{}  {}  {}  {}\n", message.sequence.value(), formatRfc3339(message.time),
                       safeForDisplay(message.subject),
                       shortBytes(static_cast<double>(message.payload.size())));
            for (const HeaderField& field : message.headers)
                fmt::print("  {}: {}\n", safeForDisplay(field.name), safeForDisplay(field.value));
            if (isValidUtf8(message.payload))
                fmt::print("  {}\n", safeForDisplay(message.payload));
            else
                fmt::print("{}", hexDump(message.payload));
        }
        // The reader of a pipe may have gone (`| head`).
        return std::ferror(stdout) == 0;
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    RangeOptions m_range;
    EventsRequest m_request;
    std::string m_stream;
    std::string m_capture;
    std::uint64_t m_count = 10;
};

} // namespace

std::unique_ptr<Command> makeEventsCommand()
{
    return std::make_unique<EventsCommand>();
}

} // namespace jetlag
