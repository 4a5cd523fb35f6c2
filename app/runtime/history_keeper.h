#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/file_lock.h"
#include "model/history/change_finder.h"
#include "model/history/history_writer.h"
#include "model/service/history_service.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace jetlag {

struct HistoryKeeperOptions
{
    std::filesystem::path file;
    HistoryWriterOptions writer{};
    std::chrono::milliseconds writeEvery{2000};   ///< what a kill costs at most
    std::chrono::milliseconds retryEvery{10'000}; ///< opening, and asking for what another console keeps
    std::size_t mostReports = 32; ///< of one connection waiting; half a minute at one a second
};

/// The thread that keeps the history: takes reports and marks from anybody, finds what changed, writes every
/// two seconds, and at once when something happened. Where it cannot write it says why, goes on trying, and
/// keeps the newest quarter of an hour in memory meanwhile.
///
/// Several consoles share one file. Each connection belongs to the first of them that records it, by a lock
/// that the kernel gives back; the others find changes too, and write none, until it is theirs.
class HistoryKeeper final
{
public:
    using OnMarks = std::function<void(const std::string& connection, const std::vector<HistoryMark>& marks)>;

    /// `onMarks` is called in the keeper's thread. `clock` says what is too old.
    HistoryKeeper(HistoryKeeperOptions options, OnMarks onMarks, const Clock& clock = systemClock());
    /// Writes what is left.
    ~HistoryKeeper();
    HistoryKeeper(const HistoryKeeper&) = delete;
    HistoryKeeper& operator=(const HistoryKeeper&) = delete;

    // Any thread; none of these waits.
    void record(const std::string& connection, std::shared_ptr<const ClusterReport> report);
    void addMark(const std::string& connection, HistoryMark mark);
    void setReviewed(std::vector<std::int64_t> marks, bool reviewed);
    [[nodiscard]] HistoryHealth health() const;
    /// How often something was written, for tests.
    [[nodiscard]] std::uint64_t writes() const;

private:
    struct Input
    {
        std::string connection;
        std::shared_ptr<const ClusterReport> report; ///< null = a mark
        HistoryMark mark;
    };
    struct Review
    {
        std::vector<std::int64_t> marks;
        bool reviewed = false;
    };
    /// What is known of one connection; the thread's own.
    struct Recorded
    {
        ChangeFinder changes;
        HistoryTails tails;
        std::vector<HistoryMark> marks; ///< not yet written
        ServerTime newest{};
        std::optional<FileLock> lock; ///< it is ours to write
        bool takenUp = false;         ///< with what the last one left in its journal
        bool dirty = false;
        std::string note;                             ///< not empty: somebody else keeps it
        std::chrono::steady_clock::time_point seen{}; ///< when something came last
        std::chrono::steady_clock::time_point nextLock{};
    };

    void run(const std::stop_token& stop);
    void take(Input input);
    void writeAll();
    [[nodiscard]] bool write(const std::string& name, Recorded& connection);
    [[nodiscard]] bool own(const std::string& name, Recorded& connection);
    [[nodiscard]] bool openFile();
    void review();
    void pruneSometimes();
    void failed(const Error& error);
    void worked();
    void tell(const std::string& name, std::vector<HistoryMark>& marks, std::size_t from);

    const HistoryKeeperOptions m_options;
    const OnMarks m_onMarks;
    const Clock& m_clock;

    mutable std::mutex m_mutex; // guards what follows, up to the thread's own
    std::condition_variable_any m_wake;
    std::deque<Input> m_inputs;
    std::deque<Review> m_reviews;
    HistoryHealth m_health;
    std::uint64_t m_writes = 0;

    // The thread's own.
    std::map<std::string, Recorded> m_connections;
    std::optional<HistoryWriter> m_writer;
    std::chrono::steady_clock::time_point m_nextOpen{};
    std::chrono::steady_clock::time_point m_nextPrune{};

    std::jthread m_thread; // last: starts when everything above is there
};

} // namespace jetlag
