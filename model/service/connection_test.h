#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/server_description.h"

#include <chrono>
#include <string>
#include <vector>

namespace jetlag {

enum class Grant {
    Yes,
    Missing, ///< the account may not, and something of Jetlag is lost by it
    Off,     ///< nobody asks for it, or there is nothing to try it on
    Unknown, ///< no answer in time
};

/// One thing that Jetlag would do with an account, and whether it may.
struct Ability
{
    std::string what; ///< "Streams: list, detail"
    Grant grant = Grant::Unknown;
    std::string note;                         ///< what it is for, or what is lost without it
    std::vector<std::string> publishSubjects; ///< that the account would need; empty for listening ones
    std::vector<std::string> subscribeSubjects;
};

/// What an account may see, found out by asking: nothing was created or changed for it.
struct ConnectionTest
{
    ServerDescription server;
    std::chrono::milliseconds answeredIn{}; ///< from the first packet to the first answer
    std::string user;                       ///< as the profile names it; empty = none
    std::vector<Ability> abilities;
};

/// "Can be used, 2 things missing."
[[nodiscard]] std::string testSentence(const ConnectionTest& test);

/// Grants all that is missing and nothing that could change anything: for `nsc`, and as a permissions block
/// of a server's configuration. Empty when nothing is missing.
[[nodiscard]] std::string nscCommand(const ConnectionTest& test);
[[nodiscard]] std::string serverPermissions(const ConnectionTest& test);
/// The line of such a block that lets publish to all of these; empty for none.
[[nodiscard]] std::string publishPermission(const std::vector<std::string>& subjects);

} // namespace jetlag
