// SPDX-License-Identifier: Apache-2.0
#include "model/events/event_log.h"

#include "model/events/advisory_words.h"
#include "model/history/config_change.h"
#include "model/history/verdict_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace jetlag {

namespace {

constexpr std::size_t kMostToldTogether = 240; // bytes

EventSeverity severityOf(std::string_view verdict)
{
    if (verdict == "stopped" || verdict == "lost")
        return EventSeverity::Bad;
    if (verdict == "slow" || verdict == "stuck" || verdict == "stale")
        return EventSeverity::Warning;
    if (verdict == "keeping-up" || verdict == "idle" || verdict == "catching-up")
        return EventSeverity::Good;
    return EventSeverity::Information;
}

/// "0 s", "4 s", "1 m 5 s".
std::string shortSpan(std::chrono::nanoseconds span)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
    return seconds.count() == 0 ? "less than a second" : durationWords(seconds);
}

std::string verdictSentence(const ClusterEvent& event)
{
    const std::string now = verdictInProse(event.verdict, event.word);
    if (event.verdictBefore.empty())
        return fmt::format("{} when it was first seen", now);
    return event.verdictBefore == event.verdict
               ? fmt::format("still {}, now for another reason", now)
               : fmt::format("{}; it was {}", now, inProse(event.verdictBefore));
}

/// Of what is told in words of its own each time, all of them are kept while they are few.
bool isTold(const ClusterEvent& event)
{
    return event.kind == MarkKind::Config || event.kind == MarkKind::Leader || event.kind == MarkKind::Pause;
}

ClusterEvent eventOf(HistoryMark mark)
{
    ClusterEvent event;
    event.at = event.last = mark.at;
    event.kind = mark.kind;
    event.stream = std::move(mark.stream);
    event.collector = std::move(mark.collector);
    event.word = std::move(mark.word);
    event.sentence = std::move(mark.detail);
    event.verdict = std::move(mark.verdict);
    event.verdictBefore = std::move(mark.verdictBefore);
    event.sequence = mark.sequence;
    switch (event.kind) {
    case MarkKind::Verdict:
        event.severity = severityOf(event.verdict);
        break;
    case MarkKind::Leader:
        if (event.word == "no leader")
            event.severity = EventSeverity::Bad;
        break;
    case MarkKind::Config:
        if (event.word == "re-created" || event.word == "gone")
            event.severity = EventSeverity::Warning;
        break;
    default:
        break;
    }
    return event;
}

/// Begins the fold keys of what stands until it is over.
const std::string kStands = "stands ";

/// Under which name a change that a sample shows is the same as the one that the server announces.
std::string sameness(const HistoryMark& mark)
{
    return mark.kind == MarkKind::Leader ? "leader" : mark.word;
}

} // namespace

void EventLog::add(const ClusterReport& report, std::span<const Advisory> advisories)
{
    if (m_isFirstReport)
        m_begun = report.at;
    for (HistoryMark& mark : m_changes.add(report))
        addMark(std::move(mark));
    for (const Advisory& advisory : advisories)
        addAdvisory(advisory);
    for (const StreamReport& row : report.streams) {
        std::vector<Standing> standing = standingOf(crossedThresholds(row.stream));
        for (const StreamFinding& finding : row.findings)
            standing.push_back(standingOf(finding));
        if (!row.stream.stale)
            addStanding({row.stream.name, {}}, standing, report.at);
    }
    for (const CollectorReport& row : report.collectors) {
        if (!row.consumer.stale)
            addStanding({row.consumer.stream, row.consumer.name},
                        standingOf(crossedThresholds(row.consumer, report.at)), report.at);
    }
    forgetOldFolds(report.at);
    m_isFirstReport = false;
}

void EventLog::addMark(HistoryMark mark)
{
    if (mark.kind == MarkKind::Verdict)
        return addVerdict(std::move(mark));
    const std::string what = sameness(mark);
    ClusterEvent event = eventOf(std::move(mark));
    fold(what, std::move(event), Origin::Sample);
}

