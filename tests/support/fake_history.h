#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/history_service.h"
#include "tests/support/scripted_calls.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::test {

/// The past as a test says. Marks are kept and handed to watchers at once, in the caller's thread; series()
/// answers with nothing unless `asked.answer` says otherwise. Any thread; set the functions first.
class FakeHistoryService final : public HistoryService
{
public:
    FakeHistoryService();

    void record(const std::string& connection, std::shared_ptr<const ClusterReport> report) override;
    void addMark(const std::string& connection, HistoryMark mark) override;
    void setReviewed(std::vector<std::int64_t> marks, bool reviewed) override;
    [[nodiscard]] Subscription
    watchMarks(std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks) override;
    [[nodiscard]] JobPtr<HistorySeries> series(HistoryQuery query) override;
    [[nodiscard]] JobPtr<std::vector<HistoryMark>> marks(MarkQuery query) override;
    [[nodiscard]] HistoryHealth health() const override;

    void setHealth(HistoryHealth health);
    using Report = std::pair<std::string, std::shared_ptr<const ClusterReport>>;
    [[nodiscard]] std::vector<Report> recorded() const; ///< connection and report, in order

    ScriptedCalls<HistoryQuery, HistorySeries> asked;

private:
    struct Watcher
    {
        std::mutex mutex; // held while the callback runs: the subscription's end waits for it
        std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks; // empty = ended
    };

    mutable std::mutex m_mutex; // guards what follows; never held while a callback runs
    std::vector<Report> m_recorded;
    std::map<std::string, std::vector<HistoryMark>> m_marks; // by connection, ascending in time
    std::int64_t m_lastId = 0;
    std::vector<std::weak_ptr<Watcher>> m_watchers;
    HistoryHealth m_health;
};

} // namespace jetlag::test
