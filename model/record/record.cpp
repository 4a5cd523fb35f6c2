// SPDX-License-Identifier: Apache-2.0
#include "model/record/record.h"

#include <array>
#include <utility>

namespace jetlag {

namespace {

constexpr std::array<std::pair<QuarantineReason, std::string_view>, 5> kWords{{
    {QuarantineReason::Malformed, "malformed"},
    {QuarantineReason::TooLarge, "too-large"},
    {QuarantineReason::BadEncoding, "bad-encoding"},
    {QuarantineReason::BadParts, "bad-parts"},
    {QuarantineReason::AnalyzerRefused, "analyzer-refused"},
}};

} // namespace

std::string_view toString(QuarantineReason reason) noexcept
{
    for (const auto& [known, word] : kWords) {
        if (known == reason)
            return word;
    }
    return "none";
}

QuarantineReason quarantineReasonFrom(std::string_view word) noexcept
{
    for (const auto& [reason, known] : kWords) {
        if (known == word)
            return reason;
    }
    return QuarantineReason::None;
}

} // namespace jetlag
