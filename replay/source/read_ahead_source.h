#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/event_source.h"

#include <cstddef>
#include <memory>

namespace jetlag {

/// Reads another source ahead on a thread of its own, so that reading (decompressing, framing) and applying
/// run side by side. At most `depth` batches wait. Ends the thread when it is destroyed, or at the end.
class ReadAheadSource final : public EventSource
{
public:
    explicit ReadAheadSource(std::unique_ptr<EventSource> inner, std::size_t depth = 2);
    ~ReadAheadSource() override;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
