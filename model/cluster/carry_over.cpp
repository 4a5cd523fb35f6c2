// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/carry_over.h"

#include <algorithm>
#include <tuple>

namespace jetlag {

namespace {

bool byName(const StreamSnapshot& a, const StreamSnapshot& b)
{
    return a.name < b.name;
}

bool byStreamAndName(const ConsumerSnapshot& a, const ConsumerSnapshot& b)
{
    return std::tie(a.stream, a.name) < std::tie(b.stream, b.name);
}

template <typename Row, typename Less>
const Row* findRow(const std::vector<Row>& sorted, const Row& like, Less less)
{
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), like, less);
    return at != sorted.end() && !less(like, *at) ? &*at : nullptr;
}

/// Both sorted.
template <typename Row, typename Less, typename Each>
void forEachLacked(const std::vector<Row>& before, const std::vector<Row>& now, Less less, Each each)
{
    auto at = now.begin();
    for (const Row& row : before) {
        while (at != now.end() && less(*at, row))
            ++at;
        if (at == now.end() || less(row, *at))
            each(row);
    }
}

template <typename Row, typename Less>
void addStale(const std::vector<Row>* before, std::vector<Row>& now, std::vector<Row> missing, Less less)
{
    std::vector<Row> added;
    for (Row& row : missing) {
        if (findRow(now, row, less))
            continue; // another page had it after all
        const Row* known = before ? findRow(*before, row, less) : nullptr;
        added.push_back(known ? *known : std::move(row));
        added.back().stale = true;
    }
    if (added.empty())
        return;
    now.insert(now.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
    std::sort(now.begin(), now.end(), less);
    now.erase(std::unique(now.begin(), now.end(),
                          [&](const Row& a, const Row& b) { return !less(a, b) && !less(b, a); }),
              now.end());
}

} // namespace

void carryOver(const ClusterSnapshot* before, ClusterSnapshot& now)
{
    std::vector<StreamSnapshot> streams;
    for (const std::string& name : now.missingStreams) {
        streams.emplace_back();
        streams.back().name = name;
    }
    addStale(before ? &before->streams : nullptr, now.streams, std::move(streams), byName);

    std::vector<ConsumerSnapshot> consumers;
    for (const ConsumerName& name : now.missingConsumers) {
        consumers.emplace_back();
        consumers.back().stream = name.stream;
        consumers.back().name = name.name;
        consumers.back().durable = name.name; // until somebody says otherwise: better shown than hidden
    }
    if (before) {
        // The consumers of a stream that is itself missing were not asked for.
        std::vector<std::string> unlisted = now.unlistedConsumersOf;
        unlisted.insert(unlisted.end(), now.missingStreams.begin(), now.missingStreams.end());
        std::sort(unlisted.begin(), unlisted.end());
        for (const ConsumerSnapshot& consumer : before->consumers)
            if (std::binary_search(unlisted.begin(), unlisted.end(), consumer.stream))
                consumers.push_back(consumer);
    }
    addStale(before ? &before->consumers : nullptr, now.consumers, std::move(consumers), byStreamAndName);
}

void LackedOnce::hold(const ClusterSnapshot* before, ClusterSnapshot& now)
{
    std::set<std::string> streams;
    std::set<ConsumerName> consumers;
    if (before != nullptr) {
        forEachLacked(before->streams, now.streams, byName, [&](const StreamSnapshot& stream) {
            if (m_streams.contains(stream.name))
                return;
            streams.insert(stream.name);
            now.missingStreams.push_back(stream.name);
        });
        forEachLacked(before->consumers, now.consumers, byStreamAndName,
                      [&](const ConsumerSnapshot& consumer) {
                          ConsumerName name{consumer.stream, consumer.name};
                          if (m_consumers.contains(name))
                              return;
                          now.missingConsumers.push_back(name);
                          consumers.insert(std::move(name));
                      });
    }
    m_streams = std::move(streams);
    m_consumers = std::move(consumers);
}

} // namespace jetlag
