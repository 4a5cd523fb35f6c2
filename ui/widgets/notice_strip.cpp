// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/notice_strip.h"

#include "ui/models/record_cells.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kLines = 3; // more would push the table away

} // namespace

NoticeStrip::NoticeStrip(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_line(new QLabel)
{
    setProperty("role", QStringLiteral("panel"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Metrics::kMargin, 6, 6, 6);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    m_text->setProperty("role", QStringLiteral("warning"));
    m_line->setFont(Theme::instance().monoFont());
    for (QLabel* label : {m_text, m_line}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        words->addWidget(label);
    }
    row->addLayout(words, 1);
    m_copy = addButton(tr("Copy line"));
    m_account = addButton(tr("What this account may see"));
    m_tryNow = addButton(tr("Try now"));
    m_hide = addButton(tr("Hide"));
    connect(m_copy, &QToolButton::clicked, this, [this] {
        const QString line = m_line->text().remove(QChar(0x200b)); // where it may be broken
        QApplication::clipboard()->setText(line);
        emit done(tr("Copied: %1").arg(line));
    });
    connect(m_account, &QToolButton::clicked, this, &NoticeStrip::accountWanted);
    connect(m_tryNow, &QToolButton::clicked, this, &NoticeStrip::tryWanted);
    connect(m_hide, &QToolButton::clicked, this, [this] {
        m_hidden = m_said;
        hide();
    });
    hide();
}

QToolButton* NoticeStrip::addButton(const QString& words)
{
    auto* button = new QToolButton;
    button->setText(words);
    layout()->addWidget(button);
    return button;
}

void NoticeStrip::say(const Notice& notice)
{
    showSentences(notice.sentences);
    m_line->setText(breakable(notice.line));
    m_line->setVisible(!notice.line.isEmpty());
    m_copy->setVisible(!notice.line.isEmpty());
    m_account->setVisible(notice.canHide);
    m_hide->setVisible(notice.canHide);
    m_tryNow->setVisible(notice.canTry);
    setVisible(!notice.sentences.isEmpty() && !(notice.canHide && notice.sentences == m_hidden));
}

// Only when they are others: a selection in them survives.
void NoticeStrip::showSentences(const QStringList& sentences)
{
    if (m_said == sentences)
        return;
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

} // namespace jetlag::ui
