#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/message.h"
#include "model/event/stream_identity.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag {

/// What the engine must know of the range before the first batch.
struct SourceInfo
{
    std::optional<StreamIdentity> stream; ///< none for raw logs
    std::vector<std::string> filters;     ///< subject patterns; empty = every subject
    StreamSequence first;                 ///< where the range starts (record number for logs)
    std::optional<StreamSequence> last;   ///< where it ends; nullopt = follows the tail
};

enum class SourceOutcome {
    Batch, ///< the batch holds something: messages, gaps, or a coveredTo that moved
    Idle,  ///< nothing within the wait; ask again
    End,   ///< the range is done; the batch is empty
};

/// Where the engine gets its batches: a durable consumer, a stream from any sequence, a capture, raw logs.
/// Called from one thread, the engine's reader. Hands over strictly ascending sequences, over all batches.
class EventSource
{
public:
    virtual ~EventSource() = default;

    /// Fills the cleared `batch`. Returns within about `wait` or when `stop` is requested (then Idle).
    [[nodiscard]] virtual Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                                     std::stop_token stop) = 0;
    [[nodiscard]] virtual const SourceInfo& info() const = 0;
};

/// Whoever may be told that a checkpoint is on disk: the durable source, which then acks. Only ever
/// called after the commit (ack follows checkpoint, never precedes it).
class AckSink
{
public:
    virtual ~AckSink() = default;
    /// Everything at or below `upTo` is in the checkpoint. Any thread; returns soon, acks go out behind it.
    [[nodiscard]] virtual Result<void> checkpointed(StreamSequence upTo) = 0;
};

} // namespace jetlag