// A → B → A within seconds is one entry that says so; so is each further turn between the two.
void EventLog::addVerdict(HistoryMark mark)
{
    const auto key = std::pair(mark.stream, mark.collector);
    const auto known = m_lastVerdict.find(key);
    if (known != m_lastVerdict.end()) {
        ClusterEvent* last = findToChange(known->second.number);
        if (last != nullptr && mark.at - last->last <= kTakenBackWithin &&
            (mark.verdict == last->verdictBefore ||
             (last->count > 1 && mark.verdict == known->second.verdict)))
            return turn(*last, mark);
    }
    const bool wasSoBefore = mark.verdictBefore.empty() && mark.at - m_begun < kFirstLook;
    const std::string verdict = mark.verdict;
    ClusterEvent event = eventOf(std::move(mark));
    event.isNews = !wasSoBefore;
    event.sentence = verdictSentence(event);
    m_lastVerdict[key] = {.number = append(std::move(event)).number, .verdict = verdict};
}

void EventLog::turn(ClusterEvent& event, const HistoryMark& mark)
{
    ++event.count;
    event.last = mark.at;
    event.verdict = mark.verdict;
    const bool isBack = mark.verdict == event.verdictBefore;
    const std::string span = shortSpan(mark.at - event.at);
    event.sentence =
        event.count == 2
            ? fmt::format("{} for {}, then {} again", inProse(event.word), span, inProse(mark.verdict))
            : fmt::format("changed {} times in {} between {} and {}; now {}", event.count, span,
                          inProse(event.verdictBefore), inProse(event.word), inProse(mark.verdict));
    // What is over is no alarm: nobody needs to get up for it.
    event.severity = isBack ? std::min(event.severity, EventSeverity::Warning) : severityOf(mark.verdict);
    touch(event.number);
}

void EventLog::addAdvisory(const Advisory& advisory)
{
    std::optional<AdvisoryEvent> said = eventOfAdvisory(advisory);
    if (!said)
        return;
    fold(said->sameness, std::move(said->event), Origin::Server);
}

std::vector<EventLog::Standing> EventLog::standingOf(const std::vector<ThresholdFinding>& found)
{
    std::vector<Standing> standing;
    for (const ThresholdFinding& one : found)
        standing.push_back(
            {one.what, one.sentence,
             one.level == ThresholdLevel::Critical ? EventSeverity::Bad : EventSeverity::Warning});
    return standing;
}

// A stream that refuses loses what its publishers send now; the rest can wait for the morning.
EventLog::Standing EventLog::standingOf(const StreamFinding& finding)
{
    return {finding.kind, finding.sentence,
            finding.kind == "refusing" ? EventSeverity::Bad : EventSeverity::Warning};
}

void EventLog::addStanding(const std::pair<std::string, std::string>& whose,
                           const std::vector<Standing>& found, ServerTime at)
{
    const auto place = m_standing.find(whose);
    if (found.empty() && place == m_standing.end())
        return;
    std::map<std::string, std::uint64_t>& known =
        place != m_standing.end() ? place->second : m_standing[whose];
    ClusterEvent event;
    event.at = event.last = at;
    event.kind = MarkKind::Threshold;
    std::tie(event.stream, event.collector) = whose;
    for (const Standing& one : found) {
        if (known.contains(one.what))
            continue;
        event.word = one.what;
        event.sentence = one.sentence;
        event.severity = one.severity;
        event.isNews = !m_isFirstReport;
        fold(kStands + one.what, event, Origin::Sample);
        known[one.what] = m_folds.at({kStands + one.what, whose.first, whose.second}).number;
    }
    std::erase_if(known, [&](const auto& entry) {
        const auto& [what, number] = entry;
        if (std::ranges::any_of(found, [&](const Standing& one) { return one.what == what; }))
            return false;
        ClusterEvent* begun = findToChange(number);
        if (begun != nullptr && at - begun->last <= kTakenBackWithin) {
            begun->severity = EventSeverity::Warning;
            begun->sentence += fmt::format("; over after {}", shortSpan(at - begun->last));
            touch(number);
            return true;
        }
        event.word = what;
        event.sentence = fmt::format("{}: over", what);
        event.severity = EventSeverity::Good;
        event.isNews = true;
        append(event);
        return true;
    });
    if (known.empty())
        m_standing.erase(whose);
}

void EventLog::connectionLost(ServerTime at, std::string why)
{
    if (m_lostAt)
        return;
    m_lostAt = at;
    ClusterEvent event;
    event.at = event.last = at;
    event.kind = MarkKind::Connection;
    event.severity = EventSeverity::Bad;
    event.word = "connection lost";
    event.sentence = why.empty() ? "no server answers any more" : std::move(why);
    append(std::move(event));
}

