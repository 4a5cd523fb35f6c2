#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/service/job.h"
#include "model/service/position.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

class ServerLink;

struct EventsRequest
{
    std::shared_ptr<ServerLink> server; ///< or, when null:
    std::filesystem::path capture;
    std::string stream; ///< may be empty for a capture with one stream
    PositionRange range;
    std::vector<std::string> filters;
    std::optional<std::uint64_t> count; ///< at most so many
};

/// About 100 kB of an answer; more is not worth a picture.
inline constexpr std::uint64_t kMostDeletedAsked = 10'000;

/// The events themselves, read without a consumer.
class EventsService
{
public:
    virtual ~EventsService() = default;
    /// Calls `each` for every message, in order, in the job's thread; false ends the job. Views are good
    /// during the call only. The job's value is the number of messages handed out.
    [[nodiscard]] virtual JobPtr<std::uint64_t> read(EventsRequest request,
                                                     std::function<bool(const Message&)> each) = 0;
    /// What is gone inside of a stream, as ranges in order. The server names each deleted sequence: ask only
    /// where there are few (kMostDeletedAsked).
    [[nodiscard]] virtual JobPtr<std::vector<SequenceGap>> deleted(std::shared_ptr<ServerLink> server,
                                                                   std::string stream) = 0;
};

} // namespace jetlag
