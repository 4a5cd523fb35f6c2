// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_writer.h"

#include "model/base/bounded_queue.h"
#include "model/base/text.h"
#include "replay/capture/capture_format.h"
#include "replay/capture/capture_store.h"
#include "replay/capture/chunk_encoder.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

namespace jetlag {

using namespace capture;

namespace {

/// A chunk, whole or so far, on its way to the file, and all that changed with it.
struct ChunkJob
{
    StreamRow stream;     ///< as it stands when this is in the file
    ChunkSummary summary; ///< count 0: only gaps and totals
    std::string body;
    bool goesOn = false; ///< the next job of this stream brings the same chunk again, longer
    std::vector<SequenceGap> gaps;
    std::vector<SubjectTotals> subjects;
};
struct StreamJob
{
    StreamRow row; ///< still without id
    std::promise<Result<StreamRow>> done;
};
struct CommitJob
{
    std::promise<Result<void>> done;
};
struct CloseJob
{
    std::promise<Result<CaptureClosed>> done;
};
using Job = std::variant<ChunkJob, StreamJob, CommitJob, CloseJob>;

/// Strings of chunk size that go round between the two threads.
class SpareBodies final
{
public:
    std::string take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_bodies.empty())
            return {};
        std::string body = std::move(m_bodies.back());
        m_bodies.pop_back();
        return body;
    }
    void give(std::string body)
    {
        const std::lock_guard lock(m_mutex);
        if (m_bodies.size() < 4 && body.capacity() <= 2 * kChunkPayload)
            m_bodies.push_back(std::move(body));
    }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_bodies;
};

struct Counters
{
    std::atomic<std::uint64_t> messages = 0;
    std::atomic<std::uint64_t> bytes = 0;
    std::atomic<std::uint64_t> gaps = 0;
    std::atomic<std::uint64_t> committedMessages = 0;
    std::atomic<std::uint64_t> chunkBytes = 0;
};

/// The writer's own thread: compresses, writes and commits what comes out of the queue.
class Worker final
{
public:
    Worker(std::unique_ptr<CaptureStore> store, const CaptureWriterOptions& options, BoundedQueue<Job>& queue,
           SpareBodies& spare, Counters& counters)
        : m_store(std::move(store))
        , m_options(options)
        , m_queue(queue)
        , m_spare(spare)
        , m_counters(counters)
    {}

    void run()
    {
        for (;;) {
            // 20 ms: fine enough for a deadline of some hundred.
            std::optional<Job> job = m_queue.popFor(
                m_store && m_store->inTransaction() ? std::chrono::milliseconds(20) : std::chrono::hours(1));
            if (job) {
                std::visit([this](auto& what) { handle(what); }, *job);
                continue;
            }
            if (m_queue.isClosed())
                break;
            note(commitIfDue());
        }
        note(commit());
        m_store.reset();
    }

    [[nodiscard]] std::optional<Error> error() const
    {
        const std::lock_guard lock(m_mutex);
        return m_error;
    }

private:
    void handle(ChunkJob& job)
    {
        if (!error()) {
            Result<void> done = write(job);
            if (done)
                done = commitIfDue();
            note(done);
        }
        m_spare.give(std::move(job.body));
    }

    void handle(StreamJob& job)
    {
        if (!error())
            note(commit());
        if (!error())
            note(m_store->addStream(job.row));
        const std::optional<Error> failed = error();
        job.done.set_value(failed ? Result<StreamRow>(*failed) : Result<StreamRow>(std::move(job.row)));
    }

    void handle(CommitJob& job)
    {
        note(commit());
        const std::optional<Error> failed = error();
        job.done.set_value(failed ? Result<void>(*failed) : Result<void>());
    }

    void handle(CloseJob& job)
    {
        note(commit());
        std::optional<Error> failed = error();
        CaptureClosed closed;
        if (!failed) {
            const Result<bool> singleFile = m_store->closeClean();
            if (singleFile)
                closed.singleFile = *singleFile;
            else
                failed = singleFile.error();
        }
        m_queue.close();
        m_store.reset();
        job.done.set_value(failed ? Result<CaptureClosed>(*failed) : Result<CaptureClosed>(closed));
    }

