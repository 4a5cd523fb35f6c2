// SPDX-License-Identifier: Apache-2.0
#include "replay/source/capture_source.h"

#include "model/base/bounded_queue.h"
#include "model/event/subject.h"
#include "replay/capture/capture_reader.h"
#include "replay/capture/chunk_pool.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace jetlag {

using namespace capture;

namespace {

/// A chunk on its way from the reading thread.
struct RawChunk
{
    ChunkRow row;
    std::shared_ptr<ChunkMemory> memory; ///< decompressed; null when there is no chunk, only gaps
    std::vector<SequenceGap> gaps;       ///< that end at or below coveredTo and were not handed over yet
    StreamSequence coveredTo;
    std::optional<Result<SourceOutcome>> last; ///< how it ended, behind this
};

/// Hands out what was recorded between two sequences as chunks with the gaps around them. One thread, which
/// may be another one than it was made on.
class ChunkScan final
{
public:
    ChunkScan(CaptureReader& reader, const StreamRow& stream, StreamSequence from, StreamSequence to)
        : m_reader(reader)
        , m_stream(stream.id)
        , m_to(to)
        , m_coveredTo(from.previous())
        // One earlier than needed: it tells how many messages there are before the range.
        , m_afterId(std::max<std::int64_t>(reader.seek(stream.id, from) - 1, 0))
    {
        if (m_afterId == 0)
            m_seen = 0;
        if (to >= stream.coveredTo)
            m_total = stream.messages;
    }

    Result<RawChunk> next()
    {
        for (;;) {
            ChunkHead head;
            std::string_view data;
            const Result<CaptureReader::ChunkOutcome> outcome =
                m_reader.nextChunk(m_stream, m_afterId, head, data);
            if (!outcome)
                return outcome.error();
            if (*outcome == CaptureReader::ChunkOutcome::End ||
                (isChunk(*outcome) && head.row.firstSequence > m_to.value()))
                return end();
            m_afterId = head.id;
            if (isChunk(*outcome) && head.row.lastSequence <= m_coveredTo.value()) {
                m_seen = head.before + head.row.count; // before the range
                continue;
            }
            RawChunk chunk;
            chunk.memory = m_pool.take();
            if (!isChunk(*outcome) || !m_decoder.decompress(head.row, data, *chunk.memory)) {
                m_damaged = true;
                continue;
            }
            // Messages that earlier chunks should have had and nobody saw: a row that is gone without a
            // trace.
            m_damaged = m_damaged || (m_seen && head.before > *m_seen);
            m_seen = head.before + head.row.count;
            chunk.row = head.row;
            const StreamSequence first(head.row.firstSequence);
            if (Result<void> gaps =
                    gapsUpTo(std::min(StreamSequence(head.row.lastSequence), m_to), first, chunk.gaps);
                !gaps)
                return gaps.error();
            chunk.coveredTo = m_coveredTo;
            return chunk;
        }
    }

private:
    static bool isChunk(CaptureReader::ChunkOutcome outcome)
    {
        return outcome == CaptureReader::ChunkOutcome::Chunk;
    }

    Result<RawChunk> end()
    {
        m_damaged = m_damaged || (m_seen && *m_seen < m_total);
        RawChunk rest;
        if (m_coveredTo < m_to) {
            if (Result<void> gaps = gapsUpTo(m_to, m_to.next(), rest.gaps); !gaps)
                return gaps.error();
        }
        rest.coveredTo = m_coveredTo;
        rest.last.emplace(SourceOutcome::End);
        return rest;
    }

    /// Takes the recorded gaps up to `to`; where a chunk was damaged, what lies before `nextGood` and is in
    /// no recorded gap is a gap as well.
    Result<void> gapsUpTo(StreamSequence to, StreamSequence nextGood, std::vector<SequenceGap>& out)
    {
        StreamSequence open = m_coveredTo.next(); // the first sequence nobody has accounted for
        const auto addDamaged = [&](StreamSequence before) {
            if (m_damaged && open < before)
                out.push_back({open, before.previous(), GapReason::Damaged});
        };
        for (;;) {
            if (m_nextGap == m_gaps.size() && !m_gapsAtEnd) {
                constexpr std::size_t kPage = 256;
                Result<std::vector<SequenceGap>> page =
                    m_reader.gapsFrom(m_stream, m_gapsFrom.value_or(open), kPage);
                if (!page)
                    return page.error();
                m_gaps = std::move(*page);
                m_nextGap = 0;
                m_gapsAtEnd = m_gaps.size() < kPage;
                if (!m_gaps.empty())
                    m_gapsFrom = m_gaps.back().last.next();
            }
            if (m_nextGap == m_gaps.size() || m_gaps[m_nextGap].first > to)
                break;
            SequenceGap& gap = m_gaps[m_nextGap];
            const SequenceGap part{std::max(gap.first, m_coveredTo.next()), std::min(gap.last, to),
                                   gap.reason};
            if (part.first <= part.last) {
                addDamaged(std::min(part.first, nextGood));
                out.push_back(part);
                open = std::max(open, part.last.next());
            }
            if (gap.last > to) {
                gap.first = to.next(); // the rest of it comes later
                break;
            }
            ++m_nextGap;
        }
        addDamaged(nextGood);
        m_damaged = false;
        m_coveredTo = to;
        return {};
    }

