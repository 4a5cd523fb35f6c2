// SPDX-License-Identifier: Apache-2.0
#include "model/events/notice_planner.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace jetlag {

namespace {

constexpr std::size_t kNamesShown = 4;

bool isWanted(const ClusterEvent& event, NoticeLevel level)
{
    switch (level) {
    case NoticeLevel::Off:
        return false;
    case NoticeLevel::OnlyBad:
        return event.severity == EventSeverity::Bad;
    case NoticeLevel::All:
        return event.severity != EventSeverity::Information;
    }
    return false;
}

std::string nameOf(const ClusterEvent& event)
{
    if (event.stream.empty())
        return "connection";
    return safeForDisplay(event.collector.empty() ? event.stream : event.collector);
}

std::optional<ConsumerName> collectorOf(const ClusterEvent& event)
{
    if (event.collector.empty())
        return std::nullopt;
    return ConsumerName{event.stream, event.collector};
}

std::string wordOf(const ClusterEvent& event)
{
    return event.kind == MarkKind::Verdict ? inProse(event.word) : safeForDisplay(event.word);
}

Notice noticeOf(const ClusterEvent& event)
{
    std::string place = safeForDisplay(event.stream);
    if (!event.collector.empty())
        place += " › " + safeForDisplay(event.collector);
    return {.title = fmt::format("{}: {}", nameOf(event), wordOf(event)),
            .text = place.empty() ? event.sentence : fmt::format("{}: {}", place, event.sentence),
            .severity = event.severity,
            .collector = collectorOf(event)};
}

/// "7 collectors stopped", "7 collectors need a look", "9 events".
std::string titleOf(const std::vector<const ClusterEvent*>& events)
{
    const ClusterEvent& first = *events.front();
    const bool areCollectors = std::ranges::all_of(
        events, [](const auto* one) { return one->kind == MarkKind::Verdict && !one->collector.empty(); });
    if (!areCollectors)
        return fmt::format("{} events", events.size());
    if (first.severity == EventSeverity::Good)
        return fmt::format("{} collectors are well again", events.size());
    const bool areAlike =
        std::ranges::all_of(events, [&](const auto* one) { return one->verdict == first.verdict; });
    if (!areAlike)
        return fmt::format("{} collectors need a look", events.size());
    return first.verdict == "stopped"
               ? fmt::format("{} collectors stopped", events.size())
               : fmt::format("{} collectors are {}", events.size(), inProse(first.verdict));
}

Notice noticeOf(const std::vector<const ClusterEvent*>& events)
{
    Notice notice{.title = titleOf(events),
                  .severity = events.front()->severity,
                  .collector = collectorOf(*events.front()),
                  .events = events.size()};
    for (std::size_t at = 0; at < std::min(events.size(), kNamesShown); ++at)
        notice.text += fmt::format("{}{}: {}", at == 0 ? "" : "\n", nameOf(*events[at]), wordOf(*events[at]));
    if (events.size() > kNamesShown)
        notice.text += fmt::format("\nand {} more", events.size() - kNamesShown);
    return notice;
}

} // namespace

void NoticePlanner::consider(const ClusterEvent& event, Time now)
{
    const bool isTakenBack =
        event.count > 1 && event.kind == MarkKind::Verdict && event.verdict == event.verdictBefore;
    if (!event.isNews || isTakenBack)
        m_waiting.erase(event.number);
    else
        m_waiting.try_emplace(event.number, now);
}

std::optional<Notice> NoticePlanner::take(const EventLog& log, Time now, NoticeLevel level,
                                          const std::function<bool(const ConsumerName&)>& isMuted)
{
    std::erase_if(m_told, [&](const auto& told) { return now - told.second > kNotAgainWithin; });
    if (m_last && now - *m_last < kBetweenNotices)
        return std::nullopt;
    std::vector<const ClusterEvent*> due;
    std::erase_if(m_waiting, [&](const auto& waiting) {
        const auto& [number, since] = waiting;
        const ClusterEvent* event = log.find(number);
        if (event != nullptr && now - since < kMustStand)
            return false;
        if (event == nullptr || !isWanted(*event, level) || isMuted({event->stream, event->collector}))
            return true;
        if (m_told.try_emplace({event->stream, event->collector, event->word}, now).second)
            due.push_back(event);
        return true;
    });
    if (due.empty())
        return std::nullopt;
    std::ranges::stable_sort(due, [](const auto* a, const auto* b) { return a->severity > b->severity; });
    if (due.front()->isSerious()) // what is well again waits for nobody, but does not stand beside an alarm
        std::erase_if(due, [](const auto* one) { return !one->isSerious(); });
    m_last = now;
    return due.size() == 1 ? noticeOf(*due.front()) : noticeOf(due);
}

} // namespace jetlag
