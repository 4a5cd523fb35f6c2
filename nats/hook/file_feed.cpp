// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/file_feed.h"

#include "model/base/hash.h"
#include "model/base/log.h"
#include "model/base/text.h"

#include <fmt/format.h>

#include <utility>

namespace jetlag {

FileFeed::FileFeed(LogFile file, RecordFramer framer, FeedContext& context)
    : m_file(std::move(file))
    , m_framer(std::move(framer))
    , m_context(context)
{}

FileFeed::~FileFeed()
{
    if (m_source.empty())
        return;
    m_context.activeSources.erase(m_source);
    m_context.positions.release(m_source);
}

// ---- where reading begins --------------------------------------------------------------------------------

Result<void> FileFeed::open()
{
    std::optional<SourcePosition> whole;
    if (const std::optional<FileStamp> stamp = stampOf(m_file.path)) {
        Result<std::optional<SourcePosition>> found =
            m_context.positions.findComplete(*stamp, m_context.naming);
        if (!found)
            return std::move(found).error();
        whole = std::move(*found);
    }
    Result<TailFile> tail = TailFile::open(m_file.path, m_context.follow, 0, m_context.stop);
    if (!tail)
        return std::move(tail).error();
    m_tail.emplace(std::move(*tail));

    // Published to its end, and untouched since: there is no need to decompress it only to see that.
    const bool done = whole && (!m_context.follow || m_tail->isCompressed());
    if (Result<void> begun = m_framer.begin(m_file, done ? whole->framerLatest : FramerState()); !begun)
        return begun;
    if (done) {
        m_skippedRecords = whole->ackedRecords;
        m_atEnd = true;
        m_closed = true;
    }
    return {};
}

// Reads until the log has said whose it is. False: not yet, or it ended without a line.
Result<bool> FileFeed::identify()
{
    while (!m_framer.state().decided()) {
        const Result<LineOutcome> outcome = readBlock();
        if (!outcome)
            return outcome.error();
        if (*outcome == LineOutcome::Lines)
            continue;
        if (m_context.follow && !m_closing)
            return false;
        if (!m_tailFinished) {
            m_tail->finish(); // a last line without an end counts now
            m_tailFinished = true;
            continue;
        }
        if (!endFraming()) {
            m_closed = true; // not a single line
            return false;
        }
    }
    return true;
}

// False: another feed publishes that source at the moment.
Result<bool> FileFeed::claim()
{
    const std::string& source = m_framer.state().source;
    if (m_context.activeSources.contains(source))
        return false;
    const Result<PositionStore::Claim> claim = m_context.positions.claim(source);
    if (!claim)
        return claim.error();
    if (*claim == PositionStore::Claim::HeldElsewhere)
        return Error(ErrorCode::Conflict,
                     fmt::format("{} is being published by another hook (source {})",
                                 safeForDisplay(m_file.path.native()), safeForDisplay(source)));
    m_context.activeSources.insert(source);
    m_source = source;
    m_position.source = source;
    m_begun = true;

    Result<std::optional<SourcePosition>> position = m_context.positions.find(source);
    if (!position)
        return std::move(position).error();
    if (*position) {
        if (Result<void> done = goOn(**position); !done)
            return std::move(done).error();
    }
    return true;
}

Result<void> FileFeed::goOn(const SourcePosition& position)
{
    m_position = position;
    m_skippedRecords = position.ackedRecords;
    m_sentChain = ChainWriter(position.heads);
    m_ackedChain = m_sentChain;

    Result<TailFile> tail = m_tail->reopened(position.resumeOffset, m_context.stop);
    if (!tail && tail.error().code() == ErrorCode::Conflict) {
        // A part of what was published: a copy cut short, or one that is still being written.
        log().info("{}: nothing new in it", tail.error().message());
        m_batch.clear();
        m_index = 0;
        m_atEnd = true;
        m_closed = true;
        return {};
    }
    if (!tail)
        return std::move(tail).error();
    m_tail.emplace(std::move(*tail));
    m_tailFinished = false;
    m_framingEnded = false;
    m_batch.clear();
    m_index = 0;
    m_marks.clear();
    m_marks.push_back({0, position.resumeOffset, position.framer});
    m_resume = position;
    return m_framer.begin(m_file, position.framer);
}

// Records up to the acked one were published by an earlier run.
Result<void> FileFeed::dropPublished()
{
    while (m_resume && m_index < m_batch.records.size()) {
        const FramedRecord& record = m_batch.records[m_index];
        if (record.lastOffset > m_resume->ackedOffset)
            return notTheSame(m_resume->ackedOffset);
        if (record.lastOffset == m_resume->ackedOffset) {
            if (hash64(record.payload) != m_resume->ackedHash)
                return notTheSame(m_resume->ackedOffset);
            m_resume.reset();
        }
        ++m_index;
    }
    return {};
}

Error FileFeed::notTheSame(std::uint64_t offset) const
{
    return {
        ErrorCode::Conflict,
        fmt::format("{} begins like a log that was published before (source {}), but differs from it at byte "
                    "{}: give it a name of its own with --source",
                    safeForDisplay(m_file.path.native()), safeForDisplay(m_source), offset)};
}

// ---- reading ---------------------------------------------------------------------------------------------

// The records that come next can be framed again from here.
void FileFeed::mark()
{
    const bool fromHere = m_framer.state().decided() && m_framer.waiting() == 0 && !m_block.lines.empty();
    m_marks.push_back({m_sentRecords, fromHere ? m_block.lines.front().offset : 0,
                       fromHere ? m_framer.state() : FramerState()});
}

Result<LineOutcome> FileFeed::readBlock()
{
    m_batch.clear();
    m_index = 0;
    m_stampRead = m_tail->stamp();
    Result<LineOutcome> outcome = m_tail->next(m_block);
    if (outcome && *outcome == LineOutcome::Lines) {
        m_atEnd = false;
        mark();
        m_framer.add(m_block, m_batch);
        if (m_batch.records.empty())
            m_marks.pop_back();
    }
    m_block.clear();
    return outcome;
}

// What still waits for an application's name gets one. True: there are records now.
bool FileFeed::endFraming()
{
    if (m_framingEnded)
        return false;
    m_framingEnded = true;
    mark();
    m_framer.end(m_batch);
    if (!m_batch.records.empty())
        return true;
    m_marks.pop_back();
    return false;
}

void FileFeed::lookAtFile(TimePoint now)
{
    switch (m_tail->look()) {
    case TailFile::State::Same:
        m_moved = false;
        break;
    case TailFile::State::Moved:
        m_moved = true;
        break;
    case TailFile::State::Cut:
        log().info("{} was cut: it is read again as another log", safeForDisplay(m_file.path.native()));
        m_cut = true;
        m_closed = true;
        return;
    }
    if ((m_moved || m_tail->isCompressed()) && now - m_lastGrowth > m_context.closeAfter)
        m_closing = true;
}

Result<FileFeed::Step> FileFeed::next(TimePoint now)
{
    if (m_begun && m_index < m_batch.records.size())
        return Step::Record;
    if (m_closed)
        return Step::Closed;
    if (!m_tail) {
        m_lastGrowth = now;
        if (Result<void> opened = open(); !opened)
            return std::move(opened).error();
    } else if (m_atEnd && m_context.follow && !m_closing) {
        // Before reading: bytes that stand where a cut file has grown again must not be taken for its rest.
        lookAtFile(now);
    }
    if (m_closed)
        return Step::Closed;

    if (!m_begun) {
        const Result<bool> identified = identify();
        if (!identified)
            return identified.error();
        if (*identified) {
            const Result<bool> claimed = claim();
            if (!claimed)
                return claimed.error();
        }
        if (m_closed)
            return Step::Closed;
        if (!m_begun) {
            m_atEnd = true;
            m_lastEnd = now;
            return Step::AtEnd;
        }
    }
    while (true) {
        if (m_resume) {
            if (Result<void> dropped = dropPublished(); !dropped)
                return std::move(dropped).error();
        }
        if (m_index < m_batch.records.size())
            return Step::Record;
        const Result<LineOutcome> outcome = readBlock();
        if (!outcome)
            return outcome.error();
        if (*outcome == LineOutcome::Lines) {
            m_lastGrowth = now;
            continue;
        }
        if (m_context.follow && !m_closing)
            break;
        if (!m_tailFinished) {
            m_tailFinished = true;
            m_tail->finish();
            continue;
        }
        if (endFraming())
            continue;
        m_closed = true;
        m_atEnd = true;
        noteComplete();
        return Step::Closed;
    }
    m_atEnd = true;
    m_lastEnd = now;
    noteComplete();
    return Step::AtEnd;
}

std::optional<std::uint64_t> FileFeed::previous(unsigned partition) const
{
    return m_sentChain.previous(record().source, partition);
}

void FileFeed::sent(unsigned partition)
{
    const FramedRecord& record = m_batch.records[m_index];
    m_sent.push_back({record.lastOffset, hash64(record.payload), record.fullLength, partition});
    m_sentChain.published(record.source, partition, record.lastOffset);
    ++m_index;
    ++m_sentRecords;
}

// ---- what is acked ---------------------------------------------------------------------------------------

void FileFeed::acked(std::uint64_t count)
{
    if (m_ackedRecords >= count)
        return;
    while (m_ackedRecords < count && !m_sent.empty()) {
        const SentRecord& record = m_sent.front();
        m_position.ackedOffset = record.offset;
        m_position.ackedHash = record.hash;
        ++m_position.ackedRecords;
        m_ackedBytes += record.bytes;
        m_ackedChain.published(m_source, record.partition, record.offset);
        m_sent.pop_front();
        ++m_ackedRecords;
    }
    while (m_marks.size() > 1 && m_marks[1].first < m_ackedRecords)
        m_marks.pop_front();
    m_positionChanged = true;
}

// The file as it was before the last look is published to its end, once everything sent is acked.
void FileFeed::noteComplete()
{
    if (!m_begun || m_cut || m_resume)
        return;
    const bool nothingKeptBack =
        m_closed ||
        (!m_tail->isCompressed() && m_tail->nextOffset() == m_stampRead.size && m_framer.waiting() == 0);
    if (!nothingKeptBack || m_completeAs == m_stampRead)
        return;
    m_completeAs = m_stampRead;
    m_positionChanged = m_position.ackedRecords > 0 || !m_sent.empty();
}

std::optional<SourcePosition> FileFeed::takePosition()
{
    if (!m_positionChanged || m_position.ackedRecords == 0)
        return std::nullopt;
    m_positionChanged = false;
    if (!m_marks.empty()) {
        m_position.resumeOffset = m_marks.front().offset;
        m_position.framer = m_marks.front().state;
    }
    m_position.framerLatest = m_framer.state();
    m_position.heads = m_ackedChain.headsOf(m_source);
    m_position.naming = m_context.naming;
    const bool allAcked = m_sent.empty() && m_index >= m_batch.records.size() && m_atEnd;
    m_position.complete = allAcked ? m_completeAs : FileStamp();
    return m_position;
}

// ---- from outside ----------------------------------------------------------------------------------------

void FileFeed::close() noexcept
{
    m_closing = true;
}

void FileFeed::renamed(const std::filesystem::path& path)
{
    m_file.path = path;
    m_moved = false;
    if (m_tail)
        m_tail->setPath(path);
}

FileStamp FileFeed::stamp() const
{
    if (m_tail && m_stampRead != FileStamp())
        return m_stampRead;
    return stampOf(m_file.path).value_or(FileStamp());
}

std::uint64_t FileFeed::bytesRead() const noexcept
{
    return m_tail ? m_tail->bytesRead() : 0;
}

} // namespace jetlag
