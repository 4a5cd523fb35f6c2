// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/order_button.h"

#include "ui/widgets/record_table.h"

#include <QEvent>

#include <algorithm>
#include <utility>

namespace jetlag::ui {

OrderButton::OrderButton(QWidget* parent)
    : QToolButton(parent)
{
    setText(tr("New order waits"));
    setToolTip(tr("Rows keep their places while the pointer is over the table; put them in order now"));
    hide();
    connect(this, &QToolButton::clicked, this, [this] {
        for (RecordTable* table : std::as_const(m_tables)) {
            if (table->isVisible())
                table->proxy().arrangeNow();
        }
    });
}

void OrderButton::follow(RecordTable& table)
{
    m_tables.append(&table);
    connect(&table.proxy(), &CalmProxy::waitingChanged, this, &OrderButton::refresh);
    table.installEventFilter(this);
}

bool OrderButton::eventFilter(QObject* watched, QEvent* event)
{
    const bool isDone = QToolButton::eventFilter(watched, event);
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide)
        refresh();
    return isDone;
}

void OrderButton::refresh()
{
    setVisible(std::ranges::any_of(
        m_tables, [](RecordTable* table) { return table->isVisible() && table->proxy().isWaiting(); }));
}

} // namespace jetlag::ui
