// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/source_panel.h"

#include "ui/pages/replay/form_parts.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

SourcePanel::SourcePanel(QWidget* parent)
    : QFrame(parent)
    , m_picker(new SourcePicker)
    , m_sourceRow(new QWidget)
    , m_summary(new QLabel)
    , m_summaryRow(new QWidget)
    , m_note(fieldNote())
    , m_range(new RangeLine)
{
    setRole(*this, "panel");
    setRole(*m_note, "warning");
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    auto* change = new QPushButton(tr("Change set-up"));
    connect(change, &QPushButton::clicked, this, &SourcePanel::changeWanted);

    auto* source = new QHBoxLayout(m_sourceRow);
    source->setContentsMargins(0, 0, 0, 0);
    source->addWidget(formLabel(tr("Source")));
    source->addWidget(m_picker, 1);
    auto* folded = new QHBoxLayout(m_summaryRow);
    folded->setContentsMargins(0, 0, 0, 0);
    folded->addWidget(m_summary, 1);
    folded->addWidget(change);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    column->setSpacing(Metrics::kSpacing);
    for (QWidget* part : std::initializer_list<QWidget*>{m_sourceRow, m_summaryRow, m_note, m_range})
        column->addWidget(part);
    setNote({});
    unfold();
}

void SourcePanel::fold(const QString& summary)
{
    m_summary->setText(summary);
    m_sourceRow->hide();
    m_summaryRow->show();
}

void SourcePanel::unfold()
{
    m_summaryRow->hide();
    m_sourceRow->show();
}

void SourcePanel::setNote(const QString& note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

} // namespace jetlag::ui
