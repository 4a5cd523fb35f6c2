#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/advisory.h"
#include "model/events/cluster_event.h"

#include <optional>
#include <string>

namespace jetlag {

/// The reason that servers give when a limit removed a message that nobody had acked (2.10 and later).
inline constexpr std::string_view kDeletedUnacked = "Unacknowledged message was deleted";

struct AdvisoryEvent
{
    std::string sameness; ///< two with the same, of one collector or stream, say the same
    ClusterEvent event;
};

/// What an advisory means; nullopt for naks, which come by the thousand and are a verdict's evidence.
[[nodiscard]] std::optional<AdvisoryEvent> eventOfAdvisory(const Advisory& advisory);

/// The sentence of `count` events of which `newest` came last.
[[nodiscard]] std::string repeatedSentence(const ClusterEvent& newest, std::uint64_t count);

} // namespace jetlag
