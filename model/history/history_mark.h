#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What happened. The numbers are a file's: only ever appended to.
enum class MarkKind : std::uint8_t {
    Verdict = 1,    ///< a collector's verdict or cause changed
    Leader = 2,     ///< another server leads, or nobody does
    Config = 3,     ///< created, gone, re-created, or its configuration changed
    Pause = 4,      ///< paused or resumed
    Advisory = 5,   ///< the server said so by itself: max deliveries, terminated, quorum lost, ...
    Connection = 6, ///< the connection broke or came back
    Note = 7,       ///< somebody wrote it down
    Threshold = 8,  ///< a limit that its owner wrote into the metadata was crossed, or is kept again
};
[[nodiscard]] std::string_view toString(MarkKind kind) noexcept;

/// A moment worth a line through the plots and an entry in the list of events.
struct HistoryMark
{
    std::int64_t id = 0; ///< the file's own, ascending; 0 = not kept (yet)
    ServerTime at{};
    MarkKind kind = MarkKind::Note;
    std::string stream;
    std::string collector;      ///< empty = of the stream, or with no stream of the connection
    std::string word;           ///< one or two words for a plot: "slow", "leader n2", "paused"
    std::string detail;         ///< a sentence
    std::string verdict;        ///< Verdict: the new one; Leader: who leads now, empty = nobody
    std::string verdictBefore;  ///< what it was; empty = not known, or nobody
    std::uint64_t sequence = 0; ///< the message that it is about; 0 = none
    bool reviewed = false;      ///< somebody has dealt with it
    bool muted = false;         ///< nobody was told: its collector is muted
};

/// Every start of a program finds the verdicts as they are and notes them. Where a collector is then as its
/// last mark said, nothing has happened: somebody has looked again, and the mark goes. `marks` ascend in
/// time.
void dropRepeatedSights(std::vector<HistoryMark>& marks);

/// The same advisory of one collector or stream again and again: those that come within `apart` of the first
/// are one mark, which says how often ("terminated ×12"). `marks` ascend in time.
void joinFloods(std::vector<HistoryMark>& marks, std::chrono::nanoseconds apart);

struct MarkQuery
{
    std::string connection;
    std::optional<std::string> stream;    ///< nullopt = all streams
    std::optional<std::string> collector; ///< nullopt = all; marks of the stream itself always belong
    std::vector<MarkKind> kinds;          ///< empty = all
    ServerTime from{};
    ServerTime to = ServerTime::max(); ///< included
    std::size_t limit = 1000;          ///< the newest so many; the answer ascends in time
};

} // namespace jetlag
