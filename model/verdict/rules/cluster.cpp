// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

bool hasNoQuorum(const PlacementSnapshot& placement)
{
    // `current` flickers on healthy clusters; how long ago the leader heard of a replica does not.
    constexpr auto kHeardOf = std::chrono::milliseconds(2500);
    if (placement.replicas.empty())
        return false;
    const auto alive = 1 + std::count_if(placement.replicas.begin(), placement.replicas.end(),
                                         [&](const ReplicaSnapshot& replica) {
                                             return replica.active <= kHeardOf && !replica.offline;
                                         });
    return 2 * static_cast<std::size_t>(alive) <= placement.replicas.size() + 1;
}

} // namespace

bool clusterSeemsInTrouble(const Memory& memory)
{
    return memory.samplesWithoutLeader > 0 || memory.samplesWithoutQuorum > 0;
}

bool clusterIsInTrouble(const Window& window, Memory& memory)
{
    const PlacementSnapshot& stream = window.stream().placement;
    const PlacementSnapshot& consumer = window.consumer().placement;
    if (stream.cluster.empty() && stream.replicas.empty())
        return false;
    const bool leaderless = stream.leader.empty() || consumer.leader.empty();
    memory.samplesWithoutLeader = leaderless ? memory.samplesWithoutLeader + 1 : 0;
    memory.samplesWithoutQuorum =
        hasNoQuorum(stream) || hasNoQuorum(consumer) ? memory.samplesWithoutQuorum + 1 : 0;
    return memory.samplesWithoutLeader >= 2 || memory.samplesWithoutQuorum >= 2;
}

} // namespace jetlag::rules
