// SPDX-License-Identifier: Apache-2.0
#include "model/workload/spark_workload.h"

#include <fmt/format.h>

#include <array>

namespace jetlag {

namespace {

constexpr std::size_t kAtOnce = 3;
constexpr std::array<const char*, 5> kNames{"daily-report", "sessionize", "export-clicks", "train-ranking",
                                            "Spark shell"};
constexpr std::array<const char*, 4> kUsers{"alice", "bob", "carol", "etl"};

} // namespace

SparkApplicationOptions sparkApplicationOptions(std::uint64_t seed, std::uint64_t number,
                                                std::int64_t clusterStart)
{
    WorkloadRandom random(seed * 1'000'003 + number);
    SparkApplicationOptions options;
    options.application.id = fmt::format("application_{}_{:04}", clusterStart, number + 1);
    options.application.attempt = random.chance(400) ? "1" : ""; // cluster mode numbers its attempts
    options.application.name = random.pick(kNames);
    options.application.user = random.pick(kUsers);
    options.seed = random.next();
    options.executors = static_cast<int>(random.between(2, 5));
    options.jobs = static_cast<int>(random.between(4, 12));
    return options;
}

std::string sparkLogName(const spark_text::Application& application)
{
    return application.attempt.empty() ? application.id : application.id + '_' + application.attempt;
}

SparkWorkload::SparkWorkload(const WorkloadOptions& options)
    : m_options(options)
    , m_random(options.seed)
    , m_schedule(options.load)
{
    for (std::size_t i = 0; i < kAtOnce; ++i)
        m_logs.push_back(nextApplication());
}

SparkWorkload::Log SparkWorkload::nextApplication()
{
    SparkApplicationOptions options =
        sparkApplicationOptions(m_options.seed, m_started++, m_options.startTime);
    std::string name = sparkLogName(options.application);
    return {std::move(name), SparkApplication(std::move(options))};
}

WorkloadRecord SparkWorkload::next()
{
    const std::chrono::milliseconds due = m_schedule.next();
    Log& log = m_logs[m_random.below(m_logs.size())];
    m_line.clear();
    log.application.next(m_options.startTime + due.count(), m_line);
    if (!log.application.ended())
        return {log.name, m_line, due};
    m_ended = log.name;
    log = nextApplication();
    return {m_ended, m_line, due};
}

} // namespace jetlag
