#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/record/chain_writer.h"
#include "model/record/framer.h"
#include "model/record/log_file.h"
#include "nats/hook/position_store.h"
#include "nats/hook/tail_file.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace jetlag {

/// What the feeds of one hook share.
struct FeedContext
{
    PositionStore& positions;
    std::string naming; ///< the options that sources get their names by
    bool follow = false;
    /// With follow: a file that was renamed or removed and has not grown for so long is closed; only then
    /// its last line, if it has no end, is a record.
    std::chrono::milliseconds closeAfter{30'000};
    std::set<std::string, std::less<>> activeSources; ///< being published by some feed
    std::stop_token stop;
};

/// One log file on its way into the stream: reads and frames it, goes on where an earlier run stood, and
/// keeps the books of what is sent and what is acked. Knows nothing of the network.
///
///     feed.next(now)     ──▶ Record: record() + previous() ──▶ publish ──▶ sent()
///                            AtEnd:  nothing now (look again later)
///                            Closed: nothing more will come
///     feed.acked(n)      ◀── n records of this feed are stored
///     feed.takePosition() ──▶ what may be saved
///
/// One thread.
class FileFeed final
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    enum class Step {
        Record, ///< record() stands ready
        AtEnd,  ///< nothing now: the file may grow, or its source is being published by another feed
        Closed, ///< the file is read to its end and will not grow
    };

    /// `framer` may know the files before this one of a rolled log.
    FileFeed(LogFile file, RecordFramer framer, FeedContext& context);
    ~FileFeed(); ///< gives its source back
    FileFeed(const FileFeed&) = delete;
    FileFeed& operator=(const FileFeed&) = delete;

    /// Reads on where needed. An error ends the feed: what stands before it was delivered.
    [[nodiscard]] Result<Step> next(TimePoint now);
    [[nodiscard]] const FramedRecord& record() const noexcept { return m_batch.records[m_index]; }
    /// The record's predecessor in its partition.
    [[nodiscard]] std::optional<std::uint64_t> previous(unsigned partition) const;
    void sent(unsigned partition);

    /// `count` records of this feed, from its first on, are acked.
    void acked(std::uint64_t count);
    /// Nothing when it did not change since the last call.
    [[nodiscard]] std::optional<SourcePosition> takePosition();

    /// The file counts as closed now: its last line is a record, what waits for an application gets one.
    void close() noexcept;
    /// The same file was found under another name.
    void renamed(const std::filesystem::path& path);

    [[nodiscard]] const LogFile& file() const noexcept { return m_file; }
    [[nodiscard]] const std::string& source() const noexcept { return m_source; }
    /// What the file looked like before it was read last: where it looks otherwise, there is more to read.
    [[nodiscard]] FileStamp stamp() const;
    [[nodiscard]] bool isMoved() const noexcept { return m_moved; }
    [[nodiscard]] bool wasCut() const noexcept { return m_cut; }
    /// Everything that the file held at lastEnd() was handed out.
    [[nodiscard]] bool caughtUp() const noexcept { return m_atEnd; }
    [[nodiscard]] TimePoint lastEnd() const noexcept { return m_lastEnd; }
    [[nodiscard]] TimePoint lastGrowth() const noexcept { return m_lastGrowth; }
    [[nodiscard]] std::uint64_t sentRecords() const noexcept { return m_sentRecords; }
    [[nodiscard]] std::uint64_t ackedRecords() const noexcept { return m_ackedRecords; }
    [[nodiscard]] std::uint64_t ackedBytes() const noexcept { return m_ackedBytes; }
    /// Records that an earlier run had published.
    [[nodiscard]] std::uint64_t skippedRecords() const noexcept { return m_skippedRecords; }
    [[nodiscard]] std::uint64_t bytesRead() const noexcept; ///< of the file as it lies on disk
    [[nodiscard]] const FramerState& framerState() const noexcept { return m_framer.state(); }
    /// Nothing named the application of its records.
    [[nodiscard]] bool isPartial() const noexcept { return m_framer.partial(); }

private:
    struct SentRecord
    {
        std::uint64_t offset = 0;
        std::uint64_t hash = 0;
        std::uint64_t bytes = 0;
        unsigned partition = 0;
    };
    // From record number `first` on, framing could go on from `offset` with `state`.
    struct Mark
    {
        std::uint64_t first = 0;
        std::uint64_t offset = 0;
        FramerState state;
    };

    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<bool> identify();
    [[nodiscard]] Result<bool> claim();
    [[nodiscard]] Result<void> goOn(const SourcePosition& position);
    [[nodiscard]] Result<LineOutcome> readBlock();
    [[nodiscard]] Result<void> dropPublished();
    [[nodiscard]] bool endFraming();
    void lookAtFile(TimePoint now);
    void mark();
    void noteComplete();
    [[nodiscard]] Error notTheSame(std::uint64_t offset) const;

    LogFile m_file;
    RecordFramer m_framer;
    FeedContext& m_context;

    std::optional<TailFile> m_tail;
    std::string m_source;                   // once claimed
    std::string m_wanted;                   // decided, not yet claimed
    std::optional<SourcePosition> m_resume; // while records of an earlier run are dropped

    LineBlock m_block;
    FramedBatch m_batch;
    std::size_t m_index = 0; // next record of the batch

    ChainWriter m_sentChain;
    ChainWriter m_ackedChain;
    std::deque<SentRecord> m_sent; // not acked yet
    std::deque<Mark> m_marks;      // the front one is that of the last acked record
    SourcePosition m_position;
    bool m_positionChanged = false;

    std::uint64_t m_sentRecords = 0;
    std::uint64_t m_ackedRecords = 0;
    std::uint64_t m_ackedBytes = 0;
    std::uint64_t m_skippedRecords = 0;
    FileStamp m_stampRead;  // taken before what was read last
    FileStamp m_completeAs; // nothing is left behind what that stamp shows
    TimePoint m_lastGrowth;
    TimePoint m_lastEnd;
    bool m_begun = false; // the source is ours, records may go
    bool m_atEnd = false;
    bool m_closing = false; // it will not grow any more
    bool m_tailFinished = false;
    bool m_framingEnded = false;
    bool m_closed = false;
    bool m_moved = false;
    bool m_cut = false;
};

} // namespace jetlag
