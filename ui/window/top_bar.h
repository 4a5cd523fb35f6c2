#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLabel;
class QToolButton;

namespace jetlag::ui {

class ElidedLabel;
class LiveSessions;

/// Which connections are open, how the current one stands and who answers, and what watching costs.
class TopBar final : public QWidget
{
    Q_OBJECT

public:
    explicit TopBar(LiveSessions& sessions, QWidget* parent = nullptr);

signals:
    void connectionsWanted();
    /// Somebody chose a connection to look at.
    void connectionChosen();
    void shortcutsWanted();

private:
    void refresh();
    [[nodiscard]] QString aboutCurrent() const;

    LiveSessions& m_sessions;
    QToolButton* m_another;
    ElidedLabel* m_current;
    QLabel* m_footprint;
    QToolButton* m_theme;
};

} // namespace jetlag::ui
