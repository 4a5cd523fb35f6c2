#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/engine/event_source.h"
#include "model/service/position.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

struct CaptureSourceOptions
{
    std::optional<std::string> stream; ///< needed only where the capture holds several
    PositionRange range;
    std::vector<std::string> filters; ///< empty = everything that was recorded
};

/// One stream of a capture as a source: what was recorded, with its gaps, in order. A damaged chunk is a gap
/// `damaged` between what is good before and behind it, and the rest goes on. Messages point into memory
/// that goes round between batches.
///
/// Reading and decompressing run ahead on a thread of the source's own; next() makes the messages of it.
/// One thread.
class CaptureSource final : public EventSource
{
public:
    /// The errors of CaptureReader::open() and CaptureReader::stream().
    [[nodiscard]] static Result<std::unique_ptr<CaptureSource>> open(const std::filesystem::path& path,
                                                                     CaptureSourceOptions options = {});
    ~CaptureSource() override;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    /// `filters` are those of the recording where none were given.
    [[nodiscard]] const SourceInfo& info() const override;

private:
    struct Impl;
    explicit CaptureSource(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
