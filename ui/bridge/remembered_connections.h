#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/live_sessions.h"

#include <QObject>
#include <QStringList>

namespace jetlag::ui {

/// The open connections across restarts: which, in which order, and which one was shown. Written with every
/// change, so that a crash loses none. Contexts are kept by name and addresses as they were typed; an address
/// that holds a login is not written anywhere, and a demo ends with its window. UI thread.
class RememberedConnections final : public QObject
{
    Q_OBJECT

public:
    explicit RememberedConnections(LiveSessions& sessions);

    /// Opens what was open. False when nothing was.
    bool restore();

private:
    void remember();

    LiveSessions& m_sessions;
    QStringList m_written; ///< the shown one first, then all
    bool m_restores = false;
};

} // namespace jetlag::ui
