#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/snapshot.h"
#include "model/event/message.h"
#include "model/event/stream_identity.h"
#include "nats/client/read_only_api.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag {

/// How long one question to the JetStream API may take before it counts as unanswered.
inline constexpr std::chrono::milliseconds kApiPatience{5'000};

/// What STREAM.INFO says. NotFound names the stream and says what to do.
[[nodiscard]] Result<StreamSnapshot> lookUpStream(ReadOnlyApi& api, const std::string& stream,
                                                  std::stop_token stop = {});
/// What is gone inside of it, as ranges in order: STREAM.INFO with each deleted sequence.
[[nodiscard]] Result<std::vector<SequenceGap>> lookUpDeleted(ReadOnlyApi& api, const std::string& stream,
                                                             std::stop_token stop = {});
/// What CONSUMER.INFO says. NotFound when there is none of that name.
[[nodiscard]] Result<ConsumerSnapshot> lookUpConsumer(ReadOnlyApi& api, const std::string& stream,
                                                      const std::string& consumer, std::stop_token stop = {});

/// Name, creation time and the last message: costs no request of its own.
[[nodiscard]] StreamIdentity identityOf(const StreamSnapshot& stream);

/// Is `now` the stream that was remembered? The creation time tells; where it differs (a server that
/// starts again after an edit moves it), the remembered message decides: there at the same time, the same
/// stream; at another time, or gone, another one.
[[nodiscard]] Result<bool> isSameStream(ReadOnlyApi& api, const StreamIdentity& remembered,
                                        const StreamSnapshot& now, std::stop_token stop = {});

struct FoundSequence
{
    StreamSequence sequence;
    ServerTime time{};
};
/// The first message at or after `from`, as the leader has it; nullopt when there is none.
[[nodiscard]] Result<std::optional<FoundSequence>>
firstMessageFrom(ReadOnlyApi& api, const std::string& stream, StreamSequence from, std::stop_token stop = {});
/// The first message stored at or after `time`; one past the last sequence when there is none. Asks the
/// leader about 2 · log2(messages) times.
[[nodiscard]] Result<StreamSequence> sequenceAtTime(ReadOnlyApi& api, const StreamSnapshot& stream,
                                                    ServerTime time, std::stop_token stop = {});

} // namespace jetlag
