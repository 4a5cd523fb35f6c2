#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/scenario/steady_readers.h"
#include "nats/scenario/worker.h"
#include "nats/server/embedded_cluster.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace jetlag::scenario {

struct CrowdSize
{
    unsigned streams = 50;
    unsigned collectors = 20; ///< of each stream
};

/// What is the matter with a collector of a crowd.
enum class Trouble {
    None,
    NoPulls,
    Slow,
    Poison,
    Capped,
    DeadLetters,
    RedeliveryLoop,
    Lost, ///< nobody reads, and its stream is too small
};

/// As a large installation looks: many streams with many collectors each. Most of them keep up, some streams
/// are silent, every 41st collector has a trouble, all kinds in turn; one stream and one collector have names
/// as long as people make them. Messages are JSON. Memory storage, bounded.
///
/// Works from threads of its own until it is destroyed, which takes well under a second. The servers must
/// outlive it; they are child processes of ours, so that no other server can be filled by mistake.
class Crowd final
{
public:
    /// Returns when all of it is there.
    [[nodiscard]] static Result<std::unique_ptr<Crowd>> start(EmbeddedCluster& servers, CrowdSize size);
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    [[nodiscard]] static std::string streamName(unsigned stream);
    [[nodiscard]] static std::string collectorName(unsigned stream, unsigned collector);
    [[nodiscard]] static Trouble troubleOf(unsigned stream, unsigned collector, CrowdSize size);
    /// Messages a second; 0 = silent.
    [[nodiscard]] static double rateOf(unsigned stream);

private:
    explicit Crowd(CrowdSize size)
        : m_size(size)
    {}
    [[nodiscard]] Result<void> begin(EmbeddedCluster& servers);
    [[nodiscard]] Result<void> makeStream(unsigned stream);
    [[nodiscard]] Result<void> makeCollector(unsigned stream, unsigned collector);
    [[nodiscard]] Result<void> startWorkers();
    [[nodiscard]] bool holdsLost(unsigned stream) const;
    void publish(std::stop_token stop);
    [[nodiscard]] Result<void> publishTo(unsigned stream);

    const CrowdSize m_size;
    std::unique_ptr<Connection> m_connection;
    std::vector<std::uint64_t> m_published; ///< of each stream; the publishing thread's, once it runs
    // Destroyed from below: threads before what they use.
    std::unique_ptr<SteadyReaders> m_readers;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::jthread m_publisher;
};

} // namespace jetlag::scenario
