// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/staying_menu.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>

namespace jetlag::ui {

namespace {

/// The menu's child; one is enough.
class TickFilter final : public QObject
{
public:
    explicit TickFilter(QMenu& menu)
        : QObject(&menu)
        , m_menu(menu)
    {
        menu.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        QAction* action = nullptr;
        if (event->type() == QEvent::MouseButtonRelease)
            action = m_menu.actionAt(static_cast<QMouseEvent*>(event)->position().toPoint());
        else if (event->type() == QEvent::KeyPress && chooses(*static_cast<QKeyEvent*>(event)))
            action = m_menu.activeAction();
        if (action == nullptr || !action->isCheckable() || !action->isEnabled())
            return QObject::eventFilter(watched, event);
        action->trigger();
        return true;
    }

private:
    static bool chooses(const QKeyEvent& key)
    {
        return key.key() == Qt::Key_Space || key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    }

    QMenu& m_menu;
};

constexpr auto kFilterName = "stayOpenForTicks";

} // namespace

void stayOpenForTicks(QMenu& menu)
{
    if (menu.findChild<QObject*>(QLatin1String(kFilterName), Qt::FindDirectChildrenOnly) != nullptr)
        return;
    auto* filter = new TickFilter(menu);
    filter->setObjectName(QLatin1String(kFilterName));
}

} // namespace jetlag::ui
