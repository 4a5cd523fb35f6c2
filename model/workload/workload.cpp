// SPDX-License-Identifier: Apache-2.0
#include "model/workload/workload.h"

#include "model/base/text.h"
#include "model/workload/hdfs_workload.h"
#include "model/workload/hive_workload.h"
#include "model/workload/spark_workload.h"

#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <string>
#include <system_error>

namespace jetlag {

namespace {

/// One log that is being written.
class LogWriter final
{
public:
    explicit LogWriter(std::filesystem::path path)
        : m_path(std::move(path))
        , m_file(m_path, std::ios::binary)
    {
        m_buffer.reserve(2 * kFlushBytes);
    }

    void add(std::string_view line)
    {
        m_buffer.append(line);
        m_buffer += '\n';
        if (m_buffer.size() >= kFlushBytes)
            flush();
    }

    [[nodiscard]] Result<void> close()
    {
        flush();
        m_file.close();
        if (m_file.fail())
            return Error(ErrorCode::Io, fmt::format("cannot write {}", safeForDisplay(m_path.string())));
        return {};
    }

private:
    static constexpr std::size_t kFlushBytes = 256 * 1024;

    void flush()
    {
        m_file.write(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
        m_buffer.clear();
    }

    std::filesystem::path m_path;
    std::ofstream m_file;
    std::string m_buffer;
};

constexpr std::int64_t kMillisPerRecord = 1'000;

Error unknownKind(std::string_view kind)
{
    return {ErrorCode::InvalidArgument,
            fmt::format("\"{}\" is no workload; there are spark, hdfs and hive", safeForDisplay(kind))};
}

Result<void> writeNewLog(const std::filesystem::path& path, const std::function<void(LogWriter&)>& fill)
{
    std::error_code failure;
    if (std::filesystem::exists(path, failure))
        return Error(ErrorCode::Exists, fmt::format("{} exists already", safeForDisplay(path.string())));
    LogWriter log(path);
    fill(log);
    return log.close();
}

void fillSparkLog(LogWriter& log, SparkApplication& application, std::uint64_t events, std::int64_t startTime)
{
    std::string line;
    for (std::uint64_t i = 0; i < events; ++i) {
        line.clear();
        application.nextOfLast(events - i, startTime + static_cast<std::int64_t>(i) * kMillisPerRecord, line);
        log.add(line);
    }
}

Result<void> writeSparkLogs(const std::filesystem::path& folder, std::uint64_t events, std::uint64_t files,
                            std::uint64_t seed)
{
    const std::int64_t startTime = WorkloadOptions().startTime;
    for (std::uint64_t i = 0; i < files; ++i) {
        SparkApplicationOptions options = sparkApplicationOptions(seed, i, startTime);
        options.jobs = 0;
        const std::filesystem::path path = folder / sparkLogName(options.application);
        SparkApplication application(std::move(options));
        const std::uint64_t share = events / files + (i < events % files ? 1 : 0);
        const Result<void> written =
            writeNewLog(path, [&](LogWriter& log) { fillSparkLog(log, application, share, startTime); });
        if (!written)
            return written;
    }
    return {};
}

Result<void> writeCutLog(Workload& workload, std::string_view kind, const std::filesystem::path& folder,
                         std::uint64_t events, std::uint64_t files)
{
    for (std::uint64_t i = 0; i < files; ++i) {
        const std::string name = kind == "hdfs" ? fmt::format("hdfs-audit-{:03}.log", i + 1)
                                                : fmt::format("hive-query-events-{:03}.jsonl", i + 1);
        const std::uint64_t share = events / files + (i < events % files ? 1 : 0);
        const Result<void> written = writeNewLog(folder / name, [&](LogWriter& log) {
            for (std::uint64_t record = 0; record < share; ++record)
                log.add(workload.next().line);
        });
        if (!written)
            return written;
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Workload>> makeWorkload(std::string_view kind, const WorkloadOptions& options)
{
    if (!(options.load.perSecond > 0) || !(options.load.burstFactor > 0))
        return Error(ErrorCode::InvalidArgument, "a workload needs a rate and a burst factor above 0");
    std::unique_ptr<Workload> workload;
    if (kind == "spark")
        workload = std::make_unique<SparkWorkload>(options);
    else if (kind == "hdfs")
        workload = std::make_unique<HdfsWorkload>(options);
    else if (kind == "hive")
        workload = std::make_unique<HiveWorkload>(options);
    else
        return unknownKind(kind);
    return workload;
}

Result<void> writeWorkload(std::string_view kind, const std::filesystem::path& folder, std::uint64_t events,
                           int files, std::uint64_t seed)
{
    if (files < 1)
        return Error(ErrorCode::InvalidArgument, "a workload needs at least one file");
    WorkloadOptions options;
    options.seed = seed;
    options.load.perSecond = 1'000.0 / kMillisPerRecord;
    options.load.burstFactor = 1;
    Result<std::unique_ptr<Workload>> workload = makeWorkload(kind, options);
    if (!workload)
        return std::move(workload).error();
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return Error(ErrorCode::Io, fmt::format("cannot make the folder {}: {}",
                                                safeForDisplay(folder.string()), failure.message()));
    const auto count = static_cast<std::uint64_t>(files);
    return kind == "spark" ? writeSparkLogs(folder, events, count, seed)
                           : writeCutLog(**workload, kind, folder, events, count);
}

} // namespace jetlag
