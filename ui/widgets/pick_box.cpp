// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/pick_box.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/pick_popup.h"

#include <QKeyEvent>
#include <QSignalBlocker>
#include <QWheelEvent>

#include <algorithm>

namespace jetlag::ui {

PickBox::PickBox(QWidget* parent)
    : QComboBox(parent)
{
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
}

PickBox::~PickBox() = default;

bool PickBox::isOpen() const
{
    return m_popup != nullptr && m_popup->isVisible();
}

void PickBox::showPopup()
{
    open({});
}

void PickBox::hidePopup()
{
    if (m_popup != nullptr)
        m_popup->close();
}

void PickBox::open(const QString& typed)
{
    if (count() == 0 || isOpen())
        return;
    emit opening();
    m_popup = new PickPopup(*model(), currentIndex(), this);
    m_popup->setAccessibleName(accessibleName());
    connect(m_popup, &PickPopup::picked, this, &PickBox::take);
    m_popup->openAt(*this);
    m_popup->type(typed);
}

void PickBox::take(int row)
{
    setCurrentIndex(row);
    emit activated(row);
    emit textActivated(itemText(row));
}

void PickBox::keyPressEvent(QKeyEvent* event)
{
    const bool isPlain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == 0;
    const QString typed = event->text();
    if (isPlain && !typed.isEmpty() && typed.front().isPrint() && !typed.front().isSpace())
        return open(typed);
    if (isPlain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        return open({});
    QComboBox::keyPressEvent(event);
}

void PickBox::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

void fillNames(PickBox& box, const std::vector<std::string>& names, const std::string& chosen)
{
    if (box.isOpen())
        return;
    std::vector<std::string> wanted = names;
    if (!chosen.empty() && std::ranges::find(wanted, chosen) == wanted.end())
        wanted.push_back(chosen);
    const QSignalBlocker quiet(box);
    const auto isSame = [&box, &wanted] {
        if (box.count() != static_cast<int>(wanted.size()))
            return false;
        for (int i = 0; i < box.count(); ++i) {
            if (box.itemData(i).toByteArray() !=
                QByteArray::fromStdString(wanted[static_cast<std::size_t>(i)]))
                return false;
        }
        return true;
    };
    if (!isSame()) {
        box.clear();
        for (const std::string& name : wanted)
            box.addItem(shown(name), QByteArray::fromStdString(name));
    }
    box.setCurrentIndex(box.findData(QByteArray::fromStdString(chosen)));
}

std::string chosenName(const PickBox& box)
{
    return box.currentData().toByteArray().toStdString();
}

} // namespace jetlag::ui
