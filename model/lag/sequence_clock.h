#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/event/sequence.h"

#include <cstdint>
#include <map>
#include <optional>

namespace jetlag {

/// When a stream's messages were stored, as far as it is known without reading them: every look at a stream
/// tells its first and last sequence with their times, every message read one more. What lies between two
/// known ones was stored between their times.
class SequenceClock final
{
public:
    /// A sequence whose time is known. One that contradicts what is known (the stream was made anew) forgets
    /// all before.
    void note(StreamSequence sequence, ServerTime time);

    struct Estimate
    {
        ServerTime time{};
        std::chrono::nanoseconds within{}; ///< how wrong it may be; 0 = known
    };
    /// Interpolated; nullopt outside of what is known.
    [[nodiscard]] std::optional<Estimate> timeOf(StreamSequence sequence) const;

private:
    void thinOut();
    std::map<std::uint64_t, ServerTime> m_known;
};

} // namespace jetlag
