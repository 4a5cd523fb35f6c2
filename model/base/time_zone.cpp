// SPDX-License-Identifier: Apache-2.0
#include "model/base/time_zone.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

namespace jetlag {

struct TimeZone::Rules
{
    cctz::time_zone zone;
};

namespace {

bool isNameCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/' ||
           c == '_' || c == '+' || c == '-';
}

// cctz would open paths and take "localtime" or "libc:..." as well.
bool isZoneName(std::string_view name) noexcept
{
    return name.size() <= 64 && name.front() != '/' &&
           std::all_of(name.begin(), name.end(), isNameCharacter) && name != "localtime" &&
           name != "posixrules";
}

} // namespace

Result<TimeZone> TimeZone::named(std::string_view name)
{
    if (name.empty() || name == "UTC" || name == "Etc/UTC")
        return TimeZone();
    Rules rules;
    if (!isZoneName(name) || !cctz::load_time_zone(std::string(name), &rules.zone))
        return Error(ErrorCode::NotFound,
                     fmt::format("\"{}\" is no time zone that this machine knows; zones have names such as "
                                 "Europe/Berlin, and their rules come with the package tzdata",
                                 safeForDisplay(name)));
    TimeZone zone;
    zone.m_name = name;
    zone.m_rules = std::make_shared<const Rules>(std::move(rules));
    return zone;
}

std::int64_t TimeZone::toUnixSeconds(std::int64_t localSeconds) const
{
    if (!m_rules)
        return localSeconds;
    const cctz::civil_second local = cctz::civil_second(1970, 1, 1, 0, 0, 0) + localSeconds;
    return cctz::convert(local, m_rules->zone).time_since_epoch().count();
}

} // namespace jetlag
