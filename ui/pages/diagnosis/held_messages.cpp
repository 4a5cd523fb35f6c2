// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/diagnosis/held_messages.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QHeaderView>

#include <algorithm>

namespace jetlag::ui {

namespace {

enum Column { Role, Sequence, Stored, Subject, Size, ColumnCount };
constexpr int kMostRowsShown = 4; ///< more scroll

} // namespace

HeldMessages::HeldMessages(QWidget* parent)
    : QTableWidget(0, ColumnCount, parent)
{
    setAccessibleName(tr("Messages that hold it up"));
    setHorizontalHeaderLabels({tr("Message"), tr("Sequence"), tr("Stored"), tr("Subject"), tr("Size")});
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(Subject, QHeaderView::Stretch);
    for (const Column number : {Sequence, Size})
        horizontalHeaderItem(number)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setShowGrid(false);
    setToolTip(tr("Enter or double click shows the message in its stream"));
    connect(this, &QTableWidget::cellActivated, this,
            [this](int row) { emit messageWanted(item(row, Sequence)->data(Qt::UserRole).toULongLong()); });
}

void HeldMessages::show(std::span<const HoldingMessage> messages)
{
    setVisible(!messages.empty());
    setRowCount(static_cast<int>(messages.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const HoldingMessage& one = messages[static_cast<std::size_t>(row)];
        const QStringList texts{shown(one.role), exact(one.sequence),
                                one.time ? clockTime(*one.time) : tr("?"),
                                one.subject.empty() ? tr("?") : shown(one.subject),
                                one.bytes ? bytes(static_cast<double>(*one.bytes)) : tr("?")};
        for (int column = 0; column < ColumnCount; ++column) {
            if (item(row, column) == nullptr) {
                setItem(row, column, new QTableWidgetItem);
                if (column == Sequence || column == Size)
                    item(row, column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
            item(row, column)->setText(texts[column]);
        }
        item(row, Sequence)->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(one.sequence));
    }
    const int rows = std::min(rowCount(), kMostRowsShown);
    setFixedHeight(horizontalHeader()->sizeHint().height() + rows * Metrics::kRowHeight + 4);
}

} // namespace jetlag::ui
