#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/event/stream_identity.h"
#include "model/service/job.h"
#include "model/service/position.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace jetlag {

class ServerLink;

struct CaptureRequest
{
    std::shared_ptr<ServerLink> server;
    std::string stream;
    std::filesystem::path file;
    PositionRange range;
    bool follow = false;
    bool force = false; ///< overwrite a file that exists
};

struct CaptureSummary
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; ///< payload bytes
    std::uint64_t gaps = 0;
    StreamSequence firstSequence;
    StreamSequence lastSequence;
    bool cancelled = false;
};

/// What a capture file holds; answered from its indexes, not by a scan.
struct CapturedStream
{
    StreamIdentity identity;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    StreamSequence firstSequence;
    StreamSequence lastSequence;
    ServerTime firstTime{};
    ServerTime lastTime{};
    std::vector<SequenceGap> gaps;
};

struct CaptureDescription
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t fileBytes = 0;
    bool cleanClose = false;
    std::string recovery; ///< what is missing and why, in a sentence; empty when nothing is
    std::uint32_t formatVersion = 0;
    std::string writtenBy;
    std::vector<CapturedStream> streams;
};

class CaptureService
{
public:
    virtual ~CaptureService() = default;
    [[nodiscard]] virtual JobPtr<CaptureSummary> record(CaptureRequest request) = 0;
    [[nodiscard]] virtual JobPtr<CaptureDescription> describe(std::filesystem::path file) = 0;
};

} // namespace jetlag
