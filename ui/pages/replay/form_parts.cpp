// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/form_parts.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QSignalBlocker>
#include <QStyle>

#include <algorithm>

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

void fillNames(QComboBox& combo, const std::vector<std::string>& names, const std::string& chosen)
{
    std::vector<std::string> wanted = names;
    if (!chosen.empty() && std::find(wanted.begin(), wanted.end(), chosen) == wanted.end())
        wanted.push_back(chosen);
    const QSignalBlocker quiet(combo);
    const auto isSame = [&combo, &wanted] {
        if (combo.count() != static_cast<int>(wanted.size()))
            return false;
        for (int i = 0; i < combo.count(); ++i) {
            if (combo.itemData(i).toByteArray() !=
                QByteArray::fromStdString(wanted[static_cast<std::size_t>(i)]))
                return false;
        }
        return true;
    };
    if (!isSame()) { // a list that is open must not jump
        combo.clear();
        for (const std::string& name : wanted)
            combo.addItem(shown(name), QByteArray::fromStdString(name));
    }
    combo.setCurrentIndex(combo.findData(QByteArray::fromStdString(chosen)));
}

std::string chosenName(const QComboBox& combo)
{
    return combo.currentData().toByteArray().toStdString();
}

} // namespace jetlag::ui
