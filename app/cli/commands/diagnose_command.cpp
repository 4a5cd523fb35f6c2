// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/output/text_table.h"
#include "app/cli/wait.h"
#include "model/service/diagnosis_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

/// `jetlagctl diagnose --samples FILE`: the rules over recorded samples, a line each, so that a recording can
/// be mailed and a threshold be seen at work.
class DiagnoseCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command = app.add_subcommand("diagnose", "Name the one cause of a lag from recorded samples");
        m_command->add_option("--samples", m_file, "JSON lines of samples: t, si, ci, reads, adv, err")
            ->type_name("FILE")
            ->required();
        m_command->add_option("--every", m_request.every, "use each N-th sample only, as a slower poll would")
            ->type_name("N")
            ->check(CLI::Range(1, 3'600))
            ->capture_default_str();
        m_command->add_option("--format", m_format, "how the results look")
            ->check(CLI::IsMember({"table", "json"}))
            ->capture_default_str();
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        m_request.file = m_file;
        std::optional<Judgement> last;
        std::optional<double> began;
        const bool json = m_format == "json";
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
        if (!last || !last->cause)
            return ExitCode::CouldNot; // still observing at the end
        const std::string_view verdict = verdictOf(*last->cause);
        const bool trouble = verdict == "stopped" || verdict == "slow" || verdict == "stuck" ||
                             verdict == "lost" || verdict == "stale";
        return trouble ? ExitCode::Trouble : ExitCode::Fine;
    }

private:
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
    std::string m_file;
    std::string m_format = "table";
    SamplesRequest m_request;
};

} // namespace

std::unique_ptr<Command> makeDiagnoseCommand()
{
    return std::make_unique<DiagnoseCommand>();
}

} // namespace jetlag
