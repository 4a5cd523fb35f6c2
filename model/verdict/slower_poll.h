#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/sample.h"

#include <optional>

namespace jetlag {

/// What a slower poll would have seen of recorded samples: every `every`-th one, with all that was heard
/// since the one before it (advisories, a connection that broke), and with a count that still is true.
class SlowerPoll final
{
public:
    /// `skip`: so many samples are passed over before the first one.
    explicit SlowerPoll(unsigned every, unsigned skip = 0)
        : m_every(every)
        , m_toSkip(skip)
    {}

    /// nullopt: nobody looked.
    [[nodiscard]] std::optional<VerdictSample> take(VerdictSample sample);

private:
    unsigned m_every;
    unsigned m_toSkip;
    bool m_connected = false;
    std::vector<AdvisoryNote> m_advisories;
    std::optional<VerdictSample> m_counted; ///< passed over, with a count
};

} // namespace jetlag
