// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_mark.h"

#include <map>
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

} // namespace jetlag
