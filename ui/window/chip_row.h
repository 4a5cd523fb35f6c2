#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

#include <vector>

class QMenu;
class QToolButton;

namespace jetlag::ui {

class ConnectionChip;
class LiveSession;
class LiveSessions;

/// The open connections in a line. Where there is not room for all names they are shortened, the longest
/// first; where even that does not help, chips fold into a "+3" with a menu. The current one always shows.
class ChipRow final : public QWidget
{
    Q_OBJECT

public:
    explicit ChipRow(LiveSessions& sessions, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    /// Somebody chose one, also the one that is current.
    void chosen();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void followOpen();
    void refresh();
    void arrange();
    void fillMenu();
    void choose(LiveSession& session);
    [[nodiscard]] ConnectionChip* currentChip() const;
    [[nodiscard]] int foldWidth() const;
    /// In their order, as many as fit at their least; the current one among them.
    [[nodiscard]] std::vector<ConnectionChip*> thoseWithRoom() const;

    LiveSessions& m_sessions;
    std::vector<ConnectionChip*> m_chips;
    QToolButton* m_more;
    QMenu* m_menu;
};

} // namespace jetlag::ui
