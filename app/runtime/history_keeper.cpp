// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/history_keeper.h"

#include "model/base/hash.h"
#include "model/base/log.h"
#include "model/base/text.h"
#include "model/base/thread_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <system_error>

namespace jetlag {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLetGoAfter{60};
constexpr std::chrono::minutes kPruneEvery{10};
/// Of one connection, while nothing can be written; and waiting from callers.
constexpr std::size_t kMostMarks = 5'000;

} // namespace

HistoryKeeper::HistoryKeeper(HistoryKeeperOptions options, OnMarks onMarks, const Clock& clock)
    : m_options(std::move(options))
    , m_onMarks(std::move(onMarks))
    , m_clock(clock)
    , m_health{.file = m_options.file.string(), .maxBytes = m_options.writer.maxBytes}
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{}

HistoryKeeper::~HistoryKeeper()
{
    m_thread.request_stop();
    m_thread.join();
}

void HistoryKeeper::record(const std::string& connection, std::shared_ptr<const ClusterReport> report)
{
    if (!report)
        return;
    {
        const std::lock_guard lock(m_mutex);
        const auto waiting = std::ranges::count_if(m_inputs, [&connection](const Input& one) {
            return one.report != nullptr && one.connection == connection;
        });
        if (static_cast<std::size_t>(waiting) >= m_options.mostReports) {
            ++m_health.reportsDropped;
            return;
        }
        m_inputs.push_back({.connection = connection, .report = std::move(report), .mark = {}});
    }
    m_wake.notify_one();
}

void HistoryKeeper::addMark(const std::string& connection, HistoryMark mark)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_inputs.size() >= kMostMarks)
            return;
        m_inputs.push_back({.connection = connection, .report = nullptr, .mark = std::move(mark)});
    }
    m_wake.notify_one();
}

void HistoryKeeper::setReviewed(std::vector<std::int64_t> marks, bool reviewed)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_reviews.size() >= kMostMarks)
            return;
        m_reviews.push_back({std::move(marks), reviewed});
    }
    m_wake.notify_one();
}

HistoryHealth HistoryKeeper::health() const
{
    const std::lock_guard lock(m_mutex);
    return m_health;
}

std::uint64_t HistoryKeeper::writes() const
{
    const std::lock_guard lock(m_mutex);
    return m_writes;
}

void HistoryKeeper::run(const std::stop_token& stop)
{
    setCurrentThreadName("history");
    auto nextWrite = Steady::now() + m_options.writeEvery;
    for (;;) {
        std::deque<Input> inputs;
        bool reviews = false;
        bool ends = false; // what comes while this turn works has a turn of its own
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_until(lock, stop, nextWrite,
                              [this] { return !m_inputs.empty() || !m_reviews.empty(); });
            ends = stop.stop_requested();
            inputs.swap(m_inputs);
            reviews = !m_reviews.empty();
        }
        try {
            for (Input& input : inputs)
                take(std::move(input));
            if (reviews)
                review();
            if (Steady::now() >= nextWrite || ends) {
                nextWrite = Steady::now() + m_options.writeEvery;
                writeAll();
                if (!ends)
                    pruneSometimes();
            }
        } catch (const std::exception& error) { // no memory: the live view must not suffer
            failed(Error(ErrorCode::Internal, error.what()));
        }
        if (ends)
            return;
    }
}

void HistoryKeeper::take(Input input)
{
    Recorded& connection = m_connections[input.connection];
    const std::size_t before = connection.marks.size();
    connection.seen = Steady::now();
    if (input.report) {
        if (input.report->at == connection.newest)
            return; // the last look once more, because the next one failed
        connection.newest = input.report->at;
        for (HistoryMark& mark : connection.changes.add(*input.report))
            connection.marks.push_back(std::move(mark));
        connection.tails.add(*input.report);
        connection.dirty = true;
    } else {
        connection.marks.push_back(std::move(input.mark));
    }
    if (connection.marks.size() == before)
        return;
    // What happened is told with the number that it has in the file, where it gets one.
    if (!write(input.connection, connection) && !connection.note.empty() && !input.report && m_writer) {
        // Whoever keeps the connection cannot know what was done here.
        HistoryTails none;
        if (Result<void> kept = m_writer->write(input.connection, none, connection.marks, m_clock.now());
            !kept)
            failed(kept.error());
    }
    tell(input.connection, connection.marks, before);
}

void HistoryKeeper::tell(const std::string& name, std::vector<HistoryMark>& marks, std::size_t from)
{
    if (m_onMarks)
        m_onMarks(name, {marks.begin() + static_cast<std::ptrdiff_t>(from), marks.end()});
    // Written ones are done with, and so are those of a connection that somebody else keeps.
    if (const Recorded& connection = m_connections[name]; !connection.note.empty())
        marks.clear();
    std::erase_if(marks, [](const HistoryMark& mark) { return mark.id != 0; });
    if (marks.size() > kMostMarks)
        marks.erase(marks.begin(), marks.end() - kMostMarks);
}

