// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/pages.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/connections/connections_page.h"
#include "ui/window/main_window.h"

namespace jetlag::ui {

void addPages(MainWindow& window, LiveSession& session)
{
    window.addPage(new ConnectionsPage(session));
}

} // namespace jetlag::ui
