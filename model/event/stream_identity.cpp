// SPDX-License-Identifier: Apache-2.0
#include "model/event/stream_identity.h"

namespace jetlag {

bool isSameStream(const StreamIdentity& then, const StreamIdentity& now) noexcept
{
    if (then.name != now.name)
        return false;
    const bool sameMessageKnown = !then.knownSequence.isZero() && then.knownSequence == now.knownSequence;
    if (sameMessageKnown)
        return then.knownTime == now.knownTime;
    // The message is gone or none was known: only an unmoved `created` speaks for the same stream.
    return then.created == now.created;
}

} // namespace jetlag