    CaptureReader& m_reader;
    const std::int64_t m_stream;
    const StreamSequence m_to;
    StreamSequence m_coveredTo; ///< everything at or below is handed over
    std::int64_t m_afterId;
    bool m_damaged = false;              ///< a chunk between m_coveredTo and the next good one was damaged
    std::optional<std::uint64_t> m_seen; ///< messages of the stream up to the last good chunk
    std::uint64_t m_total = 0;           ///< that should have been seen at the end
    ChunkDecoder m_decoder;
    ChunkPool m_pool;
    std::vector<SequenceGap> m_gaps; ///< a page of them
    std::size_t m_nextGap = 0;
    bool m_gapsAtEnd = false;
    std::optional<StreamSequence> m_gapsFrom;
};

/// The sequences at which a range of times begins and ends, found in the chunks themselves.
class TimeFinder final
{
public:
    TimeFinder(CaptureReader& reader, std::int64_t stream)
        : m_reader(reader)
        , m_stream(stream)
    {}

    /// The first message at or after `time`; nullopt when there is none.
    Result<std::optional<StreamSequence>> firstAtOrAfter(ServerTime time)
    {
        return scan(
            m_reader.seekFirstReaching(m_stream, time),
            [time](const ChunkHead& head) { return head.lastTime >= time; },
            [time](const std::vector<Message>& messages) -> std::optional<StreamSequence> {
                const auto found =
                    std::ranges::find_if(messages, [time](const Message& m) { return m.time >= time; });
                return found == messages.end() ? std::nullopt : std::optional(found->sequence);
            });
    }

    /// The last message at or before `time`; nullopt when there is none.
    Result<std::optional<StreamSequence>> lastAtOrBefore(ServerTime time)
    {
        return scan(
            m_reader.seekLastBeginningBy(m_stream, time),
            [time](const ChunkHead& head) { return head.firstTime <= time; },
            [time](const std::vector<Message>& messages) -> std::optional<StreamSequence> {
                const auto found = std::find_if(messages.rbegin(), messages.rend(),
                                                [time](const Message& m) { return m.time <= time; });
                return found == messages.rend() ? std::nullopt : std::optional(found->sequence);
            });
    }

private:
    /// The answer of the first chunk behind `afterId` that may have one.
    template <typename MayHold, typename Find>
    Result<std::optional<StreamSequence>> scan(std::int64_t afterId, MayHold mayHold, Find find)
    {
        ChunkHead head;
        for (;;) {
            std::string_view data;
            const Result<CaptureReader::ChunkOutcome> outcome =
                m_reader.nextChunk(m_stream, afterId, head, data);
            if (!outcome)
                return outcome.error();
            if (*outcome == CaptureReader::ChunkOutcome::End)
                return std::optional<StreamSequence>();
            afterId = head.id;
            if (*outcome != CaptureReader::ChunkOutcome::Chunk || !mayHold(head))
                continue;
            m_messages.clear();
            if (!m_decoder.decode(head.row, data, m_memory, m_messages))
                continue;
            if (const std::optional<StreamSequence> sequence = find(m_messages))
                return std::optional(sequence);
        }
    }

    CaptureReader& m_reader;
    const std::int64_t m_stream;
    ChunkDecoder m_decoder;
    ChunkMemory m_memory;
    std::vector<Message> m_messages;
};

} // namespace

struct CaptureSource::Impl
{
    Impl(CaptureReader givenReader, SourceInfo givenInfo, const StreamRow& stream,
         std::vector<std::string> givenFilters)
        : reader(std::move(givenReader))
        , info(std::move(givenInfo))
        , filters(std::move(givenFilters))
        , scan(reader, stream, info.first, *info.last)
        , thread([this](std::stop_token stop) { read(std::move(stop)); })
    {}

    ~Impl()
    {
        thread.request_stop();
        queue.close();
        thread.join();
    }

    void read(std::stop_token stop)
    {
        while (!stop.stop_requested()) {
            Result<RawChunk> chunk = scan.next();
            if (!chunk) {
                RawChunk failed;
                failed.last.emplace(chunk.error());
                queue.push(std::move(failed), stop);
                return;
            }
            const bool isLast = chunk->last.has_value();
            if (!queue.push(std::move(*chunk), stop) || isLast)
                return;
        }
    }

