#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/message.h"
#include "nats/client/read_only_api.h"
#include "nats/source/raw_headers.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace jetlag {

struct WindowOptions
{
    unsigned window = 512; ///< gets in flight: below it round trips limit, above it only memory grows
    HeaderChoice headers = HeaderChoice::Core;
    std::chrono::milliseconds patience{30'000}; ///< without any answer before reading is given up
};

/// Reads the sequences of a stream one by one with many gets in flight, and hands them over in order.
/// Creates nothing, acks nothing.
///
///     next to hand over            next to ask for
///     ▼                            ▼
///     [message][asked][gone][asked] …          a get each; a direct get that finds nothing is asked again
///                                              of the leader, for a replica may lag, before it counts as
///                                              gone
///
/// A run of gone ones is jumped by one question: the next message there is. One thread.
class MessageWindow final
{
public:
    [[nodiscard]] static Result<MessageWindow> create(ReadOnlyApi& api, std::string stream, bool allowDirect,
                                                      StreamSequence first, WindowOptions options);
    MessageWindow(MessageWindow&&) noexcept;
    MessageWindow& operator=(MessageWindow&&) noexcept;
    ~MessageWindow();

    /// Appends messages and gaps up to `last`, in order: at least one if any comes within `wait`, at most
    /// `most` or some MB. False: nothing came. Everything handed over lies below position().
    [[nodiscard]] Result<bool> read(MessageBatch& batch, StreamSequence last, std::size_t most,
                                    std::chrono::milliseconds wait, std::stop_token stop);
    /// Sequences below `sequence` are not asked for any more; nothing is said about them.
    void skipTo(StreamSequence sequence);
    /// The next sequence to hand over.
    [[nodiscard]] StreamSequence position() const noexcept;

private:
    struct State;
    explicit MessageWindow(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
