// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/history.h"

#include "model/base/state_folder.h"
#include "model/base/thread_name.h"

#include <exception>

namespace jetlag {

RealHistoryService::~RealHistoryService()
{
    m_answering.request_stop();
    if (m_answering.joinable())
        m_answering.join();
    // The keeper's last marks still find the watchers.
    std::unique_ptr<HistoryKeeper> keeper;
    {
        const std::lock_guard lock(m_mutex);
        keeper = std::move(m_keeper);
    }
}

HistoryKeeper* RealHistoryService::keeper()
{
    const std::lock_guard lock(m_mutex);
    if (m_keeper || m_noFolder)
        return m_keeper.get();
    if (!m_options) {
        const Result<std::filesystem::path> folder = defaultDataFolder();
        if (!folder) {
            m_noFolder = folder.error();
            return nullptr;
        }
        m_options = HistoryKeeperOptions{.file = *folder / "history.sqlite"};
    }
    m_keeper = std::make_unique<HistoryKeeper>(
        *m_options,
        [this](const std::string& connection, const std::vector<HistoryMark>& marks) {
            send(connection, marks);
        },
        m_clock);
    m_answering = std::jthread([this](const std::stop_token& stop) { answerQuestions(stop); });
    return m_keeper.get();
}

void RealHistoryService::record(const std::string& connection, std::shared_ptr<const ClusterReport> report)
{
    if (HistoryKeeper* const keeping = keeper())
        keeping->record(connection, std::move(report));
}

void RealHistoryService::addMark(const std::string& connection, HistoryMark mark)
{
    if (HistoryKeeper* const keeping = keeper())
        keeping->addMark(connection, std::move(mark));
}

void RealHistoryService::setReviewed(std::vector<std::int64_t> marks, bool reviewed)
{
    if (HistoryKeeper* const keeping = keeper())
        keeping->setReviewed(std::move(marks), reviewed);
}

Subscription RealHistoryService::watchMarks(
    std::function<void(const std::string&, const std::vector<HistoryMark>&)> onMarks)
{
    auto watcher = std::make_shared<Watcher>();
    watcher->onMarks = std::move(onMarks);
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_watchers, [](const auto& one) { return one.expired(); });
    m_watchers.push_back(watcher);
    return Subscription([watcher] {
        const std::lock_guard running(watcher->mutex);
        watcher->onMarks = nullptr;
    });
}

void RealHistoryService::send(const std::string& connection, const std::vector<HistoryMark>& marks)
{
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& watcher : m_watchers) {
            if (auto alive = watcher.lock())
                watchers.push_back(std::move(alive));
        }
    }
    for (const auto& watcher : watchers) {
        const std::lock_guard lock(watcher->mutex);
        if (watcher->onMarks)
            watcher->onMarks(connection, marks);
    }
}

JobPtr<HistorySeries> RealHistoryService::series(HistoryQuery query)
{
    auto job = std::make_shared<Job<HistorySeries>>();
    ask([job, query = std::move(query)](Result<HistoryReader*> reader) {
        if (job->isCancelled())
            job->finish(Error(ErrorCode::Cancelled, "nobody wants to know any more"));
        else if (!reader)
            job->finish(std::move(reader).error());
        else if (*reader == nullptr)
            job->finish(HistorySeries{.lines = std::vector<std::vector<HistoryPoint>>(query.values.size())});
        else
            job->finish((*reader)->series(query));
    });
    return job;
}

JobPtr<std::vector<HistoryMark>> RealHistoryService::marks(MarkQuery query)
{
    auto job = std::make_shared<Job<std::vector<HistoryMark>>>();
    ask([job, query = std::move(query)](Result<HistoryReader*> reader) {
        if (job->isCancelled())
            job->finish(Error(ErrorCode::Cancelled, "nobody wants to know any more"));
        else if (!reader)
            job->finish(std::move(reader).error());
        else if (*reader == nullptr)
            job->finish(std::vector<HistoryMark>());
        else
            job->finish((*reader)->marks(query));
    });
    return job;
}

void RealHistoryService::ask(Question question)
{
    if (keeper() == nullptr) {
        question(*m_noFolder);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_questions.push_back(std::move(question));
    }
    m_asked.notify_one();
}

void RealHistoryService::answerQuestions(const std::stop_token& stop)
{
    setCurrentThreadName("history-read");
    for (;;) {
        Question question;
        {
            std::unique_lock lock(m_mutex);
            m_asked.wait(lock, stop, [this] { return !m_questions.empty(); });
            if (m_questions.empty())
                return;
            question = std::move(m_questions.front());
            m_questions.pop_front();
        }
        if (stop.stop_requested()) {
            question(Error(ErrorCode::Cancelled, "the program ends"));
            continue;
        }
        try {
            question(reader());
        } catch (const std::exception& error) {
            m_reader.reset();
            question(Error(ErrorCode::Internal, error.what()));
        }
    }
}

Result<HistoryReader*> RealHistoryService::reader()
{
    if (m_reader)
        return &*m_reader;
    std::filesystem::path file;
    {
        const std::lock_guard lock(m_mutex);
        file = m_options->file;
    }
    Result<HistoryReader> opened = HistoryReader::open(file);
    if (!opened && opened.error().code() == ErrorCode::NotFound)
        return static_cast<HistoryReader*>(nullptr);
    if (!opened)
        return opened.error();
    m_reader.emplace(std::move(*opened));
    return &*m_reader;
}

HistoryHealth RealHistoryService::health() const
{
    const std::lock_guard lock(m_mutex);
    if (m_noFolder)
        return {.problem = "The history is not being kept: " + m_noFolder->message() + "."};
    return m_keeper ? m_keeper->health() : HistoryHealth{};
}

} // namespace jetlag
