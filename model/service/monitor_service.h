#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/service/job.h"
#include "model/service/subscription.h"

#include <chrono>
#include <functional>
#include <memory>

namespace jetlag {

struct MonitorRequest
{
    bool all = false; ///< system, KV and object streams and ephemeral consumers too
    std::chrono::milliseconds interval{1000};
};

/// What flows and what lags, on one connection.
class MonitorService
{
public:
    virtual ~MonitorService() = default;
    /// Two samples, an interval apart, so that rates are there.
    [[nodiscard]] virtual JobPtr<ClusterReport> report(MonitorRequest request) = 0;
    /// A report every interval, from a thread of the monitor's own; errors come as `problems`.
    [[nodiscard]] virtual Subscription
    watch(MonitorRequest request, std::function<void(std::shared_ptr<const ClusterReport>)> onReport) = 0;
    /// Whoever watches gets the next report at once instead of at the next beat.
    virtual void refreshNow() {}
};

} // namespace jetlag
