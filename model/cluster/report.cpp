// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/report.h"

#include "model/cluster/visibility.h"
#include "model/lag/rates.h"
#include "model/thresholds/thresholds_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

/// Finds rows of a sorted list that are asked for in its order: each step goes on where the last one ended,
/// so that ten thousand of them cost a comparison or two each, not fifteen all over the memory.
template <typename Row>
class SortedWalk final
{
public:
    explicit SortedWalk(const std::vector<Row>* rows)
        : m_rows(rows)
    {}
    /// `order(row)` is below, at or above 0 as the row lies before, at or behind what is wanted.
    template <typename Order>
    [[nodiscard]] const Row* find(Order order)
    {
        if (m_rows == nullptr)
            return nullptr;
        while (m_at < m_rows->size() && order((*m_rows)[m_at]) < 0)
            ++m_at;
        return m_at < m_rows->size() && order((*m_rows)[m_at]) == 0 ? &(*m_rows)[m_at] : nullptr;
    }

private:
    const std::vector<Row>* m_rows; ///< null = nothing is found
    std::size_t m_at = 0;
};

auto streamNamed(const std::string& name)
{
    return [&name](const StreamSnapshot& row) { return row.name.compare(name); };
}

auto sameConsumerAs(const ConsumerSnapshot& wanted)
{
    return [&wanted](const ConsumerSnapshot& row) {
        const int stream = row.stream.compare(wanted.stream);
        return stream != 0 ? stream : row.name.compare(wanted.name);
    };
}

std::vector<const ConsumerSnapshot*> consumersOf(const ClusterSnapshot& snapshot, const std::string& stream)
{
    const auto first = std::lower_bound(
        snapshot.consumers.begin(), snapshot.consumers.end(), stream,
        [](const ConsumerSnapshot& consumer, const std::string& wanted) { return consumer.stream < wanted; });
    std::vector<const ConsumerSnapshot*> consumers;
    for (auto at = first; at != snapshot.consumers.end() && at->stream == stream; ++at)
        consumers.push_back(&*at);
    return consumers;
}

/// Deliveries of each message that was naked.
std::map<ConsumerName, std::vector<std::uint64_t>> naksOf(std::span<const Advisory> advisories)
{
    std::map<ConsumerName, std::vector<std::uint64_t>> naks;
    for (const Advisory& advisory : advisories) {
        if (advisory.kind == "nak")
            naks[{advisory.stream, advisory.consumer}].push_back(advisory.deliveries);
    }
    return naks;
}

/// Naks that bring a redelivery: the last delivery that is allowed brings none.
std::uint64_t redeliveredSoon(const std::map<ConsumerName, std::vector<std::uint64_t>>& naks,
                              const ConsumerSnapshot& consumer)
{
    const auto found = naks.find({consumer.stream, consumer.name});
    if (found == naks.end())
        return 0;
    return static_cast<std::uint64_t>(std::ranges::count_if(found->second, [&](std::uint64_t deliveries) {
        return consumer.maxDeliver <= 0 || deliveries < static_cast<std::uint64_t>(consumer.maxDeliver);
    }));
}

/// Time between the moments that two rows' numbers are of. One that took long to come may be of any moment
/// since it was asked for: then rather a rate that is too low than one that nobody made.
template <typename Row>
std::chrono::duration<double> between(const Row& before, const Row& now, std::chrono::duration<double> looks)
{
    using Seconds = std::chrono::duration<double>;
    if (!before.askedAt.isNoted() || !now.askedAt.isNoted())
        return looks;
    const Seconds least = now.askedAt.asked - before.askedAt.told;
    const Seconds most = now.askedAt.told - before.askedAt.asked;
    if (before.answered && now.answered)
        return std::clamp(Seconds(*now.answered - *before.answered), std::min(least, most), most);
    constexpr double kSlight = 0.1;
    const Seconds middle = (least + most) / 2;
    return (most - least) / 2 <= kSlight * middle ? middle : most;
}

/// Names are in order already: among equals they stay so. A row is large, so each moves once.
std::vector<CollectorReport> mostLagFirst(std::vector<CollectorReport> rows)
{
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return rows[a].lag > rows[b].lag; });
    std::vector<CollectorReport> sorted;
    sorted.reserve(rows.size());
    for (const std::uint32_t index : order)
        sorted.push_back(std::move(rows[index]));
    return sorted;
}

