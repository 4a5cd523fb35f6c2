// SPDX-License-Identifier: Apache-2.0
#include "model/base/clock.h"

#include "model/base/text.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

using namespace std::chrono;

class SystemClock final : public Clock
{
public:
    ServerTime now() const override { return time_point_cast<nanoseconds>(system_clock::now()); }
    steady_clock::time_point steadyNow() const override { return steady_clock::now(); }
};

Error notATime(std::string_view text)
{
    return {ErrorCode::InvalidArgument,
            fmt::format("\"{}\" is no RFC 3339 time such as 2024-02-29T12:00:00Z", safeForDisplay(text))};
}

// Exactly `digits` decimal digits from the front of `rest`.
std::optional<unsigned> takeDigits(std::string_view& rest, std::size_t digits)
{
    if (rest.size() < digits)
        return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (rest[i] < '0' || rest[i] > '9')
            return std::nullopt;
        value = value * 10 + static_cast<unsigned>(rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return value;
}

bool takeChar(std::string_view& rest, std::string_view oneOf)
{
    if (rest.empty() || oneOf.find(rest.front()) == std::string_view::npos)
        return false;
    rest.remove_prefix(1);
    return true;
}

} // namespace

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

Result<ServerTime> parseRfc3339(std::string_view text)
{
    std::string_view rest = text;
    const auto year = takeDigits(rest, 4);
    const bool dash1 = takeChar(rest, "-");
    const auto month = takeDigits(rest, 2);
    const bool dash2 = takeChar(rest, "-");
    const auto day = takeDigits(rest, 2);
    const bool separator = takeChar(rest, "Tt ");
    const auto hour = takeDigits(rest, 2);
    const bool colon1 = takeChar(rest, ":");
    const auto minute = takeDigits(rest, 2);
    const bool colon2 = takeChar(rest, ":");
    const auto second = takeDigits(rest, 2);
    if (!year || !month || !day || !hour || !minute || !second || !dash1 || !dash2 || !separator || !colon1 ||
        !colon2)
        return notATime(text);
    const year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                              std::chrono::day(*day)};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return notATime(text);

    std::int64_t fraction = 0;
    if (takeChar(rest, ".,")) {
        std::int64_t scale = 100'000'000;
        std::size_t digits = 0;
        while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            fraction += (rest.front() - '0') * scale; // past the ninth digit the scale is 0
            scale /= 10;
            rest.remove_prefix(1);
            ++digits;
        }
        if (digits == 0)
            return notATime(text);
    }

    minutes offset{0};
    if (!takeChar(rest, "Zz")) {
        const bool negative = !rest.empty() && rest.front() == '-';
        if (!takeChar(rest, "+-"))
            return notATime(text);
        const auto offsetHour = takeDigits(rest, 2);
        takeChar(rest, ":");
        const auto offsetMinute = takeDigits(rest, 2);
        if (!offsetHour || !offsetMinute || *offsetHour > 23 || *offsetMinute > 59)
            return notATime(text);
        offset = minutes(*offsetHour * 60 + *offsetMinute) * (negative ? -1 : 1);
    }
    if (!rest.empty())
        return notATime(text);

    // Nanoseconds in 64 bits reach from 1678 to 2262; JetStream writes year 1 for "never".
    if (*year < 1700)
        return ServerTime{};
    if (*year > 2260)
        return notATime(text);
    return ServerTime(sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) + seconds(*second) -
                      offset + nanoseconds(fraction));
}

std::string formatRfc3339(ServerTime time)
{
    const sys_days day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss<nanoseconds> clockTime(time - day);
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clockTime.hours().count(), clockTime.minutes().count(), clockTime.seconds().count());
    const std::int64_t fraction = clockTime.subseconds().count();
    if (fraction % 1'000 != 0)
        text += fmt::format(".{:09}", fraction);
    else if (fraction % 1'000'000 != 0)
        text += fmt::format(".{:06}", fraction / 1'000);
    else if (fraction != 0)
        text += fmt::format(".{:03}", fraction / 1'000'000);
    return text + 'Z';
}

Result<std::chrono::nanoseconds> parseDuration(std::string_view text)
{
    struct Unit
    {
        std::string_view name;
        std::int64_t nanos;
    };
    // Longer names first: "ms" begins like "m".
    static constexpr Unit kUnits[] = {{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"d", 86'400'000'000'000}};
    const Error wrong(ErrorCode::InvalidArgument,
                      fmt::format("\"{}\" is no duration such as 90s, 5m or 1h30m", safeForDisplay(text)));
    std::string_view rest = text;
    std::int64_t total = 0;
    while (!rest.empty()) {
        std::size_t digits = 0;
        while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9')
            ++digits;
        const std::optional<std::uint64_t> number = parseU64(rest.substr(0, digits));
        if (!number || *number > 1'000'000'000'000)
            return wrong;
        rest.remove_prefix(digits);
        const Unit* unit = nullptr;
        for (const Unit& candidate : kUnits) {
            if (rest.starts_with(candidate.name)) {
                unit = &candidate;
                break;
            }
        }
        std::int64_t part = 0;
        if (!unit || __builtin_mul_overflow(static_cast<std::int64_t>(*number), unit->nanos, &part) ||
            __builtin_add_overflow(total, part, &total))
            return wrong;
        rest.remove_prefix(unit->name.size());
    }
    if (text.empty())
        return wrong;
    return nanoseconds(total);
}

} // namespace jetlag
