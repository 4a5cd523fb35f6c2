#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/notice_planner.h"

#include <QObject>

#include <memory>

namespace jetlag::ui {

/// Calls somebody who looks elsewhere; one for all connections. UI thread; nothing here waits.
class Notifier : public QObject
{
    Q_OBJECT

public:
    /// The level is the one of the previous run.
    Notifier();
    virtual void tell(const Notice& notice) = 0;

    /// What somebody wants to be called for.
    [[nodiscard]] NoticeLevel level() const { return m_level; }
    void setLevel(NoticeLevel level);

signals:
    void levelChanged();
    /// Somebody pressed "Show" on a notice.
    void showWanted(const jetlag::Notice& notice);
    /// It cannot be shown on the desktop: show it in the window.
    void stayedInside(const jetlag::Notice& notice);

private:
    NoticeLevel m_level;
};

/// By the desktop's notification service (org.freedesktop.Notifications); where there is none by a tray icon;
/// where there is none either it stays inside.
[[nodiscard]] std::unique_ptr<Notifier> makeDesktopNotifier();

} // namespace jetlag::ui
