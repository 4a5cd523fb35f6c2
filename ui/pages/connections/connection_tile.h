#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QFrame>

class QLabel;
class QPushButton;

namespace jetlag::ui {

class ElidedLabel;
class LiveSession;
class VerdictCounts;

/// One open connection: what it is called and where it leads, how it stands, what lags there, and what
/// watching costs.
class ConnectionTile final : public QFrame
{
    Q_OBJECT

public:
    explicit ConnectionTile(LiveSession& session, QWidget* parent = nullptr);

    [[nodiscard]] LiveSession& session() const { return m_session; }
    /// `key`: that shows it, "Alt+2"; empty = none.
    void setPlace(bool isCurrent, const QString& key);
    void refresh();

signals:
    void showWanted();
    void closeWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void showState();
    [[nodiscard]] QString aboutServer() const;
    [[nodiscard]] QString footprintLine() const;

    LiveSession& m_session;
    ElidedLabel* m_name;
    QLabel* m_word;
    QLabel* m_place;
    QLabel* m_sign;
    QLabel* m_state;
    VerdictCounts* m_verdicts;
    ElidedLabel* m_server;
    ElidedLabel* m_footprint;
    QPushButton* m_show;
    QPushButton* m_tryNow;
};

} // namespace jetlag::ui
