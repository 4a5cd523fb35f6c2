// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/state_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kTextWidth = 560;

} // namespace

StatePanel::StatePanel(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_sentence(new QLabel)
    , m_buttons(new QHBoxLayout)
{
    m_title->setFont(Theme::instance().titleFont());
    m_title->setTextFormat(Qt::PlainText);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_sentence->setProperty("role", QStringLiteral("secondary"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setMaximumWidth(kTextWidth);
    m_sentence->setMinimumWidth(240);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Metrics::kSpacing);
    layout->addStretch(2);
    layout->addWidget(m_title);
    auto* middle = new QHBoxLayout;
    middle->addStretch();
    middle->addWidget(m_sentence, 4);
    middle->addStretch();
    layout->addLayout(middle);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
}

void StatePanel::say(const QString& title, const QString& sentence, QList<Step> steps)
{
    m_title->setText(breakable(title));
    m_title->setVisible(!title.isEmpty());
    m_sentence->setText(breakable(sentence));
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setSteps(std::move(steps));
}

void StatePanel::setSteps(QList<Step> steps)
{
    const bool same = std::equal(steps.begin(), steps.end(), m_steps.begin(), m_steps.end(),
                                 [](const Step& one, const Step& other) { return one.words == other.words; });
    m_steps = std::move(steps);
    if (same)
        return;
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        if (QWidget* old = item->widget())
            old->deleteLater();
        delete item;
    }
    if (m_steps.isEmpty())
        return;
    m_buttons->addStretch();
    for (qsizetype at = 0; at < m_steps.size(); ++at) {
        auto* button = new QPushButton(m_steps[at].words);
        connect(button, &QPushButton::clicked, this, [this, at] {
            if (at < m_steps.size() && m_steps[at].act)
                m_steps[at].act();
        });
        m_buttons->addWidget(button);
    }
    m_buttons->addStretch();
}

} // namespace jetlag::ui
