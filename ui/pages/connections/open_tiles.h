#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace jetlag::ui {

class ConnectionTile;
class LiveSession;
class LiveSessions;

/// The connections that are open, a tile each, as many side by side as there is room for.
class OpenTiles final : public QWidget
{
    Q_OBJECT

public:
    explicit OpenTiles(LiveSessions& sessions, QWidget* parent = nullptr);

signals:
    /// It is current now; its pages are to come.
    void chosen();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void followOpen();
    void refresh();
    void arrange();
    [[nodiscard]] ConnectionTile* makeTile(LiveSession& session);

    LiveSessions& m_sessions;
    QGridLayout* m_grid;
    QWidget* m_hint; ///< how one more is opened
    std::vector<ConnectionTile*> m_tiles;
    int m_columns = 0;
};

} // namespace jetlag::ui
