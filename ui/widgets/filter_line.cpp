// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/filter_line.h"

#include "ui/widgets/elided_label.h"
#include "ui/widgets/hanging_note.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QStyle>

namespace jetlag::ui {

namespace {

constexpr int kLeastWidth = 220;
constexpr int kMostWidth = 340;

} // namespace

FilterLine::FilterLine(const QString& example, QWidget* parent)
    : QWidget(parent)
    , m_line(new QLineEdit)
    , m_words(new ElidedLabel)
    , m_wrong(new HangingNote(*m_line))
{
    m_line->setPlaceholderText(example);
    m_line->setClearButtonEnabled(true);
    m_line->setAccessibleName(tr("Filter"));
    m_line->setMinimumWidth(kLeastWidth);
    m_line->setMaximumWidth(kMostWidth);
    m_words->setProperty("role", QStringLiteral("secondary"));
    setFocusProxy(m_line);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_line, 1);
    row->addWidget(m_words, 2);
    connect(m_line, &QLineEdit::textChanged, this, &FilterLine::changed);
}

QString FilterLine::text() const
{
    return m_line->text();
}

void FilterLine::setText(const QString& text)
{
    m_line->setText(text);
}

void FilterLine::take(Qt::FocusReason reason)
{
    m_line->setFocus(reason);
    m_line->selectAll();
}

void FilterLine::setCounts(const QString& words)
{
    m_words->setText(words);
}

void FilterLine::setMistake(const QString& sentence)
{
    const bool bad = !sentence.isEmpty();
    m_wrong->say(sentence);
    if (m_line->property("bad").toBool() == bad)
        return;
    m_line->setProperty("bad", bad);
    m_line->style()->unpolish(m_line);
    m_line->style()->polish(m_line);
}

} // namespace jetlag::ui
