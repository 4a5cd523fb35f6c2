// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/past_loader.h"

#include "ui/plots/history_values.h"
#include "ui/theme/number_format.h"

namespace jetlag::ui {

namespace {

/// More lines than that are a wall, not a picture.
constexpr std::size_t kMostMarks = 300;

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
    m_collector.reset();
    m_stream.reset();
    m_marks.reset();
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
        if (--m_open > 0)
            return;
        dropRepeatedSights(m_past.marks);
        m_onLoaded(std::move(m_past));
    });
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
    watch(m_marks, m_history.marks(std::move(marks)), &Past::marks);
    query.values = request.ofStream;
    if (!query.values.empty())
        watch(m_stream, m_history.series(query), &Past::ofStream);
    query.values = request.ofCollector;
    query.collector = request.subject.collector;
    if (!query.values.empty() && !query.collector.empty())
        watch(m_collector, m_history.series(query), &Past::ofCollector);
}

} // namespace jetlag::ui
