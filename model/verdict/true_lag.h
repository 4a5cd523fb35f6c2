#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace jetlag {

/// The evidence that stands beside a CounterTruth whose truth is a number of messages.
inline constexpr std::string_view kUnprocessedInTruth = "unprocessed in truth, at least";

/// So many messages are unprocessed, at least, where the server's lag is not the truth; nullopt = its lag is
/// the truth, or it misleads about something else.
[[nodiscard]] inline std::optional<double> unprocessedInTruth(const Diagnosis& diagnosis)
{
    if (!diagnosis.counter)
        return std::nullopt;
    const auto at = std::ranges::find(diagnosis.evidence, kUnprocessedInTruth, &Evidence::what);
    return at == diagnosis.evidence.end() ? std::nullopt : at->value;
}

/// The server's lag is not what is unprocessed, whether or not anybody knows how many that are.
[[nodiscard]] inline bool hidesUnprocessed(const Diagnosis& diagnosis)
{
    return diagnosis.counter && (diagnosis.cause == Cause::Stranded || diagnosis.cause == Cause::DeadLetters);
}

} // namespace jetlag
