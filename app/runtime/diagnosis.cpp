// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/diagnosis.h"

#include "app/runtime/connections.h"
#include "app/runtime/held_bodies.h"
#include "app/runtime/sample_file.h"
#include "model/base/text.h"
#include "model/cluster/verdict_board.h"
#include "model/verdict/slower_poll.h"
#include "nats/monitor/monitor_probe.h"
#include "nats/monitor/sample_line.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>

namespace jetlag {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kBeat = 1s;
constexpr auto kLeast = 5s; ///< a cause that was named sooner may be refuted
constexpr auto kMost = 15s;
constexpr unsigned kFailuresForStale = 3;

/// Waits without holding up a cancel.
void sleepUntil(Steady::time_point due, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_until(lock, stop, due, [] { return false; });
}

bool isEnough(const DiagnosisRequest& request, Steady::duration looked, const Diagnosis* last)
{
    if (request.lookFor)
        return looked >= *request.lookFor;
    return looked >= kMost || (looked >= kLeast && last != nullptr && last->cause);
}

/// Names as they were asked for: a server that does not answer tells none.
std::shared_ptr<const Diagnosis> named(std::shared_ptr<const Diagnosis> diagnosis,
                                       const DiagnosisRequest& request)
{
    if (diagnosis && !diagnosis->collector.empty())
        return diagnosis;
    Diagnosis copy = diagnosis ? *diagnosis : Diagnosis();
    copy.stream = request.stream;
    copy.collector = request.collector;
    return std::make_shared<const Diagnosis>(std::move(copy));
}

Result<Diagnosis> lookAndJudge(const DiagnosisRequest& request, RealServerLink& link, SampleFile* record,
                               const std::function<void(std::shared_ptr<const Diagnosis>)>& each,
                               Job<Diagnosis>& job)
{
    const ConsumerName name{request.stream, request.collector};
    MonitorProbe probe(link.reads(), {.only = name, .timeout = 2s});
    VerdictBoard board;
    if (record != nullptr)
        board.tellSamples([record](const ConsumerName&, const VerdictSample& sample) {
            record->write(sampleLine(sample));
        });
    std::shared_ptr<const Diagnosis> last;
    const auto began = Steady::now();
    std::atomic<bool> broke = true;
    const ConnectionListener listener =
        link.reads().listenToConnection([&broke](const ConnectionEvent& event) {
            if (event.kind == ConnectionEvent::Kind::Disconnected ||
                event.kind == ConnectionEvent::Kind::Reconnected)
                broke = true;
        });
    unsigned failures = 0;
    for (std::uint64_t looks = 0; !job.isCancelled() && !isEnough(request, Steady::now() - began, last.get());
         ++looks) {
        const auto due = Steady::now() + kBeat;
        const Result<ClusterSnapshot> snapshot = probe.look(job.stopToken());
        if (snapshot) {
            if (looks == 0 && snapshot->consumers.empty() && snapshot->missingConsumers.empty())
                return Error(ErrorCode::NotFound,
                             fmt::format("stream {} has no consumer {}: jetlagctl report lists them",
                                         safeForDisplay(request.stream), safeForDisplay(request.collector)));
            ClusterSnapshot seen = *snapshot;
            for (const ConsumerName& missing : snapshot->missingConsumers) {
                ConsumerSnapshot& stale = seen.consumers.emplace_back();
                stale.stream = missing.stream;
                stale.name = missing.name;
                stale.stale = true;
            }
            board.look(seen, probe.takeAdvisories(), broke.exchange(false), probe, job.stopToken());
            failures = 0;
        } else {
            if (looks == 0 && snapshot.error().code() == ErrorCode::NotFound)
                return Error(ErrorCode::NotFound,
                             fmt::format("there is no stream {}: jetlagctl report lists them",
                                         safeForDisplay(request.stream)));
            if (looks == 0 && snapshot.error().code() != ErrorCode::Timeout)
                return snapshot.error();
            board.noAnswer(Steady::now(), systemClock().now(), SampleError::NoAnswer);
            if (last == nullptr && ++failures >= kFailuresForStale)
                return snapshot.error();
        }
        const VerdictBoard::Standing* standing = board.standing(name);
        if (standing != nullptr && standing->diagnosis) {
            last = named(standing->diagnosis, request);
            each(last);
        }
        job.setProgress({.done = looks + 1, .unit = "samples", .words = "looking"});
        sleepUntil(due, job.stopToken());
    }
    if (record != nullptr && record->hasFailed())
        return Error(ErrorCode::Io, "the samples could not be written: is the disk full?");
    if (last == nullptr)
        return Error(ErrorCode::Cancelled, "stopped before the first sample");
    Diagnosis whole = *last;
    readHeldBodies(whole, link.reads(), job.stopToken());
    return whole;
}

} // namespace

JobPtr<std::uint64_t> RealDiagnosisService::judge(SamplesRequest request,
                                                  std::function<void(const JudgedSample&)> each)
{
    return m_runner.start<std::uint64_t>([request = std::move(request), each = std::move(each)](
                                             Job<std::uint64_t>& job) -> Result<std::uint64_t> {
        const std::string name = safeForDisplay(request.file.string());
        std::ifstream file(request.file);
        if (!file || std::filesystem::is_directory(request.file))
            return Error(ErrorCode::NotFound,
                         fmt::format("cannot read the samples {}: is it a file that you may read?", name));
        SampleLineReader reader;
        SlowerPoll poll(request.every);
        VerdictJudge judge;
        std::string line;
        std::uint64_t used = 0;
        for (std::uint64_t number = 0; std::getline(file, line) && !job.isCancelled(); ++number) {
            if (line.empty())
                continue;
            Result<VerdictSample> sample = reader.read(line);
            if (!sample)
                return sample.error().whileDoing(fmt::format("{}, line {}", name, number + 1));
            std::optional<VerdictSample> seen = poll.take(std::move(*sample));
            if (!seen)
                continue;
            const double at = seen->at;
            each({.at = at, .judgement = judge.add(std::move(*seen))});
            ++used;
            job.setProgress({.done = used, .unit = "samples", .words = "judging"});
        }
        if (used == 0 && !job.isCancelled())
            return Error(ErrorCode::NotFound, fmt::format("{} holds no sample", name));
        return used;
    });
}

JobPtr<Diagnosis> RealDiagnosisService::diagnose(DiagnosisRequest request,
                                                 std::function<void(std::shared_ptr<const Diagnosis>)> each)
{
    return m_runner.start<Diagnosis>(
        [request = std::move(request), each = std::move(each)](Job<Diagnosis>& job) -> Result<Diagnosis> {
            const Result<std::shared_ptr<RealServerLink>> link = realLink(request.server);
            if (!link)
                return link.error();
            if (request.record.empty())
                return lookAndJudge(request, **link, nullptr, each, job);
            Result<SampleFile> file = SampleFile::open(request.record);
            if (!file)
                return file.error();
            return lookAndJudge(request, **link, &*file, each, job);
        });
}

} // namespace jetlag