    Result<void> write(ChunkJob& job)
    {
        const std::int64_t stream = job.stream.id;
        if (job.summary.count > 0) {
            m_compressed.resize(ZSTD_compressBound(job.body.size()));
            const std::size_t size = ZSTD_compressCCtx(m_zstd.get(), m_compressed.data(), m_compressed.size(),
                                                       job.body.data(), job.body.size(), kCompressionLevel);
            if (ZSTD_isError(size))
                return Error(ErrorCode::Internal, fmt::format("zstd failed ({})", ZSTD_getErrorName(size)));
            std::int64_t& unfinished = m_unfinished[stream];
            ChunkHead head;
            head.id = unfinished;
            head.stream = stream;
            head.row = {job.summary.firstSequence.value(), job.summary.lastSequence.value(),
                        job.summary.count, job.summary.payloadBytes, job.body.size()};
            head.firstTime = job.summary.firstTime;
            head.lastTime = job.summary.lastTime;
            head.before = job.stream.messages - job.summary.count;
            if (Result<void> put = m_store->putChunk(head, {m_compressed.data(), size}); !put)
                return put;
            unfinished = job.goesOn ? head.id : 0;
            m_uncommittedBytes += size;
        }
        for (const SequenceGap& gap : job.gaps) {
            if (Result<void> put = m_store->addGap(stream, gap); !put)
                return put;
        }
        for (const SubjectTotals& subject : job.subjects) {
            if (Result<void> put = m_store->addToSubject(stream, subject); !put)
                return put;
            m_uncommittedMessages += subject.messages;
        }
        if (Result<void> put = m_store->putStream(job.stream); !put)
            return put;
        if (!m_oldestUncommitted)
            m_oldestUncommitted = m_options.clock->steadyNow();
        return {};
    }

    // The other half of the interval is what the foreground may hold a chunk back.
    Result<void> commitIfDue()
    {
        const bool due = m_uncommittedBytes >= m_options.commitBytes ||
                         (m_oldestUncommitted &&
                          m_options.clock->steadyNow() - *m_oldestUncommitted >= m_options.commitEvery / 2);
        return due ? commit() : Result<void>();
    }

    Result<void> commit()
    {
        if (!m_store || error() || !m_store->inTransaction())
            return {};
        if (Result<void> done = m_store->commit(); !done)
            return done;
        m_counters.committedMessages += std::exchange(m_uncommittedMessages, 0);
        m_counters.chunkBytes += std::exchange(m_uncommittedBytes, 0);
        m_oldestUncommitted.reset();
        return {};
    }

    void note(const Result<void>& result)
    {
        if (result)
            return;
        const std::lock_guard lock(m_mutex);
        if (!m_error)
            m_error.emplace(result.error().code(),
                            fmt::format("{}; {} messages of this recording are safe in it",
                                        result.error().message(), m_counters.committedMessages.load()));
    }

    struct FreeContext
    {
        void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
    };

    std::unique_ptr<CaptureStore> m_store;
    const CaptureWriterOptions& m_options;
    BoundedQueue<Job>& m_queue;
    SpareBodies& m_spare;
    Counters& m_counters;
    std::unique_ptr<ZSTD_CCtx, FreeContext> m_zstd{ZSTD_createCCtx()};
    std::string m_compressed;
    std::map<std::int64_t, std::int64_t> m_unfinished; // by stream, the chunk that the next job replaces
    std::uint64_t m_uncommittedBytes = 0;
    std::uint64_t m_uncommittedMessages = 0;
    std::optional<std::chrono::steady_clock::time_point> m_oldestUncommitted;
    mutable std::mutex m_mutex;
    std::optional<Error> m_error;
};

struct OpenStream
{
    StreamRow row;
    ChunkEncoder encoder;
    std::uint64_t chunkBytes = 0; ///< payloads, subjects and headers in the encoder
    std::vector<SequenceGap> gaps;
    bool changed = false; ///< something is not handed over yet
    std::chrono::steady_clock::time_point handedOver;
};

std::uint64_t sizeOf(const Message& message)
{
    std::uint64_t size = message.payload.size() + message.subject.size();
    for (const HeaderField& field : message.headers)
        size += field.name.size() + field.value.size();
    return size;
}

} // namespace

struct CaptureWriter::Impl
{
    Impl(std::unique_ptr<CaptureStore> openStore, CaptureWriterOptions givenOptions)
        : options(std::move(givenOptions))
        , path(openStore->path())
        , worker(std::move(openStore), options, queue, spare, counters)
    {}

    ~Impl()
    {
        queue.close();
        if (thread.joinable())
            thread.join();
    }

    Result<void> push(Job job)
    {
        if (std::optional<Error> failed = worker.error())
            return *failed;
        if (!queue.push(std::move(job)))
            return worker.error().value_or(Error(
                ErrorCode::Internal, fmt::format("{} was closed already", safeForDisplay(path.string()))));
        return {};
    }

