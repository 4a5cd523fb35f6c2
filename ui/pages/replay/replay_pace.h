#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <deque>
#include <optional>

namespace jetlag::ui {

/// How fast a run goes and how long it will take, from looks at its counters. Rates are over the last few
/// seconds of work; a pause is cut out.
class ReplayPace final
{
public:
    /// `seconds`: on any clock that only goes forward. `fraction` of the range, nullopt while unknown.
    void look(double seconds, std::uint64_t events, std::optional<double> fraction);
    /// What comes next is compared with what comes after it, not with what was before.
    void cut() { m_looks.clear(); }

    [[nodiscard]] std::optional<double> eventsPerSecond() const;
    [[nodiscard]] std::optional<double> secondsLeft() const;

private:
    struct Look
    {
        double seconds = 0;
        std::uint64_t events = 0;
        std::optional<double> fraction;
    };
    std::deque<Look> m_looks;
};

} // namespace jetlag::ui
