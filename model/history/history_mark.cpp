// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_mark.h"

#include <fmt/format.h>

#include <map>
#include <tuple>
#include <utility>

namespace jetlag {

std::string_view toString(MarkKind kind) noexcept
{
    switch (kind) {
    case MarkKind::Verdict:
        return "verdict";
    case MarkKind::Leader:
        return "leader";
    case MarkKind::Config:
        return "config";
    case MarkKind::Pause:
        return "pause";
    case MarkKind::Advisory:
        return "advisory";
    case MarkKind::Connection:
        return "connection";
    case MarkKind::Note:
        return "note";
    case MarkKind::Threshold:
        return "threshold";
    }
    return "note";
}

void dropRepeatedSights(std::vector<HistoryMark>& marks)
{
    struct Said
    {
        std::string verdict;
        std::string word;
        bool operator==(const Said&) const = default;
    };
    std::map<std::pair<std::string, std::string>, Said> last; // of each collector
    std::erase_if(marks, [&last](const HistoryMark& mark) {
        if (mark.kind != MarkKind::Verdict)
            return false;
        const auto [known, isFirst] = last.try_emplace({mark.stream, mark.collector});
        const Said before = std::exchange(known->second, Said{mark.verdict, mark.word});
        return !isFirst && mark.verdictBefore.empty() && before == known->second;
    });
}

void joinFloods(std::vector<HistoryMark>& marks, std::chrono::nanoseconds apart)
{
    struct Flood
    {
        std::size_t first = 0; // mark
        std::size_t count = 0;
    };
    std::map<std::tuple<std::string, std::string, std::string>, Flood> floods; // of each row and word
    std::vector<HistoryMark> joined;
    const auto name = [&joined](const Flood& flood) {
        HistoryMark& mark = joined[flood.first];
        if (flood.count == 1)
            return;
        mark.detail = fmt::format("{} times from here on, first: {}", flood.count,
                                  mark.detail.empty() ? mark.word : mark.detail);
        mark.word = fmt::format("{} ×{}", mark.word, flood.count);
    };
    for (HistoryMark& mark : marks) {
        if (mark.kind == MarkKind::Advisory) {
            const auto [known, isFirst] = floods.try_emplace({mark.stream, mark.collector, mark.word});
            Flood& flood = known->second;
            if (!isFirst && mark.at - joined[flood.first].at <= apart) {
                ++flood.count;
                continue;
            }
            if (!isFirst)
                name(flood);
            flood = {.first = joined.size(), .count = 1};
        }
        joined.push_back(std::move(mark));
    }
    for (const auto& [row, flood] : floods)
        name(flood);
    marks = std::move(joined);
}

} // namespace jetlag