    Result<void> handOver(OpenStream& stream, bool chunkIsWhole)
    {
        ChunkJob job;
        job.stream = stream.row;
        job.summary = stream.encoder.summary();
        if (!stream.encoder.empty()) {
            stream.encoder.takeSubjectTotals(job.subjects);
            job.body = spare.take();
            if (chunkIsWhole) {
                stream.encoder.takeBody(job.body);
                stream.chunkBytes = 0;
            } else {
                stream.encoder.copyBody(job.body);
                job.goesOn = true;
            }
        }
        job.gaps = std::exchange(stream.gaps, {});
        stream.changed = false;
        stream.handedOver = options.clock->steadyNow();
        return push(std::move(job));
    }

    Result<void> handOverAll(bool chunksAreWhole)
    {
        for (std::unique_ptr<OpenStream>& stream : streams) {
            if (!stream->changed && !(chunksAreWhole && !stream->encoder.empty()))
                continue;
            if (Result<void> done = handOver(*stream, chunksAreWhole); !done)
                return done;
        }
        return {};
    }

    Result<void> addMessage(OpenStream& stream, const Message& message)
    {
        StreamRow& row = stream.row;
        if (message.sequence <= std::max(row.coveredTo, row.lastSequence))
            return Error(ErrorCode::InvalidArgument,
                         fmt::format("message {} of {} is in the capture already, or comes out of order",
                                     message.sequence.value(), safeForDisplay(row.identity.name)));
        const std::uint64_t size = sizeOf(message);
        if (!stream.encoder.empty() && stream.chunkBytes + size > kChunkPayload) {
            if (Result<void> done = handOver(stream, /*chunkIsWhole=*/true); !done)
                return done;
        }
        stream.encoder.add(message);
        stream.chunkBytes += size;
        if (row.messages++ == 0) {
            row.firstSequence = message.sequence;
            row.firstTime = message.time;
        }
        row.bytes += message.payload.size();
        row.lastSequence = message.sequence;
        row.lastTime = message.time;
        row.identity.knownSequence = message.sequence;
        row.identity.knownTime = message.time;
        stream.changed = true;
        if (stream.encoder.summary().count == kChunkMessages)
            return handOver(stream, /*chunkIsWhole=*/true);
        return {};
    }

    const CaptureWriterOptions options;
    const std::filesystem::path path;
    // Two jobs: one that is being compressed and one that waits keep both threads busy.
    BoundedQueue<Job> queue{2};
    SpareBodies spare;
    Counters counters;
    Worker worker;
    std::vector<std::unique_ptr<OpenStream>> streams;
    std::thread thread; // runs the worker
};

