#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"

#include <nats/nats.h>

#include <string_view>
#include <vector>

namespace jetlag {

/// Which headers a source hands over: lifting them out of a nats message costs about 2 µs.
enum class HeaderChoice {
    Core, ///< those that the core reads (headers::kReadByCore)
    All,  ///< all, sorted by name, several values of a name in their order
};

/// Reads a header block as it is stored: `NATS/1.0 [status]\r\n`, then `Name: value\r\n` lines. Whatever is
/// no such line is left out. Views into `block`.
void parseHeaderBlock(std::string_view block, HeaderChoice choice, std::vector<HeaderField>& out);

/// The fields of a nats message, as views into it; appended. nats.c does not tell in which order names were
/// stored. With `directGet` the last of each of the server's own four (Nats-Stream, Nats-Subject,
/// Nats-Sequence, Nats-Time-Stamp) is left out: a republished message carries its own of the same names
/// first.
void liftHeaders(natsMsg* message, HeaderChoice choice, bool directGet, std::vector<HeaderField>& out);

/// The last value of that name, or an empty view without data. Valid as long as the message.
[[nodiscard]] std::string_view lastHeaderValue(natsMsg* message, const char* name);

} // namespace jetlag
