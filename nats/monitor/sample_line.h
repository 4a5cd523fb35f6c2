#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/verdict/sample.h"

#include <memory>
#include <string>
#include <string_view>

namespace jetlag {

/// A sample as a line of a recording, without its end. Snapshots must have been made with their `rawJson`.
[[nodiscard]] std::string sampleLine(const VerdictSample& sample);

/// Reads recorded samples: JSON lines of `t` (seconds), `si` and `ci` (STREAM.INFO and CONSUMER.INFO as the
/// server gave them; missing when it did not answer), `reads`, `adv`, `err`, `connected`. Unknown keys are
/// passed over. Keep one per thread: it keeps its buffers.
class SampleLineReader final
{
public:
    SampleLineReader();
    ~SampleLineReader();

    /// Corrupt: no JSON object, or one without a time.
    [[nodiscard]] Result<VerdictSample> read(std::string_view line);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
