#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <string>
#include <string_view>

namespace jetlag {

/// A secret that is not held here but named: it is read at the moment it is needed and forgotten again, so
/// that a rotated file counts and nothing of ours stores it.
struct SecretReference
{
    /// What a text without a scheme means: older context files hold tokens and passwords as they are,
    /// creds and nkey as paths.
    enum class Bare { Value, Path };

    std::string text; ///< `file://PATH`, `env://NAME`, `data:;base64,...`, or bare
    Bare bare = Bare::Value;

    bool operator==(const SecretReference&) const = default;
};

/// Reads what the reference names; a last line end is dropped. NotFound names the file or variable,
/// Unsupported the schemes that would need a program of somebody else (`op://`, `nsc://`). No message ever
/// holds the secret.
[[nodiscard]] Result<std::string> resolveSecret(const SecretReference& reference);

/// How the reference may be shown: the file or variable, never a value.
[[nodiscard]] std::string describeSecret(const SecretReference& reference);

/// `$NAME`, `${NAME}` and a leading `~` replaced; an unset variable becomes nothing, as in a shell.
[[nodiscard]] std::string expandPath(std::string_view path);

} // namespace jetlag
