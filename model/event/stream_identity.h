#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/event/sequence.h"

#include <string>

namespace jetlag {

/// Which stream it is. `created` alone lies: it moves after a restart, a config edit and another restart.
/// So where it differs, the message at `knownSequence` decides: stored at `knownTime`, the same stream;
/// another time, or gone, another stream. knownSequence 0 = nothing known yet.
struct StreamIdentity
{
    std::string name;
    ServerTime created{};
    StreamSequence knownSequence;
    ServerTime knownTime{};

    bool operator==(const StreamIdentity&) const = default;
};

/// Is the stream that is `now` there the one that was remembered as `then`? `now` carries what the server
/// says today of message `then.knownSequence`; its knownSequence is 0 where that message is gone.
[[nodiscard]] bool isSameStream(const StreamIdentity& then, const StreamIdentity& now) noexcept;

} // namespace jetlag
