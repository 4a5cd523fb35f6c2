// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

constexpr double kCalm = 4; // seconds until "none" is said of a cluster's collector

void keepsUp(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(60);
    driver.pull({.batch = 10});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() > 0; });
    driver.begin();
    driver.until(8);
}

void leaderKilled(Driver& driver)
{
    keepsUp(driver);
    const std::size_t leader = driver.leader();
    driver.next();
    driver.kill(leader);
    driver.wait(4); // so long at least do the others wait for their leader before they elect another
    driver.next();
    (void)driver.leader();
    driver.waitUntil([](const ConsumerSnapshot& now) { return !now.placement.leader.empty(); });
    driver.next();
}

void twoKilled(Driver& driver)
{
    keepsUp(driver);
    const std::size_t leader = driver.leader();
    driver.next();
    driver.kill(leader);
    driver.kill((leader + 1) % 3);
}

void leaderAlone(Driver& driver)
{
    keepsUp(driver);
    const std::size_t leader = driver.leader();
    driver.next();
    driver.kill((leader + 1) % 3);
    driver.kill((leader + 2) % 3);
}

void replicaGone(Driver& driver)
{
    keepsUp(driver);
    const std::size_t leader = driver.leader();
    const auto consumer = driver.lookAtConsumer();
    std::size_t other = (leader + 1) % 3;
    if (consumer && consumer->placement.leader == EmbeddedCluster::nameOf(other))
        other = (leader + 2) % 3;
    driver.next();
    driver.kill(other);
    driver.nextAt(14);
}

} // namespace

Scenarios cluster()
{
    return {
        {"cluster_leader",
         "The stream's leader is killed; another one takes over.",
         24,
         {{0, {None}, kCalm, "all is well"},
          {8, {Cluster}, 2, "the leader is killed"},
          {12, {Cluster, None, CatchingUp, kNothing}, std::nullopt, "an election"},
          {15, {None, CatchingUp}, 6, "another one leads"}},
         leaderKilled,
         3,
         true},
        {"cluster_quorum",
         "Two of three servers are killed, the leader among them.",
         20,
         {{0, {None}, kCalm, "all is well"}, {8, {Cluster}, 3, "two servers are killed"}},
         twoKilled,
         3,
         true},
        {"cluster_alone",
         "The leader is left alone: it repeats old numbers.",
         22,
         {{0, {None}, kCalm, "all is well"}, {8, {Cluster}, 4, "the others are killed"}},
         leaderAlone,
         3,
         true},
        {"cluster_replica",
         "One replica is gone: nothing is wrong with the collector.",
         24,
         {{0, {None}, kCalm, "all is well"},
          {8, {None, Cluster}, std::nullopt, "a replica is killed"},
          {14, {None, Cluster}, 4, "the others go on"}},
         replicaGone,
         3,
         true},
    };
}

} // namespace jetlag::scenario
