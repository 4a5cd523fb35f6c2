#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/notice_planner.h"

#include <QObject>

#include <memory>

namespace jetlag::ui {

/// Calls somebody who looks elsewhere. UI thread; nothing here waits.
class Notifier : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    virtual void tell(const Notice& notice) = 0;

signals:
    /// Somebody pressed "Show" on a notice.
    void showWanted(const jetlag::Notice& notice);
    /// It cannot be shown on the desktop: show it in the window.
    void stayedInside(const jetlag::Notice& notice);
};

/// By the desktop's notification service (org.freedesktop.Notifications); where there is none by a tray icon;
/// where there is none either it stays inside.
[[nodiscard]] std::unique_ptr<Notifier> makeDesktopNotifier();

} // namespace jetlag::ui