template <typename T>
Json orNull(const std::optional<T>& value)
{
    if constexpr (std::is_floating_point_v<T>) {
        if (value && !std::isfinite(*value))
            return nullptr;
    }
    return value ? Json(*value) : Json(nullptr);
}

Json orNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json timeOrNull(ServerTime time)
{
    return time == ServerTime{} ? Json(nullptr) : Json(toMillis(time));
}

Json replicasJson(const PlacementSnapshot& placement)
{
    Json list = Json::array();
    for (const ReplicaSnapshot& replica : placement.replicas)
        list.push_back({{"name", replica.name},
                        {"current", replica.current},
                        {"offline", replica.offline},
                        {"active_seconds", std::chrono::duration<double>(replica.active).count()},
                        {"lag", replica.lag}});
    return list;
}

Json findingsJson(const std::vector<StreamFinding>& findings)
{
    Json list = Json::array();
    for (const StreamFinding& finding : findings)
        list.push_back({{"finding", finding.kind}, {"sentence", finding.sentence}});
    return list;
}

Json streamJson(const StreamReport& row)
{
    const StreamSnapshot& stream = row.stream;
    return {{"stream", stream.name},
            {"messages", stream.messages},
            {"bytes", stream.bytes},
            {"first_sequence", stream.firstSequence.value()},
            {"last_sequence", stream.lastSequence.value()},
            {"in_per_second", orNull(row.inPerSecond)},
            {"in_bytes_per_second", orNull(row.inBytesPerSecond)},
            {"first_time", timeOrNull(stream.firstTime)},
            {"last_time", timeOrNull(stream.lastTime)},
            {"deleted", stream.deleted},
            {"subjects", stream.subjects},
            {"subject_count", stream.subjectCount},
            {"consumers", stream.consumerCount},
            {"retention", orNull(stream.retention)},
            {"storage", orNull(stream.storage)},
            {"created", timeOrNull(stream.created)},
            {"leader", orNull(stream.placement.leader)},
            {"replicas", replicasJson(stream.placement)},
            {"thresholds", thresholdsJson(crossedThresholds(stream))},
            {"stale", stream.stale},
            {"findings", findingsJson(row.findings)}};
}

Json alsoJson(const CollectorReport& row)
{
    Json also = Json::array();
    if (row.diagnosis) {
        for (const Cause cause : row.diagnosis->also)
            also.push_back(toString(cause));
    }
    return also;
}

Json collectorJson(const CollectorReport& row)
{
    const ConsumerSnapshot& consumer = row.consumer;
    return {
        {"stream", consumer.stream},
        {"collector", consumer.name},
        {"delivered", consumer.delivered.stream.value()},
        {"ack_floor", consumer.ackFloor.stream.value()},
        {"pending", consumer.pending},
        {"ack_pending", consumer.ackPending},
        {"redelivered", consumer.redelivered},
        {"waiting", consumer.waiting},
        {"lag", row.lag},
        {"delivered_per_second", orNull(row.deliveredPerSecond)},
        {"acked_per_second", orNull(row.ackedPerSecond)},
        {"redelivered_per_second", orNull(row.redeliveredPerSecond)},
        {"time_lag_seconds", orNull(row.timeLagSeconds)},
        {"runway_seconds", orNull(row.runwaySeconds)},
        {"eta_seconds", orNull(row.etaSeconds)},
        {"verdict", orNull(row.verdict)},
        {"cause", orNull(row.cause)},
        {"leader", orNull(consumer.placement.leader)},
        {"replicas", replicasJson(consumer.placement)},
        {"delivered_consumer_sequence", consumer.delivered.consumer.value()},
        {"ack_floor_consumer_sequence", consumer.ackFloor.consumer.value()},
        {"filters", consumer.filters},
        {"ack_policy", orNull(consumer.ackPolicy)},
        {"push", !consumer.isPull()},
        {"push_bound", consumer.pushBound},
        {"durable", consumer.isDurable()},
        {"paused", consumer.paused},
        {"created", timeOrNull(consumer.created)},
        {"stale", consumer.stale},
        {"thresholds", thresholdsJson(crossedThresholds(consumer, consumer.answered.value_or(ServerTime{})))},
        {"delivery_lag_seconds", orNull(row.deliveryLagSeconds)},
        {"since",
         row.diagnosis && row.diagnosis->since ? Json(toMillis(*row.diagnosis->since)) : Json(nullptr)},
        {"since_or_earlier", row.diagnosis && row.diagnosis->sinceOrEarlier},
        {"sentence", row.diagnosis ? Json(row.diagnosis->sentence) : Json(nullptr)},
        {"also", alsoJson(row)}};
}

} // namespace

