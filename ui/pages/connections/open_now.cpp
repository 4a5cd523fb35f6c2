// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/open_now.h"

#include "ui/bridge/live_session.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

OpenNow::OpenNow(LiveSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_name(titleLabel())
    , m_sentence(quietLabel())
    , m_tryNow(new QPushButton(tr("Try now")))
    , m_disconnect(new QPushButton(tr("Disconnect")))
{
    setProperty("role", QStringLiteral("panel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    auto* words = new QVBoxLayout;
    words->addWidget(m_name);
    words->addWidget(m_sentence);
    row->addLayout(words, 1);
    row->addWidget(m_tryNow);
    row->addWidget(m_disconnect);
    connect(m_tryNow, &QPushButton::clicked, &session, &LiveSession::tryNow);
    connect(m_disconnect, &QPushButton::clicked, &session, &LiveSession::close);
    connect(&session, &LiveSession::stateChanged, this, &OpenNow::refresh);
    refresh();
}

void OpenNow::refresh()
{
    const LiveSession::State state = m_session.state();
    m_name->setText(m_session.name().isEmpty() ? tr("No connection is open") : m_session.name());
    if (state == LiveSession::State::Connected) {
        const ServerDescription server = m_session.link()->description();
        m_sentence->setText(tr("connected to %1 · nats-server %2 · read only")
                                .arg(shown(server.url), server.version.empty() ? tr("of unknown version")
                                                                               : shown(server.version)));
    } else {
        m_sentence->setText(m_session.stateSentence());
    }
    m_tryNow->setVisible(state == LiveSession::State::Waiting);
    m_disconnect->setVisible(state != LiveSession::State::None);
}

} // namespace jetlag::ui
