// SPDX-License-Identifier: Apache-2.0
#include "replay/source/log_source.h"

#include "model/base/text.h"
#include "model/base/time_zone.h"
#include "model/event/subject.h"
#include "model/record/line_reader.h"
#include "model/record/local_messages.h"
#include "model/record/log_file.h"
#include "replay/source/record_time.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <limits>
#include <unordered_map>
#include <utility>

namespace jetlag {

namespace {

namespace fs = std::filesystem;

bool isCompressed(const fs::path& path)
{
    std::array<unsigned char, 4> head{};
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(head.data()), head.size());
    const bool gzip = head[0] == 0x1f && head[1] == 0x8b;
    const bool zstd = head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd;
    return gzip || zstd;
}

} // namespace

std::optional<RecordKind> logKindFor(std::string_view analyzer) noexcept
{
    if (analyzer == "traffic")
        return RecordKind::Lines;
    const std::optional<RecordKind> kind = recordKindFrom(analyzer);
    return kind == RecordKind::Lines ? std::nullopt : kind;
}

struct LogSource::Impl
{
    struct File
    {
        LogFile log;
        std::uint64_t bytes = 0;
        bool compressed = false;
    };

    Impl(LogSourceOptions givenOptions, std::vector<LogFile> logs, TimeZone zone)
        : options(std::move(givenOptions))
        , framer(FramerOptions{.kind = options.kind,
                               .severalFiles = logs.size() > 1,
                               .application = options.application,
                               .zone = options.timeZone})
        , times(options.kind, std::move(zone))
    {
        for (LogFile& log : logs) {
            std::error_code ignored;
            File file{std::move(log), 0, false};
            file.bytes = fs::file_size(file.log.path, ignored);
            if (ignored)
                file.bytes = 0;
            file.compressed = isCompressed(file.log.path);
            bytesTotal += file.bytes;
            files.push_back(std::move(file));
        }
        if (options.range.from) {
            if (const auto* number = std::get_if<StreamSequence>(&*options.range.from))
                firstNumber = std::max<std::uint64_t>(number->value(), 1);
            else
                fromTime = std::get<ServerTime>(*options.range.from);
        }
        if (options.range.to) {
            if (const auto* number = std::get_if<StreamSequence>(&*options.range.to))
                lastNumber = number->value();
            else
                toTime = std::get<ServerTime>(*options.range.to);
        }
        readsTimes = fromTime || toTime || options.wantTimes;
        picks = readsTimes || firstNumber > 1 || lastNumber != kNoLimit || !options.filters.empty();
        info.filters = options.filters;
        info.first = StreamSequence(firstNumber);
        if (lastNumber != kNoLimit)
            info.last = StreamSequence(lastNumber);
    }

    /// False when there is no further file.
    bool openNext()
    {
        while (fileIndex < files.size()) {
            const File& file = files[fileIndex];
            Result<std::unique_ptr<ByteStream>> stream = openLogBytes(file.log.path);
            const Result<void> begun = stream ? framer.begin(file.log) : Result<void>(stream.error());
            if (begun) {
                reader.emplace(std::move(*stream), LastLine::IsRecord);
                source.clear();
                watermark.reset();
                return true;
            }
            note(begun.error());
            closeFile();
        }
        return false;
    }

    void closeFile()
    {
        reader.reset();
        if (!source.empty()) {
            std::optional<std::uint64_t>& head = heads[source];
            head = std::max(head.value_or(0), lastOffset);
        }
        bytesBefore += files[fileIndex].bytes;
        bytesRead = bytesBefore;
        ++fileIndex;
    }

    /// The first error is what the user gets; the other files go on.
    void note(const Error& error)
    {
        if (!firstError)
            firstError = error;
    }

    /// Frames what comes next of the current file into `framed`, which may stay empty.
    void frameNext()
    {
        const Result<LineOutcome> outcome = reader->next(block);
        if (outcome && *outcome == LineOutcome::Lines) {
            framer.add(block, framed);
            const File& file = files[fileIndex];
            if (!file.compressed)
                bytesRead = bytesBefore + std::min(reader->nextOffset(), file.bytes);
            takeSource();
            return;
        }
        framer.end(framed);
        takeSource();
        if (!outcome)
            note(outcome.error());
        isPartial = framer.partial();
        closeFile();
    }

    /// All records of one file have one source.
    void takeSource()
    {
        if (framed.records.empty())
            return;
        if (source.empty()) {
            source = framed.records.front().source;
            const auto head = heads.find(source);
            readUpTo = head == heads.end() ? std::nullopt : head->second;
        }
        lastOffset = framed.records.back().lastOffset;
    }

    [[nodiscard]] bool matches(std::string_view subject)
    {
        if (options.filters.empty())
            return true;
        if (subject != lastSubject) {
            lastSubject = subject;
            lastMatches = std::ranges::any_of(options.filters, [subject](const std::string& filter) {
                return subjectMatches(filter, subject);
            });
        }
        return lastMatches;
    }

