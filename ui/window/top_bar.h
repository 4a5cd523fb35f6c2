#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/environment.h"

#include <QWidget>

#include <deque>

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
    void paintEvent(QPaintEvent* event) override;

private:
    struct Look
    {
        qint64 atMs = 0;
        std::uint64_t requests = 0;
        std::uint64_t bytes = 0;
    };
    void showFootprint();
    [[nodiscard]] QString chipWords() const;
    [[nodiscard]] Environment environment() const;
    void refresh();

    LiveSession& m_session;
    QToolButton* m_chip;
    QLabel* m_server;
    QLabel* m_footprint;
    QLabel* m_state;
    QToolButton* m_theme;
    std::deque<Look> m_looks; ///< the last seconds, for a figure that does not flicker
};

} // namespace jetlag::ui
