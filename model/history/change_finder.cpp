// SPDX-License-Identifier: Apache-2.0
#include "model/history/change_finder.h"

#include "model/cluster/visibility.h"
#include "model/history/config_change.h"
#include "model/history/verdict_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace jetlag {

namespace {

/// Servers' clocks and ours differ; what is older than that was only not shown before.
constexpr std::chrono::minutes kNew{1};
/// "slow", or where the cause says more, that: "stopped" by "no-pulls" is "no-pulls".
std::string verdictWord(const std::string& verdict, const std::string& cause)
{
    if (verdict.empty())
        return "looking";
    return cause.empty() || cause == "none" ? verdict : cause;
}

void compareLeaders(const PlacementSnapshot& before, const PlacementSnapshot& now, HistoryMark mark,
                    std::vector<HistoryMark>& marks)
{
    if (before.leader == now.leader || !now.isClustered() || !before.isClustered())
        return;
    mark.kind = MarkKind::Leader;
    mark.verdict = now.leader;
    mark.verdictBefore = before.leader;
    mark.word = now.leader.empty() ? "no leader" : "leader " + now.leader;
    mark.detail = now.leader.empty() ? fmt::format("nobody leads it any more; it was {}", before.leader)
                  : before.leader.empty()
                      ? fmt::format("{} leads it now; nobody did before", now.leader)
                      : fmt::format("{} leads it now; it was {}", now.leader, before.leader);
    marks.push_back(std::move(mark));
}

void addConfigMark(std::string word, std::string detail, HistoryMark mark, std::vector<HistoryMark>& marks)
{
    mark.kind = MarkKind::Config;
    mark.word = std::move(word);
    mark.detail = std::move(detail);
    marks.push_back(std::move(mark));
}

/// The time of creation moves at restarts and leader changes too; a position that went back does not.
bool isReborn(const ConsumerSnapshot& before, const ConsumerSnapshot& now)
{
    return before.created != now.created && now.delivered.consumer < before.delivered.consumer;
}

} // namespace

std::vector<HistoryMark> ChangeFinder::add(const ClusterReport& report)
{
    std::vector<HistoryMark> marks;
    ++m_report;
    for (const StreamReport& row : report.streams)
        look(row, report.at, marks);
    for (const CollectorReport& row : report.collectors)
        look(row, report.at, marks);
    dropGone(report.at, marks);
    m_before = report.at;
    return marks;
}

void ChangeFinder::look(const StreamReport& row, ServerTime at, std::vector<HistoryMark>& marks)
{
    const StreamSnapshot& now = row.stream;
    const auto [place, isNew] = m_streams.try_emplace(now.name);
    Stream& known = place->second;
    known.report = m_report;
    const HistoryMark mark{.at = at, .stream = now.name};
    if (now.stale) {
        if (isNew)
            known.seen = now;
        return;
    }
    if (isNew) {
        if (m_report > 1 && now.created > m_before - kNew)
            addConfigMark("created", "the stream was created", mark, marks);
    } else if (!known.seen.stale) {
        compareLeaders(known.seen.placement, now.placement, mark, marks);
        if (std::string change = configChange(known.seen, now); !change.empty())
            addConfigMark("config", std::move(change), mark, marks);
    }
    known.seen = now;
    known.seen.rawJson.clear();
}

void ChangeFinder::look(const CollectorReport& row, ServerTime at, std::vector<HistoryMark>& marks)
{
    const ConsumerSnapshot& now = row.consumer;
    const auto [place, isNew] = m_collectors.try_emplace(ConsumerName{now.stream, now.name});
    Collector& known = place->second;
    known.report = m_report;
    const HistoryMark mark{.at = at, .stream = now.stream, .collector = now.name};

    const std::string verdict = row.verdict.value_or("");
    const std::string cause = row.cause.value_or("");
    if (!verdict.empty() && (verdict != known.verdict || cause != known.cause)) {
        if (!known.verdict.empty() || isTrouble(verdict)) {
            HistoryMark change = mark;
            change.kind = MarkKind::Verdict;
            change.word = verdictWord(verdict, cause);
            change.verdict = verdict;
            change.verdictBefore = known.verdict;
            const std::string said = verdictInProse(verdict, change.word);
            change.detail =
                known.verdict.empty()
                    ? fmt::format("{} when it was first seen", said)
                    : fmt::format("{}; it was {}", said,
                                  verdictInProse(known.verdict, verdictWord(known.verdict, known.cause)));
            marks.push_back(std::move(change));
        }
        known.verdict = verdict;
        known.cause = cause;
    }
    if (now.stale) {
        if (isNew)
            known.seen = now;
        return;
    }
    if (isNew) {
        if (m_report > 1 && now.created > m_before - kNew)
            addConfigMark("created", "the collector was created", mark, marks);
    } else if (!known.seen.stale) {
        compareLeaders(known.seen.placement, now.placement, mark, marks);
        if (isReborn(known.seen, now))
            addConfigMark("re-created", "the collector was created anew; its positions begin again", mark,
                          marks);
        else if (std::string change = configChange(known.seen, now); !change.empty())
            addConfigMark("config", std::move(change), mark, marks);
        if (known.seen.paused != now.paused) {
            HistoryMark pause = mark;
            pause.kind = MarkKind::Pause;
            pause.word = now.paused ? "paused" : "resumed";
            pause.detail = now.paused ? fmt::format("paused for {}", durationWords(now.pauseRemaining))
                                      : "it delivers again";
            marks.push_back(std::move(pause));
        }
    }
    known.seen = now;
    known.seen.rawJson.clear();
}

void ChangeFinder::dropGone(ServerTime at, std::vector<HistoryMark>& marks)
{
    std::erase_if(m_streams, [&](const auto& entry) {
        if (entry.second.report == m_report)
            return false;
        // Hidden ones vanish whenever somebody hides them again.
        if (!isHiddenByDefault(entry.second.seen))
            addConfigMark("gone", "the stream is gone", {.at = at, .stream = entry.first}, marks);
        return true;
    });
    std::erase_if(m_collectors, [&](const auto& entry) {
        if (entry.second.report == m_report)
            return false;
        if (!isHiddenByDefault(entry.second.seen))
            addConfigMark("gone", "the collector is gone",
                          {.at = at, .stream = entry.first.stream, .collector = entry.first.name}, marks);
        return true;
    });
}

} // namespace jetlag
