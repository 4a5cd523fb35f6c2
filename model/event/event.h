#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/sequence.h"

#include <cstdint>
#include <string_view>

namespace jetlag {

/// All that an analyzer may see of a record: nothing of the transport, no server time, so that
/// a raw log, the stream it became and a capture of that stream give one digest.
struct Event
{
    std::string_view key;
    std::string_view subject; ///< without the partition token
    std::string_view zone;    ///< IANA zone of times without one; empty = UTC
    std::string_view payload; ///< joined and decompressed
    bool padded = false;      ///< kPayloadPadding readable bytes follow the payload
};

} // namespace jetlag
