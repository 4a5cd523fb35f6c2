#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"

#include <QString>

#include <string>

namespace jetlag::ui {

/// Where a request leads, as far as that can be said before a server answers. Small files are read, nothing
/// is asked.
struct ConnectionTarget
{
    std::string key;     ///< the same place has the same one; the history keeps it under this name
    QString name;        ///< of the context, or the address without its password; fit for display
    QString colorScheme; ///< the user's mark for this environment, as the context has it
};

/// Without context and address it is the selected context, else this machine.
[[nodiscard]] ConnectionTarget targetOf(const ConnectionRequest& request, ConnectionService& connections);

} // namespace jetlag::ui
