#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/result.h"
#include "model/cluster/advisory.h"
#include "nats/client/read_only_api.h"

#include <array>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// An advisory's JSON as servers send it. Corrupt: no JSON object, or one without a type.
[[nodiscard]] Result<Advisory> parseAdvisory(std::string_view json);

/// Listens to what servers say of streams and consumers, and keeps it until it is taken. Not to the audit of
/// API calls, which repeats every request and answer of everybody, ours too. Where the account may not
/// listen, nothing comes; that is told by the connection's ability test, and tried again once a minute. `api`
/// must outlive it. take(): one thread at a time.
class AdvisoryFeed final
{
public:
    explicit AdvisoryFeed(ReadOnlyApi& api, const Clock& clock = systemClock());
    ~AdvisoryFeed();
    AdvisoryFeed(const AdvisoryFeed&) = delete;
    AdvisoryFeed& operator=(const AdvisoryFeed&) = delete;

    /// What was heard since the last call, oldest first. Never waits.
    [[nodiscard]] std::vector<Advisory> take();

private:
    struct Ear
    {
        std::string subject;
        NatsSubscription subscription;
        /// Set by a thread of nats.c; nullopt = not refused, as far as is known.
        std::optional<std::chrono::steady_clock::time_point> refused;
    };
    void subscribe(Ear& ear);
    void heard(std::string_view json);
    void onEvent(const ConnectionEvent& event);
    void askAgain();

    ReadOnlyApi& m_api;
    const Clock& m_clock;
    std::mutex m_mutex;             // guards m_waiting and each ear's `refused`
    std::deque<Advisory> m_waiting; ///< bounded: naks can come by the thousand
    std::array<Ear, 2> m_ears;
    ConnectionListener m_listener; // last: no call comes once it is gone
};

} // namespace jetlag
