#pragma once

// SPDX-License-Identifier: Apache-2.0

namespace jetlag {

/// Ctrl-C and SIGTERM set a flag that waiting loops look at; a second Ctrl-C ends the process at once.
void catchInterrupts();
[[nodiscard]] bool wasInterrupted() noexcept;

} // namespace jetlag
