#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace jetlag {

/// What flowed into a stream between two samples, per second.
struct StreamRates
{
    std::optional<double> in;
    /// Only where nothing was removed meanwhile: the server counts what is there, not what came.
    std::optional<double> inBytes;
};

/// What a consumer did between two samples, per second.
struct ConsumerRates
{
    /// First deliveries: what makes num_pending fall. At most so many: where a filter or holes let the
    /// position move further than it was delivered, redeliveries after ack_wait stand among them.
    std::optional<double> delivered;
    std::optional<double> redelivered; ///< further ones; at least so many
    /// At most so many, as `delivered`. Unknown too where a purge or a limit removed much of what was in
    /// hand: that looks the same.
    std::optional<double> acked;
};

/// Rates from two samples `seconds` apart, or nothing where the two cannot be compared: a counter went back,
/// `created` or the leader is another one, the config changed, one of them is stale. Then a wrong number
/// would look like a spike. Pure.
[[nodiscard]] StreamRates streamRates(const StreamSnapshot& before, const StreamSnapshot& after,
                                      std::chrono::duration<double> seconds);
/// `streamBefore`, `streamAfter`: the consumer's stream at the same samples; an ack floor that follows
/// evicted messages is no ack. `naks`: so many naks were heard meanwhile that bring a redelivery each; where
/// a filter or holes let the position move further than it was delivered they are all that tells.
[[nodiscard]] ConsumerRates consumerRates(const ConsumerSnapshot& before, const ConsumerSnapshot& after,
                                          const StreamSnapshot* streamBefore,
                                          const StreamSnapshot* streamAfter,
                                          std::chrono::duration<double> seconds, std::uint64_t naks = 0);

} // namespace jetlag
