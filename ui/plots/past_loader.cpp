// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/past_loader.h"

#include "ui/plots/history_values.h"
#include "ui/theme/number_format.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace jetlag::ui {

namespace {

/// More lines than that are a wall, not a picture.
constexpr std::size_t kMostMarks = 300;
constexpr std::size_t kMostAdvisories = 2000; // before floods are joined
/// Advisories nearer than this part of what is loaded are one mark.
constexpr int kNear = 40;

} // namespace

PastLoader::PastLoader(HistoryService& history, std::function<void(Past)> onLoaded)
    : m_history(history)
    , m_onLoaded(std::move(onLoaded))
{}

PastLoader::~PastLoader()
{
    cancel();
}

void PastLoader::cancel()
{
    if (m_collector)
        m_collector->cancel();
    if (m_stream)
        m_stream->cancel();
    if (m_marks)
        m_marks->cancel();
    if (m_advisories)
        m_advisories->cancel();
    m_collector.reset();
    m_stream.reset();
    m_marks.reset();
    m_advisories.reset();
    m_open = 0;
}

template <typename Value>
void PastLoader::watch(Watch<Value>& place, JobPtr<Value> job, Value Past::*part)
{
    ++m_open;
    place = std::make_unique<JobWatch<Value>>(std::move(job), [this, part](Result<Value> answer) {
        if (answer)
            m_past.*part = std::move(*answer);
        else
            m_past.problem = shown(answer.error().message());
        if (--m_open == 0)
            finish();
    });
}

// A flood of advisories must not push out the change of verdict that it led to.
void PastLoader::finish()
{
    dropRepeatedSights(m_past.marks);
    const std::chrono::duration<double> near((m_past.request.to - m_past.request.from) / kNear);
    joinFloods(m_past.advisories, std::chrono::duration_cast<std::chrono::nanoseconds>(near));
    std::vector<HistoryMark>& all = m_past.marks;
    const auto middle = all.insert(all.end(), m_past.advisories.begin(), m_past.advisories.end());
    std::inplace_merge(all.begin(), middle, all.end(),
                       [](const HistoryMark& one, const HistoryMark& other) { return one.at < other.at; });
    m_past.advisories.clear();
    m_onLoaded(std::move(m_past));
}

void PastLoader::load(PastRequest request)
{
    cancel();
    m_past = {.request = request};
    HistoryQuery query{.connection = request.subject.connection,
                       .stream = request.subject.stream,
                       .from = fromPlotTime(std::max(request.from, 0.0)),
                       .to = fromPlotTime(request.to),
                       .maxPoints = request.points};
    MarkQuery marks{.connection = request.subject.connection,
                    .stream = request.subject.stream,
                    .from = query.from,
                    .to = query.to,
                    .limit = kMostMarks};
    if (!request.subject.collector.empty())
        marks.collector = request.subject.collector;
    MarkQuery advisories = marks;
    advisories.kinds = {MarkKind::Advisory};
    advisories.limit = kMostAdvisories;
    marks.kinds = {MarkKind::Verdict, MarkKind::Leader,     MarkKind::Config,   MarkKind::Pause,
                   MarkKind::Note,    MarkKind::Connection, MarkKind::Threshold};
    watch(m_marks, m_history.marks(std::move(marks)), &Past::marks);
    watch(m_advisories, m_history.marks(std::move(advisories)), &Past::advisories);
    query.values = request.ofStream;
    if (!query.values.empty())
        watch(m_stream, m_history.series(query), &Past::ofStream);
    query.values = request.ofCollector;
    query.collector = request.subject.collector;
    if (!query.values.empty() && !query.collector.empty())
        watch(m_collector, m_history.series(query), &Past::ofCollector);
}

} // namespace jetlag::ui
