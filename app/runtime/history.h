#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/runtime/history_keeper.h"
#include "model/history/history_reader.h"
#include "model/service/history_service.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace jetlag {

/// The history in this user's data folder. A thread that keeps it and one that answers start with the first
/// call that needs them: a command that asks nothing leaves no file behind.
class RealHistoryService final : public HistoryService
{
public:
    RealHistoryService() = default;
    /// For tests.
    RealHistoryService(HistoryKeeperOptions options, const Clock& clock)
        : m_clock(clock)
        , m_options(std::move(options))
    {}
    ~RealHistoryService() override;

    void record(const std::string& connection, std::shared_ptr<const ClusterReport> report) override;
    void addMark(const std::string& connection, HistoryMark mark) override;
    void setReviewed(std::vector<std::int64_t> marks, bool reviewed) override;
    [[nodiscard]] Subscription
    watchMarks(std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks) override;
    [[nodiscard]] JobPtr<HistorySeries> series(HistoryQuery query) override;
    [[nodiscard]] JobPtr<std::vector<HistoryMark>> marks(MarkQuery query) override;
    [[nodiscard]] HistoryHealth health() const override;

private:
    struct Watcher
    {
        std::mutex mutex; // held while the callback runs: the subscription's end waits for it
        std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks; // empty = ended
    };
    using Question = std::function<void(Result<HistoryReader*>)>;

    /// Null when nobody says where the history may live.
    [[nodiscard]] HistoryKeeper* keeper();
    void send(const std::string& connection, const std::vector<HistoryMark>& marks);
    void ask(Question question);
    void answerQuestions(const std::stop_token& stop);
    /// Null value: there is no history yet.
    [[nodiscard]] Result<HistoryReader*> reader();

    const Clock& m_clock = systemClock();
    mutable std::mutex m_mutex; // guards what follows; never held while a callback or a question runs
    std::optional<HistoryKeeperOptions> m_options; ///< found with the first call
    std::optional<Error> m_noFolder;
    std::vector<std::weak_ptr<Watcher>> m_watchers;
    std::unique_ptr<HistoryKeeper> m_keeper;
    std::deque<Question> m_questions;
    std::condition_variable_any m_asked;

    std::optional<HistoryReader> m_reader; // the answering thread's own
    std::jthread m_answering;
};

} // namespace jetlag