    [[nodiscard]] bool matches(std::string_view subject) const
    {
        return std::ranges::any_of(
            filters, [subject](const std::string& filter) { return subjectMatches(filter, subject); });
    }

    Result<void> deliver(RawChunk& chunk, MessageBatch& batch)
    {
        if (chunk.memory) {
            if (Result<void> parsed = parser.parse(chunk.row, *chunk.memory, batch.messages); !parsed) {
                // Its checksum was right, so a writer made it so: a gap as well, with what lies around it.
                chunk.gaps.push_back({StreamSequence(std::max(chunk.row.firstSequence, info.first.value())),
                                      chunk.coveredTo, GapReason::Damaged});
                std::ranges::sort(chunk.gaps, {}, &SequenceGap::first);
            }
            trim(batch.messages);
            batch.keep(std::move(chunk.memory));
        }
        batch.gaps = std::move(chunk.gaps);
        batch.coveredTo = chunk.coveredTo;
        return {};
    }

    void trim(std::vector<Message>& messages) const
    {
        if (messages.empty())
            return;
        if (messages.back().sequence > *info.last)
            std::erase_if(messages, [this](const Message& message) { return message.sequence > *info.last; });
        if (!messages.empty() && messages.front().sequence < info.first)
            std::erase_if(messages, [this](const Message& message) { return message.sequence < info.first; });
        if (filters.empty())
            return;
        // Subjects are interned in a chunk: the same place is the same subject.
        const char* lastSubject = nullptr;
        bool lastMatches = false;
        std::erase_if(messages, [&](const Message& message) {
            if (message.subject.data() != lastSubject) {
                lastSubject = message.subject.data();
                lastMatches = matches(message.subject);
            }
            return !lastMatches;
        });
    }

    CaptureReader reader; ///< the reading thread's, once it runs
    const SourceInfo info;
    const std::vector<std::string> filters;
    ChunkScan scan; ///< the reading thread's
    ChunkDecoder parser;
    BoundedQueue<RawChunk> queue{3};
    std::optional<Result<SourceOutcome>> ended;
    std::jthread thread;
};

CaptureSource::CaptureSource(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
CaptureSource::~CaptureSource() = default;

Result<std::unique_ptr<CaptureSource>> CaptureSource::open(const std::filesystem::path& path,
                                                           CaptureSourceOptions options)
{
    Result<CaptureReader> reader = CaptureReader::open(path);
    if (!reader)
        return reader.error();
    const Result<StreamRow> stream = reader->stream(options.stream);
    if (!stream)
        return stream.error();

    SourceInfo info;
    info.stream = stream->identity;
    info.filters = options.filters.empty() ? filtersFromJson(stream->filters) : options.filters;
    info.first = stream->askedFrom;
    info.last = stream->coveredTo;
    TimeFinder times(*reader, stream->id);
    if (options.range.from) {
        if (const auto* sequence = std::get_if<StreamSequence>(&*options.range.from)) {
            info.first = std::max(*sequence, stream->askedFrom);
        } else {
            const auto found = times.firstAtOrAfter(std::get<ServerTime>(*options.range.from));
            if (!found)
                return found.error();
            info.first = found->value_or(stream->coveredTo.next());
        }
    }
    if (options.range.to) {
        if (const auto* sequence = std::get_if<StreamSequence>(&*options.range.to)) {
            info.last = std::min(*sequence, stream->coveredTo);
        } else {
            const auto found = times.lastAtOrBefore(std::get<ServerTime>(*options.range.to));
            if (!found)
                return found.error();
            info.last = found->value_or(info.first.previous());
        }
    }
    return std::unique_ptr<CaptureSource>(new CaptureSource(
        std::make_unique<Impl>(std::move(*reader), std::move(info), *stream, std::move(options.filters))));
}

Result<SourceOutcome> CaptureSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                          std::stop_token stop)
{
    Impl& impl = *m_impl;
    if (impl.ended)
        return *impl.ended;
    std::optional<RawChunk> chunk = impl.queue.popFor(wait, stop);
    if (!chunk)
        return SourceOutcome::Idle;
    impl.ended = std::move(chunk->last);
    const bool holdsSomething = chunk->memory || !chunk->gaps.empty() || !impl.ended;
    if (!holdsSomething)
        return *impl.ended;
    if (Result<void> done = impl.deliver(*chunk, batch); !done)
        return done.error();
    return SourceOutcome::Batch;
}

const SourceInfo& CaptureSource::info() const
{
    return m_impl->info;
}

} // namespace jetlag
