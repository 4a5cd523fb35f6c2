#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace jetlag {

/// A zone of the IANA database, for records that carry local times. Immutable and cheap to copy; any thread.
/// Rules come from the machine's time zone database (the package tzdata), so two machines agree on a moment
/// as far as their databases do.
class TimeZone final
{
public:
    /// UTC.
    TimeZone() = default;
    /// `name` as "Europe/Berlin"; empty and "UTC" are UTC. NotFound for a name that the database lacks.
    /// Names that mean another zone on each machine ("localtime") and paths are refused.
    [[nodiscard]] static Result<TimeZone> named(std::string_view name);

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] bool isUtc() const noexcept { return m_rules == nullptr; }
    /// The moment at which clocks in this zone show `localSeconds`, a date and time counted as if it were
    /// UTC. A time that is shown twice (clocks set back) means the first; one that is never shown (clocks
    /// set forward) means the change itself: order is kept, and one line gives one moment everywhere.
    [[nodiscard]] std::int64_t toUnixSeconds(std::int64_t localSeconds) const;

private:
    struct Rules;
    std::string m_name = "UTC";
    std::shared_ptr<const Rules> m_rules; ///< nullptr = UTC
};

} // namespace jetlag
