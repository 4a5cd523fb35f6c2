// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/form_parts.h"

#include "ui/theme/theme.h"

#include <QStyle>

namespace jetlag::ui {

namespace {

constexpr int kLabelWidth = 74;

} // namespace

QLabel* formLabel(const QString& text)
{
    auto* label = new QLabel(text);
    setRole(*label, "secondary");
    label->setFont(Theme::instance().smallFont());
    label->setMinimumWidth(kLabelWidth);
    return label;
}

QLabel* fieldNote()
{
    auto* note = new QLabel;
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    setRole(*note, "secondary");
    return note;
}

void sayField(QLabel& note, const FieldWords& words)
{
    setRole(note, words.error.isEmpty() ? "secondary" : "error");
    note.setText(words.error.isEmpty() ? words.note : words.error);
}

QFrame* formPanel()
{
    auto* frame = new QFrame;
    setRole(*frame, "panel");
    return frame;
}

void setRole(QWidget& widget, const char* role)
{
    const QString word = QLatin1String(role);
    if (widget.property("role").toString() == word)
        return;
    widget.setProperty("role", word);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

} // namespace jetlag::ui
