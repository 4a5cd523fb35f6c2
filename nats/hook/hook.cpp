// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/hook.h"

#include "model/base/log.h"
#include "model/base/state_folder.h"
#include "model/base/text.h"
#include "model/base/time_zone.h"
#include "model/record/outgoing.h"
#include "nats/hook/feed_schedule.h"
#include "nats/hook/file_feed.h"
#include "nats/hook/position_store.h"
#include "nats/hook/publisher.h"
#include "nats/hook/rate_limiter.h"
#include "nats/hook/stream_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace jetlag {

namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

// Records of one file before the others get their turn and answers are taken.
constexpr unsigned kRecordsPerTurn = 128;
constexpr milliseconds kApiTimeout{5'000};
// A file found in a folder that did not grow for so long gives its memory back; it is opened again when it
// does.
constexpr std::chrono::seconds kRestAfter{30};
constexpr std::size_t kMostResting = 8; // files that stay open all the same
constexpr std::chrono::seconds kIdentityEvery{30};
constexpr std::size_t kMostProblems = 100;

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

std::string upperCase(std::string_view text)
{
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return upper;
}

bool isFolder(const std::filesystem::path& path)
{
    std::error_code error;
    return std::filesystem::is_directory(path, error);
}

FramerOptions framingOf(const HookOptions& options, const std::string& prefix)
{
    FramerOptions framing;
    framing.kind = options.kind;
    framing.prefix = prefix;
    framing.source = options.sourceName;
    framing.severalFiles = options.follow || options.paths.size() > 1 ||
                           std::any_of(options.paths.begin(), options.paths.end(), isFolder);
    framing.application = options.applicationId;
    framing.zone = options.timeZone;
    return framing;
}

// Everything that tells one source from another beside the log itself.
std::string namingOf(const FramerOptions& framing)
{
    const std::string several = framing.source.empty() || !framing.severalFiles ? "" : "several";
    return fmt::format("{} {} {} {} {}", toString(framing.kind), percentEncode(framing.source, "_-"), several,
                       percentEncode(framing.application, "_-"), percentEncode(framing.zone, "_-"));
}

/// Acked records per second over about a second.
class RateMeter final
{
public:
    double update(std::uint64_t count, SteadyTime now)
    {
        const double seconds = std::chrono::duration<double>(now - m_at).count();
        if (m_at == SteadyTime()) {
            m_at = now;
            m_count = count;
        } else if (seconds >= 1) {
            m_rate = static_cast<double>(count - m_count) / seconds;
            m_at = now;
            m_count = count;
        }
        return m_rate;
    }

private:
    SteadyTime m_at;
    std::uint64_t m_count = 0;
    double m_rate = 0;
};

/// One run into one stream. When the stream turns out to be another one than at the start, the run ends and
/// a new one begins with the positions of that stream: none.
class HookRun final
{
public:
    HookRun(const HookOptions& options, HookOutcome& outcome, std::string prefix, std::stop_token stop)
        : m_options(options)
        , m_outcome(outcome)
        , m_prefix(std::move(prefix))
        , m_stop(std::move(stop))
        , m_limiter(options.recordsPerSecond, steadyNow())
    {}

    Result<void> run()
    {
        if (Result<void> opened = openPositions(); !opened)
            return opened;
        FramerOptions framing = framingOf(m_options, m_prefix);
        m_context.emplace(
            FeedContext{*m_positions, namingOf(framing), m_options.follow, m_options.closeAfter, {}, m_stop});
        m_schedule.emplace(m_options.paths, std::move(framing), *m_context);
        if (Result<void> scanned = m_schedule->scan(steadyNow()); !scanned)
            return scanned;
        if (Result<void> connected = connect(); !connected)
            return connected;
        const Result<void> done = publishAll();
        const Result<void> saved = finish();
        if (!done)
            return done;
        return saved;
    }

    [[nodiscard]] bool streamWasReplaced() const noexcept { return m_replaced; }

private:
    // ---- setting up --------------------------------------------------------------------------------------

    Result<void> openPositions()
    {
        std::filesystem::path folder = m_options.stateFolder;
        if (folder.empty()) {
            Result<std::filesystem::path> standard = defaultStateFolder();
            if (!standard)
                return std::move(standard).error();
            folder = std::move(*standard);
        }
        Result<PositionStore> store =
            PositionStore::open(folder / "hook" / percentEncode(m_outcome.stream, "_-"));
        if (!store)
            return std::move(store).error();
        m_positions.emplace(std::move(*store));
        return {};
    }

    Result<void> connect()
    {
        PublisherOptions options;
        options.stream = m_outcome.stream;
        options.windowRecords = m_options.windowRecords;
        options.ackWait = m_options.ackWait;
        if (m_options.follow)
            options.patience.reset();
        else
            options.patience = m_options.patience;
        options.verifyStream = [this](Connection& connection) { return verifyStream(connection); };
        m_publisher = std::make_unique<Publisher>(m_options.profile, std::move(options));
        if (Result<void> connected = m_publisher->connect(); !connected)
            return connected;
        OutgoingOptions outgoing;
        outgoing.prefix = m_prefix;
        outgoing.stream = m_outcome.stream;
        outgoing.maxPayload = m_publisher->maxMessageBytes();
        if (m_target.maxMessageBytes)
            outgoing.maxPayload = std::min(outgoing.maxPayload, *m_target.maxMessageBytes);
        m_builder.emplace(std::move(outgoing));
        return {};
    }

    Result<void> verifyStream(Connection& connection)
    {
        if (!m_identity)
            return meetStream(connection);
        Result<TargetStream> now = readTargetStream(connection, m_outcome.stream, kApiTimeout);
        if (!now && now.error().code() == ErrorCode::NotFound)
            return streamIsGone(connection);
        if (!now)
            return std::move(now).error();
        const Result<bool> same = isSameStream(connection, *m_identity, *now, kApiTimeout);
        if (!same)
            return same.error();
        if (!*same) {
            m_replaced = true;
            return Error(ErrorCode::Conflict, fmt::format("stream {} was deleted and made anew",
                                                          safeForDisplay(m_outcome.stream)));
        }
        m_target = std::move(*now);
        return {};
    }

    // The same stream, but it lacks a message that it had: an older copy of it was put back, or it kept its
    // messages in memory. What it lost is published again. A new leader of a cluster may need a moment to
    // know its last message.
    Result<bool> wasPutBack(Connection& connection, const StreamIdentity& remembered)
    {
        constexpr std::chrono::seconds kLeaderNeeds{3};
        const SteadyTime until = steadyNow() + kLeaderNeeds;
        while (remembered.knownSequence > m_target.lastSequence) {
            if (steadyNow() > until || m_stop.stop_requested()) {
                log().warn(
                    "stream {} ends before message {} that was stored in it: everything is published again",
                    safeForDisplay(m_target.name), remembered.knownSequence.value());
                return true;
            }
            std::this_thread::sleep_for(milliseconds(100));
            Result<TargetStream> now = readTargetStream(connection, m_target.name, kApiTimeout);
            if (!now)
                return std::move(now).error();
            m_target = std::move(*now);
        }
        return false;
    }

    // It may come back, unless somebody else has its subjects.
    Error streamIsGone(Connection& connection) const
    {
        const std::string stream = safeForDisplay(m_outcome.stream);
        const std::string owner = streamTaking(connection, m_prefix + ".>", kApiTimeout);
        if (owner.empty())
            return {ErrorCode::NotFound, fmt::format("stream {} was deleted", stream)};
        return {ErrorCode::Conflict,
                fmt::format("stream {} was deleted, and messages for {}.> go to another stream now: {}",
                            stream, m_prefix, safeForDisplay(owner))};
    }

    Result<void> meetStream(Connection& connection)
    {
        Result<PreparedStream> prepared =
            prepareStream(connection, m_outcome.stream, m_prefix, kDefaultPartitions, kApiTimeout);
        if (!prepared)
            return std::move(prepared).error();
        if (!prepared->created.empty()) {
            m_outcome.created.push_back(prepared->created);
            if (m_options.onCreated)
                m_options.onCreated(prepared->created);
        }
        m_target = std::move(prepared->stream);

        StreamIdentity identity;
        identity.name = m_target.name;
        identity.created = m_target.created;
        const Result<std::vector<StreamIdentity>> remembered = m_positions->streams();
        if (!remembered)
            return remembered.error();
        for (const StreamIdentity& candidate : *remembered) {
            const Result<bool> same = isSameStream(connection, candidate, m_target, kApiTimeout);
            if (!same)
                return same.error();
            if (!*same)
                continue;
            const Result<bool> putBack = wasPutBack(connection, candidate);
            if (!putBack)
                return putBack.error();
            if (*putBack)
                break;
            if (Result<void> used = m_positions->use(candidate); !used)
                return used;
            identity.knownSequence = candidate.knownSequence;
            identity.knownTime = candidate.knownTime;
            m_identity = identity;
            return candidate == identity ? Result<void>() : m_positions->rename(identity);
        }
        if (!remembered->empty())
            log().info("stream {} is not the one of the last run: its positions begin anew",
                       safeForDisplay(m_target.name));
        if (Result<void> used = m_positions->use(identity); !used)
            return used;
        m_identity = identity;
        return {};
    }

    // ---- the loop ----------------------------------------------------------------------------------------

    Result<void> publishAll()
    {
        SteadyTime now = steadyNow();
        m_scanAt = now + m_options.scanEvery;
        m_saveAt = now + m_options.saveEvery;
        std::optional<SteadyTime> stopBy;
        while (true) {
            if (!stopBy && m_stop.stop_requested()) {
                stopBy = now + m_options.stopPatience;
                m_outcome.stopped = true;
                closeMoved();
            }
            if (m_options.follow && !stopBy && now >= m_scanAt) {
                m_scanAt = now + m_options.scanEvery;
                if (Result<void> scanned = m_schedule->scan(now); !scanned)
                    return scanned;
            }
            if (!stopBy)
                m_schedule->start();
            const bool busy = feedAll(now, stopBy.has_value());
            if (Result<void> polled = m_publisher->poll(busy ? milliseconds(0) : pause(now), m_stop); !polled)
                return polled;
            now = steadyNow();
            takeAcks();
            if (Result<void> settled = settle(now); !settled)
                return settled;
            tellProgress(now);
            if (stopBy && (nothingToWaitFor() || now >= *stopBy))
                return {};
            if (!m_options.follow && m_schedule->isEmpty()) {
                m_outcome.stopped = false; // all was done before the stop was seen
                return {};
            }
        }
    }

    // What may be waited for without missing a thing to do.
    milliseconds pause(SteadyTime now)
    {
        constexpr milliseconds kLongest{100};
        milliseconds wait = kLongest;
        if (m_options.recordsPerSecond > 0 && m_starved)
            wait = std::min(wait, std::chrono::ceil<milliseconds>(m_limiter.untilNext(now)));
        for (const std::unique_ptr<ScheduledFeed>& feed : m_schedule->active()) {
            if (feed->lookAt > now)
                wait = std::min(wait, std::chrono::ceil<milliseconds>(feed->lookAt - now));
        }
        return std::max(wait, milliseconds(1));
    }

    // A stop leaves no file alone that cannot be found again.
    void closeMoved()
    {
        for (const std::unique_ptr<ScheduledFeed>& feed : m_schedule->active()) {
            if (feed->feed->isMoved())
                feed->feed->close();
        }
    }

    // True: something happened, and more may go at once.
    bool feedAll(SteadyTime now, bool stopping)
    {
        m_starved = false;
        bool busy = false;
        // The one behind the last that sent begins: under a rate limit the first would take it all.
        auto& feeds = m_schedule->active();
        const std::size_t count = feeds.size();
        const std::size_t begin = m_turn;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t index = (begin + i) % count;
            ScheduledFeed& feed = *feeds[index];
            if (feed.closed || (stopping && !feed.feed->isMoved()) || now < feed.lookAt)
                continue;
            if (!feedOne(feed, now))
                continue;
            busy = true;
            m_turn = index + 1;
        }
        return busy;
    }

    bool feedOne(ScheduledFeed& feed, SteadyTime now)
    {
        if (!feed.lane)
            feed.lane = m_publisher->openLane();
        unsigned sent = 0;
        while (sent < kRecordsPerTurn) {
            if (!m_publisher->hasRoom(*feed.lane))
                break;
            const Result<FileFeed::Step> step = feed.feed->next(now);
            if (!step) {
                giveUp(feed, step.error());
                break;
            }
            if (*step == FileFeed::Step::Closed) {
                feed.closed = true;
                return true; // the next file may begin
            }
            if (*step == FileFeed::Step::AtEnd) {
                feed.lookAt = now + m_options.lookEvery;
                break;
            }
            if (m_limiter.available(now) == 0) {
                m_starved = true;
                break;
            }
            if (const Result<void> published = publishRecord(feed); !published) {
                giveUp(feed, published.error());
                break;
            }
            m_limiter.take(1);
            ++sent;
        }
        return sent > 0;
    }

    Result<void> publishRecord(ScheduledFeed& feed)
    {
        const FramedRecord& record = feed.feed->record();
        const unsigned partition = m_builder->partitionFor(record);
        const Result<std::span<const OutgoingMessage>> messages =
            m_builder->build(record, feed.feed->previous(partition));
        if (!messages)
            return messages.error();
        if (Result<void> published = m_publisher->publish(*feed.lane, *messages); !published)
            return published;
        feed.feed->sent(partition);
        return {};
    }

    void giveUp(ScheduledFeed& feed, const Error& error)
    {
        if (error.code() == ErrorCode::Cancelled)
            return;
        problem(error.message());
        feed.closed = true;
    }

    void problem(const std::string& sentence)
    {
        std::vector<std::string>& problems = m_outcome.problems;
        if (std::find(problems.begin(), problems.end(), sentence) != problems.end())
            return;
        log().warn("{}", sentence);
        if (problems.size() < kMostProblems)
            problems.push_back(sentence);
    }

    void takeAcks()
    {
        for (const std::unique_ptr<ScheduledFeed>& feed : m_schedule->active()) {
            if (feed->lane)
                feed->feed->acked(m_publisher->ackedRecords(*feed->lane));
        }
    }

    // Saves what is due, takes out what is finished or rests.
    Result<void> settle(SteadyTime now)
    {
        std::vector<ScheduledFeed*> done;
        for (const std::unique_ptr<ScheduledFeed>& feed : m_schedule->active()) {
            if (feed->lane) {
                if (const std::optional<Error>& refused = m_publisher->laneError(*feed->lane)) {
                    if (refused->code() == ErrorCode::Conflict || refused->code() == ErrorCode::Denied)
                        return *refused; // it would be the same for every file
                    problem(fmt::format("{}: {}", safeForDisplay(feed->feed->file().path.native()),
                                        refused->message()));
                    feed->closed = true;
                }
                if (m_publisher->outstandingRecords(*feed->lane) > 0)
                    continue;
            }
            if (feed->closed || mayRest(*feed, now))
                done.push_back(feed.get());
        }
        for (ScheduledFeed* feed : done)
            takeOut(*feed);
        return now >= m_saveAt ? save(now) : Result<void>();
    }

    bool mayRest(const ScheduledFeed& feed, SteadyTime now)
    {
        return m_options.follow && !feed.namedByUser && feed.feed->caughtUp() && !feed.feed->isMoved() &&
               now - feed.feed->lastGrowth() > kRestAfter && m_schedule->active().size() > kMostResting;
    }

    void takeOut(ScheduledFeed& feed)
    {
        notePosition(*feed.feed);
        count(*feed.feed);
        if (feed.lane)
            m_publisher->closeLane(*feed.lane);
        if (feed.closed)
            ++m_filesDone;
        m_schedule->finish(feed);
    }

    // Of feeds that are taken out.
    void count(const FileFeed& feed)
    {
        m_outcome.records += feed.ackedRecords();
        m_outcome.bytes += feed.ackedBytes();
        // Once: a file that rested comes back with what this run has published.
        if (m_countedFiles.insert(feed.file().path.native()).second)
            m_outcome.skippedRecords += feed.skippedRecords();
        m_outcome.partial = m_outcome.partial || feed.isPartial();
    }

    // ---- positions ---------------------------------------------------------------------------------------

    Result<void> save(SteadyTime now)
    {
        m_saveAt = now + m_options.saveEvery;
        for (const std::unique_ptr<ScheduledFeed>& feed : m_schedule->active())
            notePosition(*feed->feed);
        if (Result<void> saved = m_positions->commit(); !saved)
            return saved;
        rememberStream(now, /*atEnd=*/false);
        return {};
    }

    void notePosition(FileFeed& feed)
    {
        if (std::optional<SourcePosition> position = feed.takePosition())
            m_positions->put(std::move(*position));
    }

    // A message of ours by which the stream is known again. Without it positions still hold as long as the
    // stream's creation time does.
    void rememberStream(SteadyTime now, bool atEnd)
    {
        const StreamSequence last = m_publisher->stats().lastSequence;
        Connection* const connection = m_publisher->connection();
        if (!connection || last.isZero() || last == m_identity->knownSequence)
            return;
        if (!atEnd && now < m_identityAt)
            return;
        m_identityAt = now + kIdentityEvery;
        const Result<ServerTime> time = messageTime(*connection, m_identity->name, last, kApiTimeout);
        if (!time) {
            log().debug("cannot remember the stream by message {}: {}", last.value(), time.error().message());
            return;
        }
        StreamIdentity identity = *m_identity;
        identity.knownSequence = last;
        identity.knownTime = *time;
        if (const Result<void> renamed = m_positions->rename(identity); renamed)
            m_identity = identity;
    }

    // ---- the end -----------------------------------------------------------------------------------------

    // After a stop: everything sent is acked, and no file is left that could not be found again.
    bool nothingToWaitFor()
    {
        if (m_publisher->outstandingMessages() > 0)
            return false;
        return std::none_of(m_schedule->active().begin(), m_schedule->active().end(),
                            [](const auto& feed) { return feed->feed->isMoved() && !feed->closed; });
    }

    Result<void> finish()
    {
        takeAcks();
        const SteadyTime now = steadyNow();
        if (const std::size_t left = m_publisher->outstandingMessages(); left > 0 && !m_replaced)
            problem(
                fmt::format("{} messages were sent but not confirmed; the next run sends them again", left));
        tellProgress(now, /*atEnd=*/true);
        while (!m_schedule->active().empty())
            takeOut(*m_schedule->active().front());
        Result<void> saved;
        if (!m_replaced) {
            saved = m_positions->commit();
            rememberStream(now, /*atEnd=*/true);
        }
        const PublisherStats& stats = m_publisher->stats();
        m_outcome.messages += stats.acked;
        m_outcome.duplicates += stats.duplicates;
        m_outcome.resent += stats.resent;
        m_outcome.files = std::max<std::uint64_t>(m_outcome.files, m_countedFiles.size());
        return saved;
    }

    void tellProgress(SteadyTime now, bool atEnd = false)
    {
        if (!m_options.onProgress || (!atEnd && now < m_progressAt))
            return;
        m_progressAt = now + m_options.progressEvery;
        HookProgress progress;
        progress.records = m_outcome.records;
        progress.bytes = m_outcome.bytes;
        for (const std::unique_ptr<ScheduledFeed>& scheduled : m_schedule->active()) {
            const FileFeed& feed = *scheduled->feed;
            progress.records += feed.ackedRecords();
            progress.bytes += feed.ackedBytes();
            const std::optional<FileStamp> stamp = stampOf(feed.file().path);
            progress.files.push_back({feed.file().path, feed.source(), feed.ackedRecords(), feed.bytesRead(),
                                      std::max(stamp ? stamp->size : 0, feed.bytesRead())});
        }
        const PublisherStats& stats = m_publisher->stats();
        progress.messages = m_outcome.messages + stats.acked;
        progress.duplicates = m_outcome.duplicates + stats.duplicates;
        progress.resent = m_outcome.resent + stats.resent;
        progress.filesDone = m_filesDone;
        progress.filesWaiting = m_schedule->waiting();
        progress.recordsPerSecond = m_rate.update(progress.records, now);
        progress.trouble = m_publisher->trouble();
        m_options.onProgress(progress);
    }

    const HookOptions& m_options;
    HookOutcome& m_outcome;
    const std::string m_prefix;
    const std::stop_token m_stop;

    // Destroyed in the opposite order: feeds give their sources back to the positions.
    std::optional<PositionStore> m_positions;
    std::unique_ptr<Publisher> m_publisher;
    std::optional<FeedContext> m_context;
    std::optional<FeedSchedule> m_schedule;
    std::optional<OutgoingBuilder> m_builder;

    TargetStream m_target;
    std::optional<StreamIdentity> m_identity;
    bool m_replaced = false;

    RateLimiter m_limiter;
    RateMeter m_rate;
    std::size_t m_turn = 0;
    bool m_starved = false; // the rate limit holds something back
    SteadyTime m_scanAt;
    SteadyTime m_saveAt;
    SteadyTime m_progressAt;
    SteadyTime m_identityAt;
    std::uint64_t m_filesDone = 0;
    std::set<std::string> m_countedFiles;
};