    [[nodiscard]] bool isInTimeRange(const FramedRecord& record)
    {
        if (!readsTimes)
            return true;
        // A record without a time, or one slightly out of order, has the newest time before it.
        if (const std::optional<ServerTime> time = times.timeOf(record.payload))
            watermark = std::max(watermark.value_or(*time), *time);
        return (!fromTime || (watermark && *watermark >= *fromTime)) &&
               (!toTime || !watermark || *watermark <= *toTime);
    }

    /// Moves what was framed into the batch, without what nobody asked for.
    void deliver(MessageBatch& batch)
    {
        const std::uint64_t first = nextNumber;
        nextNumber += framed.records.size();
        if (!picks && !readUpTo) {
            appendLocalMessages(framed, StreamSequence(first), batch);
            return;
        }
        numbers.clear();
        recordTimes.clear();
        std::uint64_t number = first - 1;
        std::erase_if(framed.records, [&](const FramedRecord& record) {
            ++number;
            if (readUpTo && record.lastOffset <= *readUpTo) {
                ++repeated;
                return true;
            }
            // Times are followed over all records, wanted or not.
            if (!isInTimeRange(record) || number < firstNumber || number > lastNumber ||
                !matches(record.subject))
                return true;
            numbers.push_back(number);
            recordTimes.push_back(watermark.value_or(ServerTime{}));
            return false;
        });
        if (framed.records.empty())
            framed.clear();
        else
            appendLocalMessages(framed, StreamSequence(first), batch);
        for (std::size_t i = 0; i < batch.messages.size(); ++i) {
            batch.messages[i].sequence = StreamSequence(numbers[i]);
            batch.messages[i].time = recordTimes[i];
        }
        batch.coveredTo = StreamSequence(std::min(nextNumber - 1, lastNumber));
    }

    static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

    const LogSourceOptions options;
    std::vector<File> files;
    RecordFramer framer;
    RecordTimeReader times;
    SourceInfo info;
    std::uint64_t firstNumber = 1;
    std::uint64_t lastNumber = kNoLimit;
    std::optional<ServerTime> fromTime, toTime;
    bool readsTimes = false;
    bool picks = false; ///< not every record is wanted as it stands

    std::size_t fileIndex = 0;
    std::optional<LineReader> reader; ///< of files[fileIndex]
    LineBlock block;
    FramedBatch framed;
    std::uint64_t nextNumber = 1;
    std::optional<ServerTime> watermark;   ///< the newest record time of this file so far
    std::string source;                    ///< of this file; empty until its first record
    std::uint64_t lastOffset = 0;          ///< of this file's last record
    std::optional<std::uint64_t> readUpTo; ///< an earlier file had this source's records up to here
    std::unordered_map<std::string, std::optional<std::uint64_t>> heads; ///< by source
    std::optional<Error> firstError;
    std::string lastSubject;
    bool lastMatches = false;
    std::vector<std::uint64_t> numbers;
    std::vector<ServerTime> recordTimes;

    std::uint64_t bytesTotal = 0;
    std::uint64_t bytesBefore = 0; ///< of the files that are done
    std::atomic<std::uint64_t> bytesRead = 0;
    std::atomic<std::uint64_t> repeated = 0;
    std::atomic<bool> isPartial = false;
};

LogSource::LogSource(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
LogSource::~LogSource() = default;

Result<std::unique_ptr<LogSource>> LogSource::open(LogSourceOptions options)
{
    if (options.paths.empty())
        return Error(ErrorCode::InvalidArgument, "no log file was named");
    Result<TimeZone> zone = TimeZone::named(options.timeZone);
    if (!zone)
        return Error(ErrorCode::InvalidArgument, zone.error().message());
    Result<std::vector<LogFile>> files = expandLogPaths(options.paths);
    if (!files)
        return files.error();
    return std::unique_ptr<LogSource>(
        new LogSource(std::make_unique<Impl>(std::move(options), std::move(*files), std::move(*zone))));
}

Result<SourceOutcome> LogSource::next(MessageBatch& batch, std::chrono::milliseconds /*wait*/,
                                      std::stop_token stop)
{
    Impl& impl = *m_impl;
    while (!stop.stop_requested()) {
        if (impl.nextNumber > impl.lastNumber || (!impl.reader && !impl.openNext())) {
            if (impl.firstError)
                return *impl.firstError;
            return SourceOutcome::End;
        }
        impl.frameNext();
        if (impl.framed.records.empty())
            continue;
        impl.deliver(batch);
        return SourceOutcome::Batch;
    }
    return SourceOutcome::Idle;
}

const SourceInfo& LogSource::info() const
{
    return m_impl->info;
}

double LogSource::fractionRead() const noexcept
{
    return m_impl->bytesTotal == 0
               ? 1.0
               : static_cast<double>(m_impl->bytesRead) / static_cast<double>(m_impl->bytesTotal);
}

bool LogSource::partial() const noexcept
{
    return m_impl->isPartial;
}

std::uint64_t LogSource::repeatedRecords() const noexcept
{
    return m_impl->repeated;
}

} // namespace jetlag
