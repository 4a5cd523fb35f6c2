#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/environment.h"

#include <QAbstractButton>
#include <QPixmap>

namespace jetlag::ui {

class LiveSession;

/// An open connection in the top bar: the stripe and word of its environment, its name, a sign for how it
/// stands, and how many collectors have the worst verdict. A click chooses it; the cross, a click with the
/// middle button, Delete or the menu closes it. What has no room ends in "…"; the tool tip holds it all.
class ConnectionChip final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit ConnectionChip(LiveSession& session, QWidget* parent = nullptr);

    [[nodiscard]] LiveSession& session() const { return m_session; }
    /// Reads the session again. True when it needs another width now.
    bool refresh(bool isCurrent);
    /// With every letter of a name that is not absurd; and with the least of one that can be told apart.
    [[nodiscard]] int fullWidth() const;
    [[nodiscard]] int leastWidth() const;
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void closeWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] QFont nameFont() const;
    [[nodiscard]] int nameWidth() const;
    [[nodiscard]] int fixedWidth() const; ///< of all but the name
    [[nodiscard]] QRect cross() const;
    void setOverCross(bool over);

    LiveSession& m_session;
    bool m_isCurrent = false;
    bool m_isOverCross = false;
    bool m_closes = false; ///< the press that is under way is one of those that close
    QString m_name;
    QString m_word; ///< of the environment
    Environment::Kind m_kind = Environment::Kind::Unknown;
    QString m_badge; ///< empty = none
    QString m_badgeVerdict;
};

} // namespace jetlag::ui
