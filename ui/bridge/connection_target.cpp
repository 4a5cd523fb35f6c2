// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/connection_target.h"

#include "model/profile/connection_profile.h"
#include "ui/theme/number_format.h"

namespace jetlag::ui {

ConnectionTarget targetOf(const ConnectionRequest& request, ConnectionService& connections)
{
    if (request.server) {
        const std::string title = profileFromUrl(*request.server).title();
        return {.key = title, .name = shown(title), .colorScheme = {}};
    }
    for (const FoundContext& context : connections.contexts()) {
        if (request.context ? context.name == *request.context : context.selected)
            return {.key = context.name,
                    .name = shown(context.name),
                    .colorScheme = QString::fromStdString(context.colorScheme)};
    }
    if (request.context) // it may have gone; its place stays, with the reason
        return {.key = *request.context, .name = shown(*request.context), .colorScheme = {}};
    return {.key = ConnectionProfile().title(), .name = QStringLiteral("this machine"), .colorScheme = {}};
}

} // namespace jetlag::ui
