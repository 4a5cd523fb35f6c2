#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/engine/checkpoint.h"

#include <string>
#include <string_view>

namespace jetlag {

/// For stores that keep bytes. Reading gives Corrupt when the bytes are not what toBytes() wrote.
[[nodiscard]] std::string toBytes(const CheckpointHeader& header);
[[nodiscard]] Result<CheckpointHeader> checkpointHeaderFrom(std::string_view bytes);

/// An assembler's state without its heads and held messages, which stores keep one by one.
[[nodiscard]] std::string assemblerBytes(const AssemblerState& state);
[[nodiscard]] Result<AssemblerState> assemblerStateFrom(std::string_view bytes);

} // namespace jetlag