Result<void> checkOptions(const HookOptions& options, const std::string& prefix)
{
    if (options.paths.empty())
        return Error(ErrorCode::InvalidArgument, "nothing to publish: name a file or a folder");
    if (!isValidSubjectPrefix(prefix))
        return Error(
            ErrorCode::InvalidArgument,
            fmt::format("`{}` cannot be what subjects begin with: words with single dots between them, no "
                        "blanks, `*` or `>`",
                        safeForDisplay(prefix)));
    const Result<TimeZone> zone = TimeZone::named(options.timeZone);
    if (!zone)
        return zone.error();
    return {};
}

} // namespace

Result<HookOutcome> runHook(const HookOptions& options, std::stop_token stop)
{
    const std::string prefix =
        options.subjectPrefix.empty() ? std::string(toString(options.kind)) : options.subjectPrefix;
    if (Result<void> checked = checkOptions(options, prefix); !checked)
        return std::move(checked).error();

    HookOutcome outcome;
    outcome.stream = options.stream.empty() ? upperCase(toString(options.kind)) : options.stream;
    while (true) {
        HookRun run(options, outcome, prefix, stop);
        Result<void> done = run.run();
        if (done)
            return outcome;
        if (run.streamWasReplaced() && !stop.stop_requested()) {
            log().warn("{}: everything is published into the new one", done.error().message());
            continue;
        }
        if (outcome.records == 0)
            return std::move(done).error();
        return Error(
            done.error().code(),
            fmt::format("{}; {} records were stored before, and the position is kept: the next run goes on "
                        "from there",
                        done.error().message(), outcome.records));
    }
}

} // namespace jetlag
