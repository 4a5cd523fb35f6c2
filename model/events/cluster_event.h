#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_mark.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace jetlag {

enum class EventSeverity {
    Information,
    Good,    ///< trouble ended
    Warning, ///< slow, stuck, messages given up
    Bad,     ///< stopped, lost, no quorum, no connection
};
[[nodiscard]] std::string_view toString(EventSeverity severity) noexcept; ///< "information", "good", ...

/// One entry of the list of events. What repeats, or is taken back at once, is folded into one.
struct ClusterEvent
{
    std::uint64_t number = 0; ///< of its log: ascending, never used twice
    ServerTime at{};          ///< when it began, the server's time
    ServerTime last{};        ///< of the newest that was folded into it
    std::uint64_t count = 1;  ///< how many were
    MarkKind kind = MarkKind::Note;
    EventSeverity severity = EventSeverity::Information;
    std::string stream;
    std::string collector; ///< empty = of the stream, or with no stream of the connection
    std::string word;      ///< one or two words: "no-pulls", "leader n2", "max deliveries"
    std::string sentence;
    std::string verdict;       ///< Verdict: as it is now
    std::string verdictBefore; ///< Verdict: what it was before
    std::uint64_t sequence = 0;
    std::uint64_t deliveries = 0;
    /// False: it was so when somebody first looked, or long ago. In the list, but nobody is called for it.
    bool isNews = true;

    [[nodiscard]] bool isSerious() const noexcept
    {
        return severity == EventSeverity::Warning || severity == EventSeverity::Bad;
    }
};

/// The object that "Copy as JSON" gives.
[[nodiscard]] std::string eventJson(const ClusterEvent& event);

} // namespace jetlag
