// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/segments.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>

namespace jetlag::ui {

Segments::Segments(const QStringList& words, QWidget* parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (const QString& word : words) {
        auto* button = new QPushButton(word);
        button->setCheckable(true);
        m_group->addButton(button, static_cast<int>(m_group->buttons().size()));
        row->addWidget(button);
    }
    setCurrent(0);
    connect(m_group, &QButtonGroup::idClicked, this, &Segments::chosen);
}

int Segments::current() const
{
    return m_group->checkedId();
}

void Segments::setCurrent(int index)
{
    if (QAbstractButton* button = m_group->button(index))
        button->setChecked(true);
}

void Segments::setWord(int index, const QString& word)
{
    m_group->button(index)->setText(word);
}

void Segments::setAvailable(int index, bool available)
{
    m_group->button(index)->setVisible(available);
}

} // namespace jetlag::ui
