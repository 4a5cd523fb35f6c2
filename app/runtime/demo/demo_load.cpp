// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/demo_load.h"

#include "model/base/clock.h"
#include "model/workload/workload.h"

#include <fmt/format.h>

#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>

namespace jetlag {

namespace {

// A log is flushed after each piece of so much time: a tail sees it grow smoothly.
constexpr std::chrono::milliseconds kPiece{50};

} // namespace

Result<void> growDemoLog(const DemoLoadSpec& spec, std::stop_token stop)
{
    using Steady = std::chrono::steady_clock;
    WorkloadOptions options{.seed = spec.seed, .startTime = toMillis(systemClock().now())};
    options.load = {.perSecond = spec.recordsPerSecond,
                    .burstFactor = 3,
                    .burstEvery = std::chrono::seconds(10),
                    .burstLength = std::chrono::seconds(2)};
    Result<std::unique_ptr<Workload>> workload = makeWorkload(spec.kind, options);
    if (!workload)
        return workload.error();
    const Steady::time_point begin = Steady::now();
    std::map<std::string, std::ofstream, std::less<>> logs;
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        const WorkloadRecord record = (*workload)->next();
        if (begin + record.due > Steady::now()) {
            for (auto& [name, log] : logs)
                log.flush();
            std::unique_lock lock(mutex);
            never.wait_until(lock, stop, begin + std::max(record.due, record.due / kPiece * kPiece + kPiece),
                             [] { return false; });
        }
        auto log = logs.find(record.file);
        if (log == logs.end()) {
            // Finished applications close their logs sooner or later; a demo has few of them.
            const std::filesystem::path path = spec.folder / record.file;
            log =
                logs.emplace(std::string(record.file), std::ofstream(path, std::ios::binary | std::ios::app))
                    .first;
        }
        log->second << record.line << '\n';
        if (!log->second)
            return Error(ErrorCode::Io, fmt::format("cannot write {}: is the disk full?",
                                                    (spec.folder / record.file).string()));
    }
    return {};
}

} // namespace jetlag
