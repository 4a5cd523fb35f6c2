#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"
#include "model/event/sequence.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// JetStream's answer to a publish.
struct PubAck
{
    StreamSequence sequence;
    bool duplicate = false; ///< the message id was known within the duplicate window: nothing was stored
};

/// JetStream's refusal of a publish.
struct PubRefusal
{
    int code = 0;      ///< HTTP-like: 400, 503
    int errorCode = 0; ///< JetStream's own number: 10077 = a limit of the stream is reached
    std::string description;

    /// Trying again cannot help: the message is too large for the stream, or goes to another stream.
    [[nodiscard]] bool isFinal() const noexcept;
};

/// A sentence that says what to do. `stream` is the one that was meant, `subject` that of the message.
[[nodiscard]] Error refusalError(const PubRefusal& refusal, std::string_view stream,
                                 std::string_view subject);

/// The stream's own limits are reached and it refuses rather than drops (`discard: new`).
inline constexpr int kErrorStreamFull = 10077;
/// The subject belongs to another stream than the one named in Nats-Expected-Stream.
inline constexpr int kErrorOtherStream = 10060;
/// Larger than the stream's max_msg_size.
inline constexpr int kErrorMessageTooLarge = 10054;
/// The stream is sealed: it takes nothing any more.
inline constexpr int kErrorSealed = 10109;

/// What an answer says; one of the two is set, or none when the bytes are no answer to a publish.
struct PubAnswer
{
    std::optional<PubAck> ack;
    std::optional<PubRefusal> refusal;
};

/// Reads the JSON body of an answer. The usual form of an ack is read without a JSON parser: that many
/// answers come.
[[nodiscard]] PubAnswer parsePubAnswer(std::string_view body);

} // namespace jetlag
