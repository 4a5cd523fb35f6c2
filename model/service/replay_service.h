#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/engine.h"
#include "model/service/job.h"
#include "model/service/position.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jetlag {

class ServerLink;

/// A stream of a server; read without a consumer, nothing is acked.
struct StreamReplaySource
{
    std::shared_ptr<ServerLink> server;
    std::string stream;
    /// Takes the filter of this durable, and its stream positions are named in the result.
    std::optional<std::string> likeDurable;
};

struct CaptureReplaySource
{
    std::filesystem::path file;
    std::optional<std::string> stream; ///< needed only when the capture holds several
};

struct LogReplaySource
{
    std::vector<std::filesystem::path> paths;
    std::string timeZone;      ///< IANA name for times without a zone; empty = UTC
    std::string applicationId; ///< for Spark logs that do not name theirs
};

struct ReplayRequest
{
    std::string analyzer;
    std::variant<StreamReplaySource, CaptureReplaySource, LogReplaySource> source;
    PositionRange range;
    std::vector<std::string> filters;
    unsigned workers = 1;
    double speed = 0; ///< factor of real time; 0 = as fast as it goes
    std::vector<std::string> onDemandTables;
};

struct ReplayResult
{
    std::string analyzer;
    std::uint32_t version = 0;
    EngineResult engine;
    bool cancelled = false;
    std::string problem; ///< why the source ended early, in a sentence; then the result is partial. Empty =
                         ///< it did not
};

/// A replay under way. Any thread; methods return at once.
class ReplayRun
{
public:
    virtual ~ReplayRun() = default;
    virtual void pause() = 0;
    virtual void resume() = 0;
    [[nodiscard]] virtual bool isPaused() const = 0;
    [[nodiscard]] virtual EngineProgress progress() const = 0;
    /// First and last sequence of the range, once they are known.
    [[nodiscard]] virtual std::optional<std::pair<StreamSequence, StreamSequence>> range() const = 0;
    /// Share of the range that was read, 0 to 1; nullopt while nobody knows. By sequence, where a range has
    /// sequences; a source that knows better says so.
    [[nodiscard]] virtual std::optional<double> fraction() const;
    /// Tables as they stand between two batches, at one sequence.
    [[nodiscard]] virtual JobPtr<EngineResult> tables() = 0;
    /// The run itself; cancel() ends it with the partial result.
    [[nodiscard]] virtual JobPtr<ReplayResult> job() = 0;
};

class ReplayService
{
public:
    virtual ~ReplayService() = default;
    [[nodiscard]] virtual std::shared_ptr<ReplayRun> start(ReplayRequest request) = 0;
};

} // namespace jetlag
