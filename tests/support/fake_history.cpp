// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_history.h"

#include <algorithm>

namespace jetlag::test {

namespace {

bool belongs(const HistoryMark& mark, const MarkQuery& query)
{
    if (mark.at < query.from || mark.at > query.to || (query.stream && mark.stream != *query.stream))
        return false;
    if (query.collector && !mark.collector.empty() && mark.collector != *query.collector)
        return false;
    return query.kinds.empty() || std::ranges::find(query.kinds, mark.kind) != query.kinds.end();
}

} // namespace

FakeHistoryService::FakeHistoryService()
{
    asked.answer = [](const HistoryQuery& query) {
        return std::optional(Result<HistorySeries>(
            HistorySeries{.lines = std::vector<std::vector<HistoryPoint>>(query.values.size())}));
    };
}

void FakeHistoryService::record(const std::string& connection, std::shared_ptr<const ClusterReport> report)
{
    const std::lock_guard lock(m_mutex);
    m_recorded.emplace_back(connection, std::move(report));
}

void FakeHistoryService::addMark(const std::string& connection, HistoryMark mark)
{
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
        const std::lock_guard lock(m_mutex);
        mark.id = ++m_lastId;
        std::vector<HistoryMark>& kept = m_marks[connection];
        kept.insert(std::ranges::upper_bound(kept, mark.at, {}, &HistoryMark::at), mark);
        for (const auto& watcher : m_watchers) {
            if (auto alive = watcher.lock())
                watchers.push_back(std::move(alive));
        }
    }
    for (const auto& watcher : watchers) {
        const std::lock_guard lock(watcher->mutex);
        if (watcher->onMarks)
            watcher->onMarks(connection, {mark});
    }
}

void FakeHistoryService::setReviewed(std::vector<std::int64_t> marks, bool reviewed)
{
    const std::lock_guard lock(m_mutex);
    for (auto& [connection, kept] : m_marks) {
        for (HistoryMark& mark : kept) {
            if (std::ranges::find(marks, mark.id) != marks.end())
                mark.reviewed = reviewed;
        }
    }
}

Subscription FakeHistoryService::watchMarks(
    std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks)
{
    auto watcher = std::make_shared<Watcher>();
    watcher->onMarks = std::move(onMarks);
    const std::lock_guard lock(m_mutex);
    m_watchers.push_back(watcher);
    return Subscription([watcher] {
        const std::lock_guard running(watcher->mutex);
        watcher->onMarks = nullptr;
    });
}

JobPtr<HistorySeries> FakeHistoryService::series(HistoryQuery query)
{
    return asked.start(std::move(query));
}

JobPtr<std::vector<HistoryMark>> FakeHistoryService::marks(MarkQuery query)
{
    auto job = std::make_shared<Job<std::vector<HistoryMark>>>();
    std::vector<HistoryMark> found;
    {
        const std::lock_guard lock(m_mutex);
        for (const HistoryMark& mark : m_marks[query.connection]) {
            if (belongs(mark, query))
                found.push_back(mark);
        }
    }
    if (found.size() > query.limit)
        found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(query.limit));
    job->finish(std::move(found));
    return job;
}

HistoryHealth FakeHistoryService::health() const
{
    const std::lock_guard lock(m_mutex);
    return m_health;
}

void FakeHistoryService::setHealth(HistoryHealth health)
{
    const std::lock_guard lock(m_mutex);
    m_health = std::move(health);
}

std::vector<FakeHistoryService::Report> FakeHistoryService::recorded() const
{
    const std::lock_guard lock(m_mutex);
    return m_recorded;
}

} // namespace jetlag::test
