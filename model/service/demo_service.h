#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/sequence.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// An installation of many collectors instead of the pipeline.
struct DemoCrowd
{
    unsigned streams = 50;
    unsigned collectors = 20; ///< of each stream
};
/// Of all streams together: a laptop carries them.
inline constexpr unsigned kMostCrowd = 10'000;

struct DemoOptions
{
    std::chrono::seconds length{0}; ///< the story is told within it; 0 = it repeats each minute
    std::uint64_t seed = 1;         ///< of the workload: the same seed, the same records
    std::filesystem::path folder;   ///< empty = a temporary one, removed at the end
    /// Instead of the whole pipeline one collector with one thing wrong (or nothing), to train on: a name
    /// that scenarios() lists.
    std::string scenario;
    /// Instead of the whole pipeline many collectors on one server, most of them well.
    std::optional<DemoCrowd> crowd;
};

/// A situation that the demo can play.
struct DemoScenario
{
    std::string name;
    std::string shows;    ///< one sentence
    std::string cause;    ///< that it ends with
    double seconds = 0;   ///< until it has shown everything
    unsigned servers = 1; ///< nodes of its cluster
};

/// Something that happens in the demo, for the log line and the screen.
struct DemoMoment
{
    std::chrono::milliseconds at{}; ///< since the start
    std::string what;               ///< "hive-queries stopped"
};

/// What a collector of the demo had when it was stopped.
struct DemoCollector
{
    std::string stream;
    std::string name;
    std::string analyzer;
    std::uint64_t events = 0;
    StreamSequence lastSequence;
    std::string digest;
    std::string problem; ///< empty = it ended as it should
};

/// A nats-server with three streams, hooks that publish a growing workload and collectors of which one is
/// too slow and one is stopped for a while. All of them are processes of their own that end with this
/// object, and with this process however that ends.
class DemoRun
{
public:
    virtual ~DemoRun() = default;
    [[nodiscard]] virtual std::string url() const = 0;
    /// What has happened since the last call.
    [[nodiscard]] virtual std::vector<DemoMoment> takeMoments() = 0;
    /// The causes that are right now, where the demo knows: of a scenario, once it has begun. Empty text:
    /// nothing needs to be said.
    [[nodiscard]] virtual std::vector<std::string> rightCauses() { return {}; }
    /// What went wrong with the demo itself, in a sentence; empty while all is well.
    [[nodiscard]] virtual std::string problem() = 0;
    /// Stops hooks, then collectors; the server stays. Takes a few seconds.
    [[nodiscard]] virtual std::vector<DemoCollector> stopPipelines() = 0;
};

class DemoService
{
public:
    virtual ~DemoService() = default;
    /// Returns when server, streams and collectors are there.
    [[nodiscard]] virtual Result<std::unique_ptr<DemoRun>> start(DemoOptions options) = 0;
    /// Causes together.
    [[nodiscard]] virtual std::vector<DemoScenario> scenarios() const { return {}; }
};

} // namespace jetlag
