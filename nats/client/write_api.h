#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/sequence.h"
#include "nats/client/connection.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// A stream as we create one: file storage, direct get allowed, a short duplicate window (ids of publishes
/// that a hook may repeat after a restart; a longer one costs the server memory).
struct NewStream
{
    enum class Retention { Limits, Interest, WorkQueue };

    std::string name;
    std::vector<std::string> subjects;
    Retention retention = Retention::Limits;
    bool memoryStorage = false;
    unsigned replicas = 1;
    std::chrono::nanoseconds duplicateWindow = std::chrono::seconds(30);
    std::optional<std::uint64_t> maxMessages;
    std::optional<std::uint64_t> maxBytes;
    std::optional<std::chrono::nanoseconds> maxAge;
    bool discardNew = false; ///< at a limit refuse instead of dropping the oldest
};

/// A durable pull consumer as we create one: never gives up on a message; acks all up to one (work queues
/// refuse that: there explicitly).
struct NewDurable
{
    std::string stream;
    std::string name;
    std::vector<std::string> filters; ///< none, one, or (server 2.10+) several
    bool ackAll = true;
    std::chrono::nanoseconds ackWait = std::chrono::seconds(60);
    std::int64_t maxAckPending = 100'000; ///< the server's default of 1,000 caps batches
    std::int64_t maxDeliver = -1;
    std::optional<StreamSequence> startSequence; ///< else everything there is
    unsigned replicas = 0;                       ///< 0 = as the stream
};

/// What changes something on a server: for hook and collector only. Creates what is missing, never changes
/// what exists. Any thread.
class WriteApi final
{
public:
    explicit WriteApi(Connection& connection)
        : m_connection(connection)
    {}

    /// The server's answer (the stream's info). Exists when the name is taken with another config.
    [[nodiscard]] Result<std::string> createStream(const NewStream& stream,
                                                   std::chrono::milliseconds timeout);
    /// The server's answer (the consumer's info). Exists when there is one of that name, whatever its config:
    /// a server would take the same call as an edit.
    [[nodiscard]] Result<std::string> createDurable(const NewDurable& durable,
                                                    std::chrono::milliseconds timeout);

    /// Acks the delivery that came with this reply subject, without waiting.
    [[nodiscard]] Result<void> acknowledge(const std::string& replySubject);
    /// Acks everything up to one delivery of an ack-all durable whose reply subject is gone (it was read by
    /// sequence instead): ack-all goes by the consumer sequence, and the subject can be made from the pair
    /// that CONSUMER.INFO calls `delivered`.
    [[nodiscard]] Result<void> acknowledgeThrough(std::string_view stream, std::string_view durable,
                                                  const DeliveredPosition& delivered);

    [[nodiscard]] Connection& connection() noexcept { return m_connection; }

private:
    Connection& m_connection;
};

} // namespace jetlag
