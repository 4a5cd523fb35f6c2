#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>

namespace jetlag {

struct ServerDescription
{
    std::string name;        ///< context name, else the address
    std::string url;         ///< the server that answers, without credentials
    std::string version;     ///< of that server
    std::string colorScheme; ///< the user's mark for this environment, as the context has it
    std::string cluster;
    std::uint64_t maxPayload = 0; ///< bytes
    bool jetStream = false;
};

} // namespace jetlag
