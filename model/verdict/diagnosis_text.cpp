// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/thresholds/thresholds_json.h"
#include "model/verdict/diagnosis.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

Json orNull(std::string_view text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json timeOrNull(const std::optional<ServerTime>& time)
{
    return time && *time != ServerTime{} ? Json(toMillis(*time)) : Json(nullptr);
}

Json ageOf(const HoldingMessage& message, ServerTime at)
{
    if (!message.time || at == ServerTime{})
        return nullptr;
    return std::max(0.0, std::chrono::duration<double>(at - *message.time).count());
}

std::string ofOne(const std::string& unit)
{
    if (unit == "messages")
        return "message";
    if (unit == "deliveries")
        return "delivery";
    return unit == "pull requests" ? "pull request" : unit;
}

/// Below 10 s tenths count: 1.7 s is no proof against an ack_wait of 1 s that reads the same.
std::string secondsText(double seconds)
{
    const double tenths = std::round(10 * seconds) / 10;
    return tenths >= 10 || tenths < 0.1 || tenths == std::floor(tenths)
               ? shortDuration(std::max(seconds, tenths))
               : fmt::format("{:.1f} s", tenths);
}

std::string valueText(const Evidence& evidence)
{
    if (!evidence.value)
        return evidence.text;
    if (evidence.atLeast) {
        Evidence exact = evidence;
        exact.atLeast = false;
        return "at least " + valueText(exact);
    }
    const double value = *evidence.value;
    if (evidence.unit == "s")
        return secondsText(std::max(0.0, value));
    std::string number = evidence.unit == "sequence" && value >= 0
                             ? exactCount(static_cast<std::uint64_t>(value))
                             : shortCount(value);
    if (evidence.unit == "sequence" || evidence.unit.empty())
        return number;
    if (evidence.unit.front() == '/')
        return number + evidence.unit;
    return number + ' ' + (value == 1 ? ofOne(evidence.unit) : evidence.unit);
}

/// Of a Markdown table: one line, no bar.
std::string cell(const std::string& text)
{
    std::string safe;
    for (const char c : safeForDisplay(text)) {
        if (c == '|')
            safe += '\\';
        safe += c;
    }
    return safe;
}

} // namespace

std::string evidenceText(const Evidence& evidence)
{
    return valueText(evidence);
}

std::string timeText(ServerTime at)
{
    return at == ServerTime{} ? "?" : formatRfc3339(at);
}

std::string ageText(const HoldingMessage& message, ServerTime at)
{
    const Json age = ageOf(message, at);
    return age.is_null() ? "?" : shortDuration(age.get<double>());
}

std::string bodyText(const HoldingMessage& message)
{
    constexpr std::size_t kShown = 80;
    if (!message.body)
        return "?";
    std::size_t end = std::min(kShown, message.body->size());
    while (end > 0 && end < message.body->size() &&
           (static_cast<unsigned char>((*message.body)[end]) & 0xC0U) == 0x80U)
        --end; // no half a character
    const bool isCut = end < message.body->size() || message.bytes.value_or(0) > message.body->size();
    return safeForDisplay(message.body->substr(0, end)) + (isCut ? " …" : "");
}

