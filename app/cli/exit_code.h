#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"

namespace jetlag {

/// How `jetlagctl` ends: a contract with scripts.
enum class ExitCode {
    Fine = 0,          ///< quarantined events too
    Trouble = 1,       ///< found what the command looks for: a bad verdict, a difference, damage
    WrongUse = 2,      ///< the command line makes no sense
    CouldNot = 3,      ///< no server, no permission, no space, ...
    Interrupted = 130, ///< Ctrl-C with a partial result; services that are meant to be stopped end with Fine
};

[[nodiscard]] constexpr ExitCode exitCodeOf(ErrorCode code) noexcept
{
    return code == ErrorCode::InvalidArgument ? ExitCode::WrongUse : ExitCode::CouldNot;
}

} // namespace jetlag
