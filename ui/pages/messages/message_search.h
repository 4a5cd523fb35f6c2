#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/events_service.h"
#include "ui/bridge/job_watch.h"

#include <QObject>
#include <QString>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jetlag::ui {

/// Looks through a stream for a text in bodies and subjects, from its first message to its last, without a
/// consumer; what is found comes as it is found. UI thread; the reading is in the job's own.
class MessageSearch final : public QObject
{
    Q_OBJECT

public:
    /// More are counted, not kept: nobody steps through them one by one.
    static constexpr std::size_t kMostKept = 10'000;

    void start(EventsService& events, std::shared_ptr<ServerLink> server, std::string stream,
               const PositionRange& range, std::uint64_t messages, const std::string& text);
    void stop();
    /// Forgets what was found too.
    void clear();

    [[nodiscard]] bool isRunning() const { return m_watch != nullptr; }
    [[nodiscard]] bool hasRun() const { return m_shared != nullptr; }
    [[nodiscard]] const std::vector<StreamSequence>& matches() const { return m_matches; }
    [[nodiscard]] std::uint64_t matched() const;
    /// The match that is looked at, of matches(); nullopt before the first step.
    [[nodiscard]] std::optional<std::size_t> current() const { return m_current; }
    /// To the next one, or with -1 the one before, round and round; the first step leads to the first.
    /// Nullopt where nothing matches.
    std::optional<StreamSequence> step(int direction);
    [[nodiscard]] StreamSequence scannedTo() const;
    /// "scanned 785 k of 1.07 M · matched 1 204 · 208 k/s, 2 s left"
    [[nodiscard]] QString words() const;

signals:
    void changed();

private:
    struct Shared
    {
        std::atomic<std::uint64_t> scanned = 0;
        std::atomic<std::uint64_t> matched = 0;
        std::atomic<std::uint64_t> at = 0;
        std::mutex mutex;
        std::vector<StreamSequence> found; ///< not taken yet
    };
    void takeFound();

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<JobWatch<std::uint64_t>> m_watch;
    std::vector<StreamSequence> m_matches;
    std::optional<std::size_t> m_current;
    std::uint64_t m_total = 0;
    std::chrono::steady_clock::time_point m_begun;
    std::chrono::steady_clock::time_point m_ended;
    QString m_problem;
    bool m_wasStopped = false;
};

} // namespace jetlag::ui
