#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/events_service.h"
#include "ui/bridge/job_watch.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::ui {

/// A message that owns its bytes.
struct StoredMessage
{
    StreamSequence sequence;
    ServerTime time{};
    std::string subject;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string payload;     ///< its begin, where it is very long
    std::uint64_t bytes = 0; ///< of the whole payload
};

/// Copies what a message is made of; of a payload at most `mostBytes`.
[[nodiscard]] StoredMessage storedMessage(const Message& message, std::size_t mostBytes);

/// Reads a few messages off the UI thread, without a consumer and without an ack. One read at a time: a newer
/// one takes the place of the one under way, whose answer never comes. UI thread.
class MessageReader final
{
public:
    using Messages = std::vector<StoredMessage>;
    using Done = std::function<void(Result<Messages>)>;

    /// `done` gets what came, in order; an empty list where there is nothing any more.
    void read(EventsService& events, EventsRequest request, std::size_t mostBytes, Done done);
    void stop();
    [[nodiscard]] bool isReading() const { return m_watch != nullptr; }

private:
    std::unique_ptr<JobWatch<std::uint64_t>> m_watch;
};

} // namespace jetlag::ui
