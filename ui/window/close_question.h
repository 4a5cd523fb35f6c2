#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QObject>
#include <QPointer>

class QMessageBox;

namespace jetlag::ui {

class LiveSession;
class LiveSessions;
class PageBook;

/// Stands between a click on a connection's "close" and its end: where a page of it runs something, it asks,
/// naming that. Esc and Enter keep it. Nothing waits meanwhile: the work and all else go on.
class CloseQuestion final : public QObject
{
    Q_OBJECT

public:
    /// `window`: what the question stands over; it owns this.
    CloseQuestion(LiveSessions& sessions, const PageBook& pages, QWidget* window);
    ~CloseQuestion() override;

private:
    /// True when nothing runs.
    [[nodiscard]] bool mayClose(LiveSession& session);
    void ask(LiveSession& session, const QStringList& running);

    LiveSessions& m_sessions;
    const PageBook& m_pages;
    QWidget* m_window;
    QPointer<QMessageBox> m_asked;
};

} // namespace jetlag::ui
