// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/output/text_table.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/service/diagnosis_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

/// `jetlagctl diagnose STREAM CONSUMER`: one collector until its cause is named; `diagnose --samples FILE`:
/// the same rules over recorded samples, a line each, so that a recording can be mailed and a threshold be
/// seen at work.
class DiagnoseCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command =
            app.add_subcommand("diagnose", "Name the one cause of a collector's lag, and what proves it");
        addCommonOptions(*m_command, m_common);
        CLI::Option* stream = m_command->add_option("STREAM", m_stream, "the stream");
        m_command->add_option("CONSUMER", m_consumer, "the collector's consumer on it");
        CLI::Option* lookFor =
            m_command
                ->add_option("--for", m_seconds,
                             "look for so long (default: until a cause is named, 5 to 15 s)")
                ->type_name("SECONDS")
                ->check(CLI::Range(1, 86'400));
        CLI::Option* record =
            m_command->add_option("--record", m_record, "keep the samples there too, as JSON lines")
                ->type_name("FILE");
        m_command->add_flag("--force", m_force, "replace a recording that exists")->needs(record);
        m_command->add_flag("--markdown", m_markdown, "print it for a ticket");
        CLI::Option* samples =
            m_command
                ->add_option("--samples", m_file,
                             "judge recorded samples: JSON lines of t, si, ci, reads, adv, err")
                ->type_name("FILE")
                ->excludes(stream)
                ->excludes(lookFor)
                ->excludes(record);
        m_command->add_option("--every", m_request.every, "use each N-th sample only, as a slower poll would")
            ->type_name("N")
            ->check(CLI::Range(1, 3'600))
            ->needs(samples)
            ->capture_default_str();
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        if (!m_file.empty())
            return judgeRecording(services);
        if (m_stream.empty() || m_consumer.empty())
            return reportError(
                Error(ErrorCode::InvalidArgument,
                      "diagnose takes a stream and a consumer, or --samples FILE; `jetlagctl report` "
                      "lists both"));
        if (!m_record.empty() && !m_force && std::filesystem::exists(m_record))
            return reportError(Error(ErrorCode::Exists, fmt::format("{} exists already: --force replaces it",
                                                                    safeForDisplay(m_record))));
        Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
        if (!server)
            return reportError(server.error());
        DiagnosisRequest request{
            .server = *server, .stream = m_stream, .collector = m_consumer, .record = m_record};
        if (m_seconds > 0)
            request.lookFor = std::chrono::seconds(m_seconds);
        const JobPtr<Diagnosis> job = services.diagnosis.diagnose(request, [](const auto&) {});
        const Result<Diagnosis> diagnosis = waitFor(*job);
        if (!diagnosis)
            return reportError(diagnosis.error());
        if (m_common.json())
            fmt::print("{}\n", diagnosisJson(*diagnosis));
        else if (m_markdown)
            fmt::print("{}", diagnosisMarkdown(*diagnosis));
        else
            printDiagnosis(*diagnosis);
        if (wasInterrupted())
            return ExitCode::Interrupted;
        if (diagnosis->verdict().empty())
            return ExitCode::CouldNot; // still observing at the end
        return isTrouble(diagnosis->verdict()) ? ExitCode::Trouble : ExitCode::Fine;
    }

private:
    ExitCode judgeRecording(Services& services)
    {
        m_request.file = m_file;
        std::optional<Judgement> last;
        std::optional<double> began;
        const bool json = m_common.json();
        const JobPtr<std::uint64_t> job =
            services.diagnosis.judge(m_request, [&](const JudgedSample& sample) {
                began = began.value_or(sample.at);
                last = sample.judgement;
                if (json)
                    fmt::print("{}\n", lineOf(sample).dump());
                else
                    fmt::print("{:8.1f} s  {:<11}  {}\n", sample.at - *began, verdictWord(sample.judgement),
                               causeWords(sample.judgement));
            });
        const Result<std::uint64_t> used = waitFor(*job);
        if (!used)
            return reportError(used.error());
        if (!last || !last->cause) {
            fmt::print(stderr, "jetlagctl: the samples name no cause yet\n");
            return ExitCode::CouldNot; // still observing at the end
        }
        return isTrouble(verdictOf(*last->cause)) ? ExitCode::Trouble : ExitCode::Fine;
    }

    static void printDiagnosis(const Diagnosis& diagnosis)
    {
        fmt::print("{} › {}: {}{}\n", safeForDisplay(diagnosis.stream), safeForDisplay(diagnosis.collector),
                   diagnosis.verdict().empty() ? "looking" : diagnosis.verdict(),
                   diagnosis.cause ? fmt::format(" ({})", toString(*diagnosis.cause)) : "");
        fmt::print("{}\n", diagnosis.sentence);
        if (diagnosis.since)
            fmt::print("since {}\n", sinceText(diagnosis));
        if (diagnosis.counter)
            fmt::print("\nThe server says {}; in truth {}. {}\n", diagnosis.counter->server,
                       diagnosis.counter->truth, diagnosis.counter->why);
        TextTable evidence({{"EVIDENCE"}, {"VALUE", TextTable::Align::Right}, {"SAMPLED"}});
        for (const Evidence& one : diagnosis.evidence)
            evidence.add({one.what, evidenceText(one), timeText(one.at)});
        if (!diagnosis.evidence.empty())
            fmt::print("\n{}", evidence.text());
        if (!diagnosis.messages.empty()) {
            TextTable messages({{"MESSAGE"},
                                {"SEQUENCE", TextTable::Align::Right},
                                {"STORED"},
                                {"AGE", TextTable::Align::Right},
                                {"SIZE", TextTable::Align::Right},
                                {"SUBJECT"},
                                {"BODY"}});
            for (const HoldingMessage& one : diagnosis.messages)
                messages.add({one.role, exactCount(one.sequence), one.time ? formatRfc3339(*one.time) : "?",
                              ageText(one, diagnosis.at),
                              one.bytes ? shortBytes(static_cast<double>(*one.bytes)) : "?",
                              one.subject.empty() ? "?" : safeForDisplay(one.subject), bodyText(one)});
            fmt::print("\n{}", messages.text());
        }
        if (!diagnosis.also.empty()) {
            std::vector<std::string> also;
            for (const Cause cause : diagnosis.also)
                also.emplace_back(toString(cause));
            fmt::print("\nalso true: {}\n", fmt::join(also, ", "));
        }
        if (!diagnosis.thresholds.empty())
            fmt::print("\nlimits that its owner wrote into metadata:\n");
        for (const ThresholdFinding& crossed : diagnosis.thresholds)
            fmt::print("  - {} ({}): {}\n", crossed.what, toString(crossed.level), crossed.sentence);
        if (!diagnosis.steps.empty())
            fmt::print("\nwhat to try:\n");
        for (const TryStep& step : diagnosis.steps) {
            fmt::print("  - {}\n", step.advice);
            if (!step.command.empty())
                fmt::print("      {}\n", step.command);
        }
    }

    static std::string verdictWord(const Judgement& judgement)
    {
        if (judgement.cause)
            return std::string(verdictOf(*judgement.cause));
        return judgement.unreachable ? "stale" : "looking";
    }

    static std::string causeWords(const Judgement& judgement)
    {
        std::string words = judgement.cause ? std::string(toString(*judgement.cause)) : "–";
        for (std::size_t at = 0; at < judgement.also.size(); ++at)
            words += fmt::format("{}{}", at == 0 ? "  also " : ", ", toString(judgement.also[at]));
        return words;
    }

    static Json lineOf(const JudgedSample& sample)
    {
        const Judgement& judgement = sample.judgement;
        Json also = Json::array();
        for (const Cause cause : judgement.also)
            also.push_back(toString(cause));
        const Json cause = judgement.cause ? Json(toString(*judgement.cause)) : Json(nullptr);
        const Json verdict = judgement.cause         ? Json(verdictOf(*judgement.cause))
                             : judgement.unreachable ? Json("stale")
                                                     : Json(nullptr);
        return {{"t", sample.at}, {"verdict", verdict}, {"cause", cause}, {"also", also}};
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    std::string m_stream;
    std::string m_consumer;
    int m_seconds = 0;
    std::string m_record;
    bool m_force = false;
    bool m_markdown = false;
    std::string m_file;
    SamplesRequest m_request;
};

} // namespace

std::unique_ptr<Command> makeDiagnoseCommand()
{
    return std::make_unique<DiagnoseCommand>();
}

} // namespace jetlag
