#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"
#include "model/verdict/window.h"

#include <string>
#include <string_view>

namespace jetlag::explained {

/// What an explanation is made from and into. One is made for each diagnosis.
struct Case
{
    const VerdictWindow& window;
    const RuleMemory& memory;
    Diagnosis& to;

    [[nodiscard]] const ConsumerSnapshot& consumer() const { return window.consumer(); }
    [[nodiscard]] const StreamSnapshot& stream() const { return window.stream(); }

    void say(std::string sentence) { to.sentence = std::move(sentence); }
    void show(std::string what, double value, std::string unit) const;
    /// What has been so for some time: "at least" where it was so when the watch began.
    void showLasting(std::string what, double seconds) const;
    /// A count that began with `seconds`.
    void showSince(std::string what, double value, std::string unit, double seconds) const;
    /// "9 s", "at least 9 s".
    [[nodiscard]] std::string lasting(double seconds) const;
    /// By the clock that time lag uses, so that both tell the same.
    [[nodiscard]] double ageOf(ServerTime time) const;
    void showWords(std::string what, std::string words) const;
    void suggest(std::string advice, std::string command = {}) const;
    void hold(std::string role, const FoundMessage& message) const;
    /// The equivalent `nats` command, with this very stream and consumer, fit for a shell.
    [[nodiscard]] std::string consumerCommand(std::string_view verb, std::string_view options = {}) const;
    /// Makes a consumer of another name with the same configuration; this one stays as it is.
    [[nodiscard]] std::string copyCommand(std::string_view options) const;
    /// Twice as much of the limit that the stream is at, or of the first it has; empty where it has none.
    [[nodiscard]] std::string raiseLimitCommand() const;
    [[nodiscard]] std::string streamCommand(std::string_view verb, std::string_view options = {}) const;
    [[nodiscard]] std::string getCommand(std::uint64_t sequence) const;
};

[[nodiscard]] std::string messages(double count); ///< "1 message", "12.4 k messages"
[[nodiscard]] std::string time(double seconds);   ///< "6 m 12 s"
[[nodiscard]] std::string rate(double perSecond); ///< "60/s"
[[nodiscard]] double secondsOf(std::chrono::nanoseconds length);

/// What flowed lately, per second, over a few samples.
struct Flow
{
    double seconds = 0;
    double first = 0;
    double again = 0;
    double acks = 0;
    double arrived = 0;
};
[[nodiscard]] Flow flowOver(const VerdictWindow& window, double seconds);

// One for each cause.
void paused(Case& c);
void capped(Case& c);
void noPulls(Case& c);
void pullFlood(Case& c);
void noInterest(Case& c);
void redeliveryLoop(Case& c);
void poison(Case& c);
void ackWait(Case& c);
void stranded(Case& c);
void deadLetters(Case& c);
void slow(Case& c);
void catchingUp(Case& c);
void burst(Case& c);
void lost(Case& c);
void limitsNear(Case& c);
void recreated(Case& c);
void cluster(Case& c);
void idle(Case& c);
void none(Case& c);
/// No cause yet: what is suspected, and what is missing for a name.
void looking(Case& c);

} // namespace jetlag::explained
