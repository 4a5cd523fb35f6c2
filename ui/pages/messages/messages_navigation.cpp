// SPDX-License-Identifier: Apache-2.0
//
// Where links and keys lead on the page Messages, and where it leads itself.
#include "ui/bridge/live_session.h"
#include "ui/pages/messages/message_list.h"
#include "ui/pages/messages/messages_page.h"

#include <utility>

namespace jetlag::ui {

void MessagesPage::followReplay()
{
    if (!m_list->chosen() || !m_session.link())
        return;
    StreamReplaySource source{.server = m_session.link(), .stream = m_open};
    if (const ConsumerSnapshot* reader = place().collector; reader != nullptr && reader->isDurable())
        source.likeDurable = reader->name;
    ReplayRequest request;
    request.source = std::move(source);
    request.range.from = *m_list->chosen();
    emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
}

void MessagesPage::openLink(const PageLink& link)
{
    if (!m_session.report()) {
        m_pending = link;
        return;
    }
    if (link.message)
        m_tools->chooseStream(link.message->stream);
    else if (link.collector)
        m_tools->chooseStream(link.collector->stream);
    if (link.message && !link.message->sequence.isZero())
        m_wanted = link.message->sequence;
    showReport(); // the collectors of that stream
    if (link.collector)
        m_tools->chooseCollector(link.collector->name);
    if (m_tools->stream() == m_open && m_wanted)
        m_list->goTo(*std::exchange(m_wanted, std::nullopt));
    else if (m_tools->stream() != m_open)
        openStream();
}

bool MessagesPage::refreshNow()
{
    m_session.refreshNow();
    return true;
}

bool MessagesPage::focusFilter()
{
    m_tools->focusSearch();
    return true;
}

bool MessagesPage::goBack()
{
    if (m_search.isRunning()) {
        m_search.stop();
        return true;
    }
    if (!m_search.hasRun())
        return false;
    forgetSearch();
    m_list->setFocus();
    return true;
}

bool MessagesPage::playPause()
{
    m_list->setFollowing(!m_list->isFollowing());
    return true;
}

QList<std::pair<QString, QString>> MessagesPage::shortcuts() const
{
    return {{QStringLiteral("/"), tr("search")},
            {QStringLiteral("Ctrl+G"), tr("go to a sequence or time")},
            {QStringLiteral("Space"), tr("follow the tail, or not")},
            {QStringLiteral("Esc"), tr("stop the search, then forget it")}};
}

} // namespace jetlag::ui
