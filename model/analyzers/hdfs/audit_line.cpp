// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/audit_line.h"

#include <chrono>

namespace jetlag {

namespace {

// `yyyy-MM-dd HH:mm:ss,SSS`
constexpr std::size_t kTimeLength = 23;

// The decimal number in `count` digits at `at`; negative when there is something else.
int digitsAt(std::string_view text, std::size_t at, std::size_t count) noexcept
{
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
        if (digit > 9)
            return -1;
        value = value * 10 + static_cast<int>(digit);
    }
    return value;
}

bool parseTime(std::string_view line, AuditLine& parsed) noexcept
{
    if (line.size() <= kTimeLength)
        return false;
    const bool separated = line[4] == '-' && line[7] == '-' && (line[10] == ' ' || line[10] == 'T') &&
                           line[13] == ':' && line[16] == ':' && (line[19] == ',' || line[19] == '.');
    const int year = digitsAt(line, 0, 4);
    const int month = digitsAt(line, 5, 2);
    const int day = digitsAt(line, 8, 2);
    const int hour = digitsAt(line, 11, 2);
    const int minute = digitsAt(line, 14, 2);
    const int second = digitsAt(line, 17, 2);
    const int millisecond = digitsAt(line, 20, 3);
    if (!separated || (year | month | day | hour | minute | second | millisecond) < 0)
        return false;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59)
        return false;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    parsed.localSeconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    parsed.milliseconds = millisecond;
    return true;
}

std::string_view withoutLineEnd(std::string_view line) noexcept
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

enum FieldBit : unsigned { Allowed = 1, Ugi = 2, Ip = 4, Cmd = 8, Src = 16, Dst = 32, Perm = 64, All = 127 };

FieldBit fieldBit(std::string_view name) noexcept
{
    if (name == "ugi")
        return Ugi;
    if (name == "ip")
        return Ip;
    if (name == "cmd")
        return Cmd;
    if (name == "src")
        return Src;
    if (name == "dst")
        return Dst;
    if (name == "perm")
        return Perm;
    return FieldBit{};
}

} // namespace

std::optional<AuditLine> parseAuditLine(std::string_view line) noexcept
{
    AuditLine parsed;
    line = withoutLineEnd(line);
    if (!parseTime(line, parsed) || line.find('\n', kTimeLength) != std::string_view::npos)
        return std::nullopt;

    // Level and logger differ from layout to layout; the first field does not.
    std::string_view rest = line.substr(kTimeLength);
    std::size_t tab = rest.find('\t');
    const std::string_view first = rest.substr(0, tab);
    if (first.ends_with(" allowed=false"))
        parsed.denied = true;
    else if (!first.ends_with(" allowed=true"))
        return std::nullopt;

    unsigned seen = Allowed;
    while (tab != std::string_view::npos) {
        rest.remove_prefix(tab + 1);
        tab = rest.find('\t');
        const std::string_view field = rest.substr(0, tab);
        const std::size_t equals = field.find('=');
        if (equals == std::string_view::npos)
            continue;
        const FieldBit bit = fieldBit(field.substr(0, equals));
        if ((seen & bit) != 0)
            continue;
        seen |= bit;
        if (bit == Cmd) {
            parsed.command = field.substr(equals + 1);
            parsed.command = parsed.command.substr(0, parsed.command.find(" (options="));
        } else if (bit == Src) {
            parsed.source = field.substr(equals + 1);
        }
    }
    if (seen != All || parsed.command.empty())
        return std::nullopt;
    return parsed;
}

} // namespace jetlag
