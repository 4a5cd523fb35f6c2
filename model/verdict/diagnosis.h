#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/thresholds/thresholds.h"
#include "model/verdict/rules.h"

#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// One number or word that proves a cause, as it was at a sample.
struct Evidence
{
    std::string what;            ///< the server's own field where it is one: "num_waiting"
    std::optional<double> value; ///< nullopt = `text` says it
    std::string text;
    std::string unit; ///< "messages", "s", "/s", "sequence", ...; empty for words
    ServerTime at{};
    bool atLeast = false; ///< it was so already when the watch began
};

/// A thing to do, and the equivalent `nats` command where there is one.
struct TryStep
{
    std::string advice;
    std::string command;
};

/// A message that holds a collector up.
struct HoldingMessage
{
    std::string role; ///< "oldest unread", "after the ack floor", ...
    std::uint64_t sequence = 0;
    std::optional<ServerTime> time;
    std::string subject;
    std::optional<std::uint64_t> bytes; ///< of the payload
    std::optional<std::string> body;    ///< its begin, raw; nullopt = not read
};

/// Where the server's own number misleads: both, side by side.
struct CounterTruth
{
    std::string server; ///< "lag 0"
    std::string truth;  ///< "at least 6 unread"
    std::string why;
    /// It is the lag that misleads: messages are unprocessed that it does not hold.
    bool isOfLag = false;
    std::optional<double> unprocessed; ///< so many in truth, at least; nullopt = not known
};

/// All there is to say about one collector at one sample.
struct Diagnosis
{
    std::string stream;
    std::string collector;
    std::optional<Cause> cause; ///< nullopt = still looking, or nobody answers
    bool unreachable = false;
    std::optional<ServerTime> since; ///< when the cause began, as far as it was seen
    bool sinceOrEarlier = false;     ///< it was found so; nobody watched before
    ServerTime at{};                 ///< of the newest sample
    std::string sentence;            ///< what is so, in one sentence
    std::vector<Evidence> evidence;  ///< most telling first
    std::vector<Cause> also;
    std::vector<TryStep> steps;
    std::vector<HoldingMessage> messages;
    std::optional<CounterTruth> counter;
    /// Limits that the owners of stream and consumer wrote into metadata and that are crossed, the consumer's
    /// first. They stand beside the cause and never are one.
    std::vector<ThresholdFinding> thresholds;

    /// stopped, slow, stuck, ...; "stale" when nobody answers; empty while looking.
    [[nodiscard]] std::string_view verdict() const noexcept
    {
        return cause ? verdictOf(*cause) : unreachable ? std::string_view("stale") : std::string_view();
    }
};

/// "6 m 12 s", "12.4 k messages", "47 311 905".
[[nodiscard]] std::string evidenceText(const Evidence& evidence);
/// "2026-11-26T03:00:07Z", or "?" where nobody knows.
[[nodiscard]] std::string timeText(ServerTime at);
/// How old it was at `at`, and the begin of its body in one line; "?" = not known.
[[nodiscard]] std::string ageText(const HoldingMessage& message, ServerTime at);
[[nodiscard]] std::string bodyText(const HoldingMessage& message);
/// The object of `diagnose --format json`.
[[nodiscard]] std::string diagnosisJson(const Diagnosis& diagnosis);
/// "2026-11-26T03:00:07Z", or with " or earlier"; empty where it is not known.
[[nodiscard]] std::string sinceText(const Diagnosis& diagnosis);
/// For a ticket: verdict, cause, evidence, what to try, as Markdown.
[[nodiscard]] std::string diagnosisMarkdown(const Diagnosis& diagnosis);

/// May an operator be woken for it? What `diagnose` and `report --check` exit with 1 for.
[[nodiscard]] bool isTrouble(std::string_view verdict) noexcept;

} // namespace jetlag
