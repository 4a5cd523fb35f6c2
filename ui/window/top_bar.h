#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLabel;
class QToolButton;

namespace jetlag::ui {

class LiveSession;

/// Which server is shown, how it stands, and what watching costs it.
class TopBar final : public QWidget
{
    Q_OBJECT

public:
    TopBar(LiveSession& session, QWidget* parent = nullptr);

signals:
    void connectionsWanted();
    void shortcutsWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();

    LiveSession& m_session;
    QToolButton* m_chip;
    QLabel* m_server;
    QLabel* m_footprint;
    QLabel* m_state;
    QToolButton* m_theme;
    std::uint64_t m_lastRequests = 0;
    std::uint64_t m_lastBytes = 0;
    double m_requestsPerSecond = 0;
    double m_bytesPerSecond = 0;
    qint64 m_lastLookMs = 0;
};

} // namespace jetlag::ui
