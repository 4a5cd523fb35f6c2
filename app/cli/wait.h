#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/cli/interrupt.h"
#include "app/cli/output/progress_line.h"
#include "model/service/job.h"

#include <functional>

namespace jetlag {

/// Waits for `job`, showing progress on stderr; Ctrl-C cancels it and waits for its partial result.
/// `meanwhile` runs about twenty times a second.
template <typename Value>
Result<Value> waitFor(Job<Value>& job, const std::function<void()>& meanwhile = {})
{
    ProgressLine line;
    while (!job.wait(std::chrono::milliseconds(50))) {
        if (wasInterrupted())
            job.cancel();
        line.update(job.progress());
        if (meanwhile)
            meanwhile();
    }
    line.clear();
    return job.takeResult();
}

} // namespace jetlag
