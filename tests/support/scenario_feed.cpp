// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_feed.h"

#include "nats/monitor/sample_line.h"
#include "tests/support/scenario_sampler.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>
#include <utility>

namespace jetlag::test {

namespace {

using namespace std::chrono;

// Samples come a little behind whole seconds, because that is when scenarios act.
constexpr auto kBehind = 150ms;
constexpr auto kPatience = 30s;

std::string numbersOf(const StreamSnapshot* stream, const ConsumerSnapshot* consumer)
{
    if (!stream || !consumer)
        return "no answer";
    return fmt::format(
        "stored {}..{}, delivered {} ({} in all), floor {}, pending {}, in hand {}, again {}, pulls {}",
        stream->firstSequence.value(), stream->lastSequence.value(), consumer->delivered.stream.value(),
        consumer->delivered.consumer.value(), consumer->ackFloor.stream.value(), consumer->pending,
        consumer->ackPending, consumer->redelivered, consumer->waiting);
}

class SampledFeed final : public ScenarioFeed
{
public:
    SampledFeed(Connection& connection, std::string stream, std::string consumer,
                steady_clock::time_point begin)
        : m_sampler(connection, std::move(stream), std::move(consumer))
        , m_next(begin + kBehind)
    {}

    std::optional<Look> next() override
    {
        std::this_thread::sleep_until(m_next);
        // Polls that a slow server made us miss are not made up for.
        while (m_next <= steady_clock::now())
            m_next += 1s;
        Look look{.sample = m_sampler.take().line};
        Result<VerdictSample> sample = m_reader.read(look.sample);
        if (!sample)
            throw std::runtime_error(sample.error().message());
        look.at = steady_clock::now();
        look.numbers = numbersOf(sample->stream.get(), sample->consumer.get());
        look.judgement = m_judge.add(std::move(*sample));
        return look;
    }

private:
    ScenarioSampler m_sampler;
    SampleLineReader m_reader;
    VerdictJudge m_judge;
    steady_clock::time_point m_next;
};

} // namespace

std::unique_ptr<ScenarioFeed> sampledFeed(Connection& connection, std::string stream, std::string consumer,
                                          steady_clock::time_point begin)
{
    return std::make_unique<SampledFeed>(connection, std::move(stream), std::move(consumer), begin);
}

class ScenarioMonitor::Feed final : public ScenarioFeed
{
public:
    Feed(ScenarioMonitor& monitor, std::string stream, std::string consumer)
        : m_monitor(monitor)
        , m_stream(std::move(stream))
        , m_consumer(std::move(consumer))
    {
        const std::lock_guard lock(m_monitor.m_mutex);
        m_monitor.m_seen.insert(m_stream);
        m_next = m_monitor.m_log.count();
    }
    ~Feed() override
    {
        const std::lock_guard lock(m_monitor.m_mutex);
        m_monitor.m_seen.erase(m_stream);
    }

    std::optional<Look> next() override
    {
        const MonitorLog::Report report = m_monitor.m_log.waitFor(m_next, kPatience);
        if (!report)
            return std::nullopt;
        ++m_next;
        Look look{.at = steady_clock::now()};
        // As the console shows it: what has no cause says nothing, who is not listed has no row.
        const CollectorReport* row = findRow(*report, m_stream, m_consumer);
        if (row && row->cause && row->diagnosis)
            look.judgement = {.cause = row->diagnosis->cause, .also = row->diagnosis->also};
        look.judgement.unreachable = !row || row->consumer.stale;
        const StreamReport* stream = findRow(*report, m_stream);
        const bool isAnswered = stream && !look.judgement.unreachable;
        look.numbers =
            numbersOf(isAnswered ? &stream->stream : nullptr, isAnswered ? &row->consumer : nullptr);
        return look;
    }

private:
    ScenarioMonitor& m_monitor;
    const std::string m_stream;
    const std::string m_consumer;
    std::size_t m_next = 0;
};

ScenarioMonitor::ScenarioMonitor(const ConnectionProfile& profile)
    : m_log(profile, 1s, [this](std::string_view stream) { return isSeen(stream); })
{}

std::unique_ptr<ScenarioFeed> ScenarioMonitor::watch(std::string stream, std::string consumer)
{
    return std::make_unique<Feed>(*this, std::move(stream), std::move(consumer));
}

bool ScenarioMonitor::isSeen(std::string_view stream) const
{
    const std::lock_guard lock(m_mutex);
    return m_seen.contains(stream);
}

} // namespace jetlag::test