void EventLog::connectionBack(ServerTime at)
{
    if (!m_lostAt)
        return;
    ClusterEvent event;
    event.at = event.last = at;
    event.kind = MarkKind::Connection;
    event.severity = EventSeverity::Good;
    event.word = "connected again";
    event.sentence = fmt::format("what happened in the {} without a connection is not known",
                                 shortSpan(std::max(at - *m_lostAt, std::chrono::nanoseconds(0))));
    m_lostAt.reset();
    append(std::move(event));
}

void EventLog::addPast(std::span<const HistoryMark> marks)
{
    std::uint64_t number = m_events.empty() ? m_next : m_events.front().number;
    std::vector<HistoryMark> news(marks.begin(), marks.end());
    dropRepeatedSights(news);
    for (auto mark = news.rbegin(); mark != news.rend() && m_events.size() < m_mostKept && number > 1;
         ++mark) {
        if (!m_isFirstReport && mark->at >= m_begun)
            continue;
        ClusterEvent event = eventOf(std::move(*mark));
        event.number = --number;
        event.isNews = false;
        touch(event.number);
        m_events.push_front(std::move(event));
    }
}

void EventLog::fold(const std::string& what, ClusterEvent event, Origin origin)
{
    const FoldKey key{what, event.stream, event.collector};
    if (const auto known = m_folds.find(key); known != m_folds.end()) {
        ClusterEvent* same = findToChange(known->second.number);
        const bool otherSide = known->second.origin != origin;
        const auto apart = same != nullptr ? event.at - same->last : std::chrono::nanoseconds::max();
        // A server's clock may be behind the sample's.
        if (same != nullptr && otherSide && apart <= kSeenTwiceWithin && apart >= -kSeenTwiceWithin) {
            if (origin == Origin::Sample && same->count == 1) { // seen twice; this one knows more
                same->word = event.word;
                same->sentence = event.sentence;
                touch(same->number);
            }
            return;
        }
        if (same != nullptr && !otherSide && apart <= kSameWithin) {
            ++same->count;
            same->last = std::max(same->last, event.at);
            same->severity = std::max(same->severity, event.severity);
            same->word = event.word;
            const std::string both = same->sentence + "; then " + event.sentence;
            same->sentence = isTold(event) && both.size() <= kMostToldTogether
                                 ? both
                                 : repeatedSentence(event, same->count);
            same->sequence = event.sequence != 0 ? event.sequence : same->sequence;
            same->deliveries = event.deliveries != 0 ? event.deliveries : same->deliveries;
            return touch(same->number);
        }
    }
    m_folds[key] = {.number = append(std::move(event)).number, .origin = origin};
}

ClusterEvent& EventLog::append(ClusterEvent event)
{
    event.number = m_next++;
    touch(event.number);
    m_events.push_back(std::move(event));
    while (m_events.size() > m_mostKept) {
        m_touched.erase(m_events.front().number);
        m_events.pop_front();
        ++m_dropped;
    }
    return m_events.back();
}

const ClusterEvent* EventLog::find(std::uint64_t number) const
{
    // Numbers ascend without holes.
    if (m_events.empty() || number < m_events.front().number || number > m_events.back().number)
        return nullptr;
    return &m_events[number - m_events.front().number];
}

ClusterEvent* EventLog::findToChange(std::uint64_t number)
{
    return const_cast<ClusterEvent*>(std::as_const(*this).find(number));
}

std::vector<std::uint64_t> EventLog::takeTouched()
{
    const std::set<std::uint64_t> touched = std::exchange(m_touched, {});
    return {touched.begin(), touched.end()};
}

void EventLog::forgetOldFolds(ServerTime now)
{
    std::erase_if(m_folds, [&](const auto& entry) {
        const ClusterEvent* event = find(entry.second.number);
        const bool stands = std::get<0>(entry.first).starts_with(kStands);
        return event == nullptr || (!stands && now - event->last > kSameWithin);
    });
    std::erase_if(m_lastVerdict, [&](const auto& entry) { return find(entry.second.number) == nullptr; });
}

} // namespace jetlag