ClusterReport makeReport(const ClusterSnapshot* before, const ClusterSnapshot& now, bool all,
                         std::span<const Advisory> advisories)
{
    const std::map<ConsumerName, std::vector<std::uint64_t>> naks = naksOf(advisories);
    ClusterReport report;
    report.at = now.at;
    report.server = now.server;
    report.problems = now.problems;
    report.missingPermissions = now.missingPermissions;
    const std::chrono::duration<double> seconds =
        before ? now.sampled - before->sampled : std::chrono::seconds(0);

    SortedWalk streamsBefore(before ? &before->streams : nullptr);
    report.streams.reserve(now.streams.size());
    for (const StreamSnapshot& stream : now.streams) {
        if (!all && isHiddenByDefault(stream)) {
            ++report.hiddenStreams;
            report.hiddenConsumers += stream.consumerCount;
            continue;
        }
        StreamReport row{.stream = stream, .findings = findingsOf(stream, consumersOf(now, stream.name))};
        if (const StreamSnapshot* earlier = streamsBefore.find(streamNamed(stream.name))) {
            const StreamRates rates = streamRates(*earlier, stream, between(*earlier, stream, seconds));
            row.inPerSecond = rates.in;
            row.inBytesPerSecond = rates.inBytes;
        }
        report.streams.push_back(std::move(row));
    }

    SortedWalk consumersBefore(before ? &before->consumers : nullptr);
    SortedWalk theirStreamsBefore(before ? &before->streams : nullptr);
    SortedWalk theirStreams(&now.streams);
    std::vector<CollectorReport> rows;
    rows.reserve(now.consumers.size());
    for (const ConsumerSnapshot& consumer : now.consumers) {
        if (!all && isHiddenByDefault(consumer)) {
            // Those of hidden streams are counted by their stream's own number, listed or not.
            report.hiddenConsumers += isHiddenStreamName(consumer.stream) ? 0 : 1;
            continue;
        }
        CollectorReport& row = rows.emplace_back();
        row.consumer = consumer;
        row.lag = consumer.lag();
        if (const ConsumerSnapshot* earlier = consumersBefore.find(sameConsumerAs(consumer))) {
            const ConsumerRates rates =
                consumerRates(*earlier, consumer, theirStreamsBefore.find(streamNamed(consumer.stream)),
                              theirStreams.find(streamNamed(consumer.stream)),
                              between(*earlier, consumer, seconds), redeliveredSoon(naks, consumer));
            row.deliveredPerSecond = rates.delivered;
            row.ackedPerSecond = rates.acked;
            row.redeliveredPerSecond = rates.redelivered;
        }
    }
    report.collectors = mostLagFirst(std::move(rows));
    return report;
}

std::string reportJson(const ClusterReport& report)
{
    Json streams = Json::array();
    for (const StreamReport& row : report.streams)
        streams.push_back(streamJson(row));
    Json collectors = Json::array();
    for (const CollectorReport& row : report.collectors)
        collectors.push_back(collectorJson(row));
    const Json object = {
        {"at", toMillis(report.at)},
        {"server", report.server},
        {"streams", std::move(streams)},
        {"collectors", std::move(collectors)},
        {"hidden", {{"streams", report.hiddenStreams}, {"consumers", report.hiddenConsumers}}},
        {"problems", report.problems},
        {"missing_permissions", report.missingPermissions}};
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string collectorRowJson(const CollectorReport& row)
{
    return collectorJson(row).dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string streamRowJson(const StreamReport& row)
{
    return streamJson(row).dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace jetlag