CaptureWriter::CaptureWriter(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
CaptureWriter::~CaptureWriter() = default;
CaptureWriter::CaptureWriter(CaptureWriter&&) noexcept = default;
CaptureWriter& CaptureWriter::operator=(CaptureWriter&&) noexcept = default;

Result<CaptureWriter> CaptureWriter::open(const std::filesystem::path& path, CaptureWriterOptions options)
{
    using IfExists = CaptureWriterOptions::IfExists;
    std::error_code ignored;
    Target target = Target::New;
    if (options.ifExists == IfExists::Overwrite)
        target = Target::Overwrite;
    else if (options.ifExists == IfExists::Append && std::filesystem::exists(path, ignored))
        target = Target::Append;
    Result<std::unique_ptr<CaptureStore>> store =
        CaptureStore::open(path, target, options.vfs, *options.clock);
    if (!store)
        return std::move(store).error().whileDoing("creating the capture");
    Result<std::vector<StreamRow>> streams = (*store)->streams();
    if (!streams)
        return streams.error();

    auto impl = std::make_unique<Impl>(std::move(*store), std::move(options));
    for (StreamRow& row : *streams) {
        auto stream = std::make_unique<OpenStream>();
        stream->row = std::move(row);
        impl->streams.push_back(std::move(stream));
    }
    impl->thread = std::thread([worker = &impl->worker] { worker->run(); });
    return CaptureWriter(std::move(impl));
}

Result<CaptureWriter::Stream> CaptureWriter::addStream(const CaptureStream& stream)
{
    const std::string shownName = safeForDisplay(stream.identity.name);
    const std::string filters = filtersToJson(stream.filters);
    for (std::size_t index = 0; index < m_impl->streams.size(); ++index) {
        OpenStream& open = *m_impl->streams[index];
        if (open.row.identity.name != stream.identity.name)
            continue;
        if (!isSameStream(open.row.identity, stream.identity))
            return Error(ErrorCode::Conflict,
                         fmt::format("the capture holds another stream of the name {}: created {}, not {}",
                                     shownName, formatRfc3339(open.row.identity.created),
                                     formatRfc3339(stream.identity.created)));
        if (open.row.filters != filters)
            return Error(ErrorCode::Conflict,
                         fmt::format("{} was recorded with the filters {}, not {}", shownName,
                                     safeForDisplay(open.row.filters), safeForDisplay(filters)));
        const StreamSequence covered = open.row.coveredTo;
        if (stream.first <= covered)
            return Error(ErrorCode::InvalidArgument,
                         fmt::format("{} is in the capture up to message {}; go on behind it", shownName,
                                     covered.value()));
        if (stream.first > covered.next()) {
            open.gaps.push_back({covered.next(), stream.first.previous(), GapReason::NotRecorded});
            open.row.coveredTo = stream.first.previous();
            open.changed = true;
            ++m_impl->counters.gaps;
        }
        open.row.identity.created = stream.identity.created;
        if (!stream.config.empty())
            open.row.config = stream.config;
        return Stream{index, open.row.coveredTo};
    }

    StreamJob job;
    job.row.identity = stream.identity;
    job.row.config = stream.config;
    job.row.filters = filters;
    job.row.askedFrom = stream.first;
    job.row.coveredTo = stream.first.previous();
    std::future<Result<StreamRow>> done = job.done.get_future();
    if (Result<void> pushed = m_impl->push(std::move(job)); !pushed)
        return pushed.error();
    Result<StreamRow> row = done.get();
    if (!row)
        return row.error();
    auto open = std::make_unique<OpenStream>();
    open->row = std::move(*row);
    open->handedOver = m_impl->options.clock->steadyNow();
    m_impl->streams.push_back(std::move(open));
    return Stream{m_impl->streams.size() - 1, stream.first.previous()};
}

Result<void> CaptureWriter::add(const Stream& stream, const MessageBatch& batch)
{
    OpenStream& open = *m_impl->streams[stream.index];
    for (const SequenceGap& gap : batch.gaps) {
        if (gap.last <= open.row.coveredTo)
            continue;
        open.gaps.push_back({std::max(gap.first, open.row.coveredTo.next()), gap.last, gap.reason});
        open.changed = true;
        ++m_impl->counters.gaps;
    }
    std::uint64_t bytes = 0;
    for (const Message& message : batch.messages) {
        if (Result<void> done = m_impl->addMessage(open, message); !done)
            return done;
        bytes += message.payload.size();
    }
    const StreamSequence covered = std::max(batch.coveredTo, open.row.lastSequence);
    if (covered > open.row.coveredTo) {
        open.row.coveredTo = covered;
        open.changed = true;
    }
    m_impl->counters.messages += batch.messages.size();
    m_impl->counters.bytes += bytes;

    const auto now = m_impl->options.clock->steadyNow();
    for (std::unique_ptr<OpenStream>& other : m_impl->streams) {
        if (!other->changed || now - other->handedOver < m_impl->options.commitEvery / 2)
            continue;
        if (Result<void> done = m_impl->handOver(*other, /*chunkIsWhole=*/false); !done)
            return done;
    }
    if (std::optional<Error> failed = m_impl->worker.error())
        return *failed;
    return {};
}

Result<void> CaptureWriter::commit()
{
    CommitJob job;
    std::future<Result<void>> done = job.done.get_future();
    Result<void> pushed = m_impl->handOverAll(/*chunksAreWhole=*/false);
    if (pushed)
        pushed = m_impl->push(std::move(job));
    return pushed ? done.get() : pushed;
}

Result<CaptureClosed> CaptureWriter::close()
{
    CloseJob job;
    std::future<Result<CaptureClosed>> done = job.done.get_future();
    Result<void> pushed = m_impl->handOverAll(/*chunksAreWhole=*/true);
    if (pushed)
        pushed = m_impl->push(std::move(job));
    if (!pushed)
        return std::move(pushed).error().whileDoing("closing the capture");
    return done.get();
}

CaptureProgress CaptureWriter::progress() const noexcept
{
    const Counters& counters = m_impl->counters;
    return {counters.messages, counters.bytes, counters.gaps, counters.committedMessages,
            counters.chunkBytes};
}

} // namespace jetlag
