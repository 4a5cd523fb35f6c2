#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/sequence.h"
#include "model/profile/connection_profile.h"
#include "model/record/outgoing.h"
#include "nats/client/connection.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace jetlag {

struct PublisherOptions
{
    std::string stream;                ///< for sentences; the messages name it themselves
    std::size_t windowRecords = 4'096; ///< un-acked records of one source
    /// Un-acked bytes of all sources; a single record may be larger. 64 MB: a window of 16 KB records.
    std::size_t windowBytes = 64 * 1024 * 1024;
    std::chrono::milliseconds ackWait{5'000}; ///< without an answer for so long, a message counts as lost
    std::chrono::milliseconds firstRetry{50}; ///< doubled up to lastRetry
    std::chrono::milliseconds lastRetry{2'000};
    /// Give up after so long without a single ack, though something is outstanding; nullopt = never.
    std::optional<std::chrono::milliseconds> patience = std::chrono::seconds(60);
    /// After every connect and whenever the stream may have been replaced, before anything is (re)sent: is
    /// it still the stream that was meant? Conflict ends the publishing; Unavailable and Timeout are tried
    /// again.
    std::function<Result<void>(Connection&)> verifyStream;
};

struct PublisherStats
{
    std::uint64_t messages = 0;   ///< sent, each counted once
    std::uint64_t resent = 0;     ///< sent again
    std::uint64_t acked = 0;      ///< messages confirmed
    std::uint64_t duplicates = 0; ///< of them, known to the server already
    std::uint64_t refused = 0;    ///< answers that said no
    std::uint64_t reconnects = 0;
    StreamSequence lastSequence; ///< highest one that an ack named
};

/// Publishes messages into a JetStream stream, many at a time, and knows which of them are stored.
///
/// Messages of one source (a lane) keep their order: when the connection breaks, an answer says no or does
/// not come, nothing new of that lane is sent until everything outstanding of it is acked. Outstanding
/// messages are sent again in order; the server recognises by Nats-Msg-Id those that it has, and after its
/// duplicate window the reader does, by the chain. After a refusal only the first un-acked message is tried
/// at first, so that a stream which takes messages again does not get the later ones before it.
///
/// It makes plain publishes with a reply subject of its own and keeps the books itself: `js_PublishAsync`
/// costs half as much again of the client's time. The connection is one that does not reconnect by itself:
/// nats.c would send what it had buffered before what was lost, and a message meant for the old connection
/// could overtake on the new one.
///
///     Publisher publisher(profile, options);
///     auto lane = publisher.openLane();
///     if (publisher.hasRoom(lane)) publisher.publish(lane, messages);
///     publisher.poll(100ms);                      // acks, time-outs, reconnecting
///     publisher.ackedRecords(lane);
///
/// One thread. No thread of its own but those of nats.c. Every call returns within about `timeout` of the
/// connection (2 s a server) at the worst.
class Publisher final
{
public:
    using Lane = std::uint32_t;

    /// Does not connect yet.
    Publisher(ConnectionProfile profile, PublisherOptions options);
    ~Publisher();
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;

    /// Connects once and verifies the stream. Called for the first connection only, to tell its failure at
    /// once; poll() reconnects.
    [[nodiscard]] Result<void> connect();
    /// Null while there is none.
    [[nodiscard]] Connection* connection() noexcept;

    /// What the server takes in one message, headers included; 0 before the first connection.
    [[nodiscard]] std::size_t maxMessageBytes() const noexcept;

    [[nodiscard]] Lane openLane();
    /// Nothing of it may be outstanding, or it is forgotten.
    void closeLane(Lane lane);

    /// May the lane's next record be published now?
    [[nodiscard]] bool hasRoom(Lane lane) const noexcept;
    /// Sends one record, which is one message or several parts. Only when hasRoom(). An error is one of the
    /// message itself (larger than the server takes); a connection that breaks is none.
    [[nodiscard]] Result<void> publish(Lane lane, std::span<const OutgoingMessage> record);

    /// Takes the answers that are there, or waits for some up to `wait`, and does what time demands: resend,
    /// reconnect. An error ends it: login or permission refused, another stream, patience at its end.
    [[nodiscard]] Result<void> poll(std::chrono::milliseconds wait, std::stop_token stop = {});

    [[nodiscard]] std::uint64_t ackedRecords(Lane lane) const noexcept; ///< with everything before them
    [[nodiscard]] std::size_t outstandingRecords(Lane lane) const noexcept;
    [[nodiscard]] std::size_t outstandingMessages() const noexcept; ///< of all lanes
    /// Set when the server will never take what the lane sent (larger than the stream allows): nothing more
    /// of it is sent, the other lanes go on.
    [[nodiscard]] const std::optional<Error>& laneError(Lane lane) const noexcept;

    [[nodiscard]] const PublisherStats& stats() const noexcept;
    /// Why nothing moves at the moment, in words; empty when all is well.
    [[nodiscard]] const std::string& trouble() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
