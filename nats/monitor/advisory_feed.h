#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/advisory.h"
#include "nats/client/read_only_api.h"

#include <deque>
#include <mutex>
#include <string_view>
#include <vector>

namespace jetlag {

/// An advisory's JSON as servers send it. Corrupt: no JSON object, or one without a type.
[[nodiscard]] Result<Advisory> parseAdvisory(std::string_view json);

/// Listens to what servers say of streams and consumers, and keeps it until it is taken. Not to the audit of
/// API calls, which repeats every request and answer of everybody, ours too. Where the account may not
/// listen, nothing comes; that is told by the connection's ability test. `api` must outlive it.
class AdvisoryFeed final
{
public:
    explicit AdvisoryFeed(ReadOnlyApi& api);
    ~AdvisoryFeed();
    AdvisoryFeed(const AdvisoryFeed&) = delete;
    AdvisoryFeed& operator=(const AdvisoryFeed&) = delete;

    /// What was heard since the last call, oldest first. Any thread; never waits.
    [[nodiscard]] std::vector<Advisory> take();

private:
    void heard(std::string_view json);

    std::mutex m_mutex;
    std::deque<Advisory> m_waiting;                ///< bounded: naks can come by the thousand
    std::vector<NatsSubscription> m_subscriptions; // last: no call comes once it is gone
};

} // namespace jetlag