void HistoryKeeper::writeAll()
{
    std::string note;
    for (auto& [name, connection] : m_connections) {
        if (connection.dirty || !connection.marks.empty()) {
            static_cast<void>(write(name, connection));
            std::erase_if(connection.marks, [](const HistoryMark& mark) { return mark.id != 0; });
        }
        note = connection.note.empty() ? note : connection.note;
    }
    // Nobody looks at it any more: another console may keep it. All of it is in the journal.
    std::erase_if(m_connections, [](const auto& entry) {
        const Recorded& connection = entry.second;
        return !connection.dirty && connection.marks.empty() && Steady::now() - connection.seen > kLetGoAfter;
    });
    std::uint64_t lost = 0;
    for (const auto& [name, connection] : m_connections)
        lost += connection.tails.samplesLost();
    const std::lock_guard lock(m_mutex);
    m_health.note = note;
    m_health.samplesLost = lost;
}

/// Whether the connection is ours to write. What it left in its journal comes back with the lock.
bool HistoryKeeper::own(const std::string& name, Recorded& connection)
{
    if (!connection.lock) {
        if (!connection.note.empty() && Steady::now() < connection.nextLock)
            return false;
        const std::filesystem::path folder = m_options.file.parent_path() / "history.locks";
        std::error_code error;
        std::filesystem::create_directories(folder, error); // the lock says what is wrong
        const std::filesystem::path path = folder / fmt::format("{:016x}.lock", hash64(name));
        Result<FileLock> lock = FileLock::acquire(path);
        if (!lock) {
            connection.nextLock = Steady::now() + m_options.retryEvery;
            if (lock.error().code() == ErrorCode::Conflict) {
                connection.note = fmt::format("Another console{} keeps the history of {}; this one reads it.",
                                              FileLock::describeHolder(path), safeForDisplay(name));
                connection.tails = HistoryTails();
                connection.dirty = false;
            } else {
                failed(lock.error());
            }
            return false;
        }
        connection.lock.emplace(std::move(*lock));
        connection.note.clear();
    }
    if (!connection.takenUp) {
        if (Result<void> taken = m_writer->takeUp(name, connection.tails); !taken) {
            failed(taken.error());
            return false;
        }
        connection.takenUp = true;
    }
    return true;
}

bool HistoryKeeper::write(const std::string& name, Recorded& connection)
{
    if (!openFile() || !own(name, connection))
        return false;
    if (Result<void> written = m_writer->write(name, connection.tails, connection.marks, m_clock.now());
        !written) {
        failed(written.error());
        return false;
    }
    connection.dirty = false;
    worked();
    return true;
}

bool HistoryKeeper::openFile()
{
    if (m_writer)
        return true;
    if (Steady::now() < m_nextOpen)
        return false;
    m_nextOpen = Steady::now() + m_options.retryEvery;
    Result<HistoryWriter> writer = HistoryWriter::open(m_options.file, m_options.writer);
    if (!writer) {
        failed(writer.error());
        return false;
    }
    m_writer.emplace(std::move(*writer));
    return true;
}

void HistoryKeeper::review()
{
    if (!openFile())
        return; // they stay until it can be written
    for (;;) {
        Review next;
        {
            const std::lock_guard lock(m_mutex);
            if (m_reviews.empty())
                return;
            next = std::move(m_reviews.front());
            m_reviews.pop_front();
        }
        if (Result<void> kept = m_writer->setReviewed(next.marks, next.reviewed); !kept) {
            failed(kept.error());
            return;
        }
    }
}

void HistoryKeeper::pruneSometimes()
{
    if (!m_writer || Steady::now() < m_nextPrune)
        return;
    m_nextPrune = Steady::now() + kPruneEvery;
    Result<void> pruned = m_writer->prune(m_clock.now());
    for (const auto& [name, connection] : m_connections) {
        if (pruned && connection.takenUp)
            pruned = m_writer->forgetRows(name, connection.tails);
    }
    if (!pruned)
        failed(pruned.error());
}

void HistoryKeeper::failed(const Error& error)
{
    // A full disk, a lock or a mistake of ours passes with the file open; else it is opened anew.
    const bool passes = error.code() == ErrorCode::NoSpace || error.code() == ErrorCode::Conflict;
    if (m_writer && !passes) {
        m_writer.reset();
        for (auto& [name, connection] : m_connections)
            connection.tails.forgetFile(); // the next one may be another
    }
    const std::string_view advice =
        error.code() == ErrorCode::Corrupt ? "Move the file away to begin a new one" : "It is tried again";
    const std::string problem = fmt::format(
        "The history is not being kept: {}. {}; what you see live is complete.", error.message(), advice);
    const std::lock_guard lock(m_mutex);
    if (m_health.problem != problem)
        log().warn("{}", problem);
    m_health.problem = problem;
}

void HistoryKeeper::worked()
{
    const std::uint64_t bytes = m_writer->bytes();
    const std::lock_guard lock(m_mutex);
    m_health.problem.clear();
    m_health.bytes = bytes;
    ++m_writes;
}

} // namespace jetlag
