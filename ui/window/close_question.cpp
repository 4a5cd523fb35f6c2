// SPDX-License-Identifier: Apache-2.0
#include "ui/window/close_question.h"

#include "ui/bridge/live_sessions.h"
#include "ui/bridge/session_words.h"
#include "ui/pages/page.h"
#include "ui/window/page_book.h"

#include <QMessageBox>
#include <QPushButton>

namespace jetlag::ui {

CloseQuestion::CloseQuestion(LiveSessions& sessions, const PageBook& pages, QWidget* window)
    : QObject(window)
    , m_sessions(sessions)
    , m_pages(pages)
    , m_window(window)
{
    sessions.setCloseGuard([this](LiveSession& session) { return mayClose(session); });
}

CloseQuestion::~CloseQuestion()
{
    m_sessions.setCloseGuard({});
}

bool CloseQuestion::mayClose(LiveSession& session)
{
    QStringList running;
    for (const Page* page : m_pages.ofConnection(session)) {
        if (const QString what = page->running(); !what.isEmpty())
            running << what;
    }
    if (!running.isEmpty())
        ask(session, running);
    return running.isEmpty();
}

void CloseQuestion::ask(LiveSession& session, const QStringList& running)
{
    if (m_asked != nullptr)
        m_asked->close();
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Close the connection?"),
                                tr("Closing %1 cancels %2.").arg(titleOf(session), running.join(tr(" and "))),
                                QMessageBox::NoButton, m_window);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("What it has worked out so far goes with its pages. Nothing on the server is "
                               "touched either way."));
    QPushButton* keep = box->addButton(tr("Keep it open"), QMessageBox::RejectRole);
    QPushButton* close = box->addButton(tr("Close and cancel"), QMessageBox::DestructiveRole);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    box->setAttribute(Qt::WA_DeleteOnClose);
    m_asked = box;
    connect(close, &QPushButton::clicked, this, [this, &session] { m_sessions.close(session); });
    connect(&m_sessions, &LiveSessions::closing, box, [box, &session](const LiveSession& gone) {
        if (&gone == &session) // by another way, such as the end of a demo
            box->close();
    });
    box->open();
}

} // namespace jetlag::ui
