#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "model/service/replay_service.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jetlag {

/// The headless side, which may create what is missing, publish and ack. Nothing else can.

struct HookRequest
{
    ConnectionRequest connection;
    std::string kind; ///< spark, hdfs, hive or lines
    std::vector<std::filesystem::path> paths;
    std::string stream;        ///< empty = the kind in capitals
    std::string subjectPrefix; ///< empty = the kind; may hold dots
    std::string sourceName;    ///< empty = found in the records
    std::string applicationId;
    std::string timeZone;
    bool follow = false;
    double recordsPerSecond = 0; ///< 0 = as fast as it goes
};

struct HookSummary
{
    std::string stream;
    std::uint64_t records = 0;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t duplicates = 0;     ///< the server knew the message already
    std::uint64_t skippedRecords = 0; ///< published by an earlier run
    std::uint64_t files = 0;
    bool partial = false; ///< some records' application stayed unknown
    bool cancelled = false;
    std::vector<std::string> created;  ///< what was made, in sentences
    std::vector<std::string> problems; ///< files that could not be read whole, in sentences
};

struct CollectorRequest
{
    ConnectionRequest connection;
    std::string analyzer;
    std::string stream;
    std::string durable;
    std::vector<std::string> filters; ///< of a durable that is made now
    unsigned workers = 1;
    std::filesystem::path stateFolder; ///< empty = under $XDG_STATE_HOME/jetlag
    double eventsPerSecond = 0;        ///< throttle; 0 = none
    bool untilCaughtUp = false;
    bool acceptPartial = false;
    std::vector<std::string> onDemandTables;
    std::chrono::milliseconds ackWait{60'000}; ///< of a durable that is made now
};

struct CollectorSummary
{
    ReplayResult result;
    std::string stream;
    std::string collector;
    std::uint64_t readAgain = 0;   ///< messages read by sequence because a predecessor held them
    std::uint64_t redelivered = 0; ///< redeliveries dropped
};

class PipelineService
{
public:
    virtual ~PipelineService() = default;
    [[nodiscard]] virtual JobPtr<HookSummary> hook(HookRequest request) = 0;
    [[nodiscard]] virtual JobPtr<CollectorSummary> collect(CollectorRequest request) = 0;
};

} // namespace jetlag