std::string diagnosisJson(const Diagnosis& diagnosis)
{
    Json evidence = Json::array();
    for (const Evidence& one : diagnosis.evidence) {
        Json value = nullptr;
        if (one.value && std::isfinite(*one.value))
            value = *one.value;
        else if (!one.value)
            value = one.text;
        evidence.push_back({{"what", one.what},
                            {"value", value},
                            {"unit", orNull(one.unit)},
                            {"at", timeOrNull(one.at)},
                            {"at_least", one.atLeast}});
    }
    Json also = Json::array();
    for (const Cause cause : diagnosis.also)
        also.push_back(toString(cause));
    Json steps = Json::array();
    for (const TryStep& step : diagnosis.steps)
        steps.push_back({{"advice", step.advice}, {"command", orNull(step.command)}});
    Json events = Json::array();
    for (const HoldingMessage& message : diagnosis.messages)
        events.push_back({{"role", message.role},
                          {"sequence", message.sequence},
                          {"time", timeOrNull(message.time)},
                          {"subject", orNull(message.subject)},
                          {"bytes", message.bytes ? Json(*message.bytes) : Json(nullptr)},
                          {"age_seconds", ageOf(message, diagnosis.at)},
                          {"body", message.body ? Json(*message.body) : Json(nullptr)}});
    Json counter = nullptr;
    if (diagnosis.counter)
        counter = {{"server", diagnosis.counter->server},
                   {"truth", diagnosis.counter->truth},
                   {"why", diagnosis.counter->why}};
    const Json object = {{"stream", diagnosis.stream},
                         {"collector", diagnosis.collector},
                         {"verdict", orNull(diagnosis.verdict())},
                         {"cause", diagnosis.cause ? Json(toString(*diagnosis.cause)) : Json(nullptr)},
                         {"since", timeOrNull(diagnosis.since)},
                         {"since_or_earlier", diagnosis.sinceOrEarlier},
                         {"at", timeOrNull(diagnosis.at)},
                         {"sentence", diagnosis.sentence},
                         {"counter", counter},
                         {"evidence", std::move(evidence)},
                         {"also", std::move(also)},
                         {"try", std::move(steps)},
                         {"events", std::move(events)},
                         {"thresholds", thresholdsJson(diagnosis.thresholds)}};
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string sinceText(const Diagnosis& diagnosis)
{
    return diagnosis.since ? formatRfc3339(*diagnosis.since) + (diagnosis.sinceOrEarlier ? " or earlier" : "")
                           : std::string();
}

std::string diagnosisMarkdown(const Diagnosis& diagnosis)
{
    std::string text = fmt::format("## {} on {}: {}\n\n", safeForDisplay(diagnosis.collector),
                                   safeForDisplay(diagnosis.stream),
                                   diagnosis.verdict().empty() ? "looking" : diagnosis.verdict());
    text += fmt::format("{}\n\n", diagnosis.sentence);
    text += fmt::format("- cause: `{}`\n", diagnosis.cause ? toString(*diagnosis.cause) : "not known yet");
    if (diagnosis.since)
        text += fmt::format("- since: {}\n", sinceText(diagnosis));
    text += fmt::format("- sampled: {}\n", formatRfc3339(diagnosis.at));
    if (!diagnosis.also.empty()) {
        text += "- also true:";
        for (const Cause cause : diagnosis.also)
            text += fmt::format(" `{}`", toString(cause));
        text += "\n";
    }
    if (diagnosis.counter)
        text += fmt::format("- the server says {}; in truth {}. {}\n", diagnosis.counter->server,
                            diagnosis.counter->truth, diagnosis.counter->why);
    for (const ThresholdFinding& crossed : diagnosis.thresholds)
        text += fmt::format("- limit of its owner `{}`: {}\n", crossed.what, crossed.sentence);
    if (!diagnosis.evidence.empty()) {
        text += "\n| evidence | value | sampled |\n|---|---|---|\n";
        for (const Evidence& one : diagnosis.evidence)
            text += fmt::format("| {} | {} | {} |\n", cell(one.what), cell(valueText(one)), timeText(one.at));
    }
    if (!diagnosis.messages.empty()) {
        text += "\n| message | sequence | stored | age | subject | bytes | body "
                "|\n|---|---|---|---|---|---|---|\n";
        for (const HoldingMessage& one : diagnosis.messages)
            text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", cell(one.role), one.sequence,
                                one.time ? formatRfc3339(*one.time) : "?", ageText(one, diagnosis.at),
                                one.subject.empty() ? "?" : cell(one.subject),
                                one.bytes ? fmt::to_string(*one.bytes) : "?", cell(bodyText(one)));
    }
    if (!diagnosis.steps.empty()) {
        text += "\nWhat to try:\n\n";
        for (const TryStep& step : diagnosis.steps) {
            text += fmt::format("- {}\n", step.advice);
            if (!step.command.empty())
                text += fmt::format("  `{}`\n", step.command);
        }
    }
    return text;
}

} // namespace jetlag
