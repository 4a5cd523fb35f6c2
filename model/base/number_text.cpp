// SPDX-License-Identifier: Apache-2.0
#include "model/base/number_text.h"

#include <fmt/format.h>

#include <cmath>

namespace jetlag {

namespace {

std::string withPrefix(double value, const char* const (&prefixes)[6], const char* unit)
{
    std::size_t step = 0;
    double scaled = std::abs(value);
    // 999.5 would round to 1000: it belongs to the next prefix.
    while (scaled >= 999.5 && step + 1 < std::size(prefixes)) {
        scaled /= 1000;
        ++step;
    }
    const std::string sign = value < 0 ? "-" : "";
    std::string number;
    if (step == 0 && scaled == std::floor(scaled))
        number = fmt::format("{:.0f}", scaled);
    else if (scaled < 9.995)
        number = fmt::format("{:.2f}", scaled);
    else if (scaled < 99.95)
        number = fmt::format("{:.1f}", scaled);
    else
        number = fmt::format("{:.0f}", scaled);
    const std::string suffix = std::string(prefixes[step]) + unit;
    return sign + number + (suffix.empty() ? "" : " " + suffix);
}

constexpr const char* kPrefixes[6] = {"", "k", "M", "G", "T", "P"};

} // namespace

std::string shortCount(double value)
{
    return withPrefix(value, kPrefixes, "");
}

std::string shortCount(std::optional<double> value)
{
    return value ? shortCount(*value) : "?";
}

std::string shortBytes(double bytes)
{
    return withPrefix(bytes, kPrefixes, "B");
}

std::string shortDuration(double seconds)
{
    if (seconds < 1)
        return "< 1 s";
    const auto whole = static_cast<std::uint64_t>(seconds);
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3'600)
        return fmt::format("{} m {:02} s", whole / 60, whole % 60);
    if (whole < 86'400)
        return fmt::format("{} h {:02} m", whole / 3'600, whole % 3'600 / 60);
    return fmt::format("{} d {:02} h", whole / 86'400, whole % 86'400 / 3'600);
}

std::string exactCount(std::uint64_t value)
{
    const std::string digits = fmt::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            text += "\u202f";
        text += digits[i];
    }
    return text;
}

} // namespace jetlag
