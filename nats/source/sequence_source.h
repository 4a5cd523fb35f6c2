#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/event_source.h"
#include "nats/source/message_window.h"
#include "nats/source/stream_lookup.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

struct SequenceSourceOptions
{
    std::vector<std::string> filters;   ///< subject patterns; empty = every subject
    std::optional<StreamSequence> from; ///< nullopt = the first there is
    std::optional<StreamSequence> to;   ///< included; nullopt = the last at start, or the tail with `follow`
    bool follow = false;
    HeaderChoice headers = HeaderChoice::Core;
    unsigned window = 512;
    std::size_t batchMessages = 1'000;
    std::chrono::milliseconds patience{30'000};
};

/// A stream from any sequence: gets by sequence, many in flight. Creates no consumer, acks nothing, and so
/// reads work-queue and interest streams as well. Waits through a server's restart; a stream that was deleted
/// or made anew meanwhile is an error.
class SequenceSource final : public EventSource
{
public:
    [[nodiscard]] static Result<std::unique_ptr<SequenceSource>> open(ReadOnlyApi& api,
                                                                      const std::string& stream,
                                                                      SequenceSourceOptions options,
                                                                      std::stop_token stop = {});
    ~SequenceSource() override;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override;
    /// As it was when reading began.
    [[nodiscard]] const StreamSnapshot& stream() const noexcept;

private:
    struct State;
    explicit SequenceSource(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
