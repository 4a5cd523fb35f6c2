// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/notice_strip.h"

#include "ui/models/record_cells.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace jetlag::ui {

namespace {

constexpr int kLines = 3; // more would push the table away

} // namespace

NoticeStrip::NoticeStrip(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_account(new QToolButton)
    , m_hide(new QToolButton)
{
    setProperty("role", QStringLiteral("panel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Metrics::kMargin, 6, 6, 6);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setProperty("role", QStringLiteral("warning"));
    m_account->setText(tr("What this account may see"));
    m_hide->setText(tr("Hide"));
    row->addWidget(m_text, 1);
    row->addWidget(m_account);
    row->addWidget(m_hide);
    connect(m_account, &QToolButton::clicked, this, &NoticeStrip::accountWanted);
    connect(m_hide, &QToolButton::clicked, this, [this] {
        m_hidden = m_said;
        hide();
    });
    hide();
}

void NoticeStrip::say(const QStringList& sentences, bool canHide)
{
    if (m_said != sentences) {
        m_said = sentences;
        QStringList lines = sentences.mid(0, kLines);
        if (const qsizetype more = sentences.size() - lines.size(); more > 0)
            lines.last() += tr(" And %1 more.").arg(more);
        const QString text = lines.join(QLatin1Char('\n'));
        m_text->setText(breakable(text));
        m_text->setToolTip(sentences.size() > kLines ? plainToolTip(sentences.join(QLatin1Char('\n')))
                                                     : QString());
        setAccessibleName(text);
    }
    m_account->setVisible(canHide);
    m_hide->setVisible(canHide);
    setVisible(!sentences.isEmpty() && !(canHide && sentences == m_hidden));
}

} // namespace jetlag::ui
