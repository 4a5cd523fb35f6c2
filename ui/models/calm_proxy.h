#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/row_filter.h"

#include <QSortFilterProxyModel>

namespace jetlag::ui {

/// Sorts and filters a record model only when told: rows do not jump with each new number. arrange() is that
/// order; while held (the pointer rests on the table) it waits until the hold ends.
class CalmProxy final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit CalmProxy(QObject* parent = nullptr);

    /// `texts`: those of them that hold text and have no order for a filter.
    void setColumnIds(QStringList ids, QStringList texts)
    {
        m_ids = std::move(ids);
        m_texts = std::move(texts);
    }
    /// The mistake in the filter, or empty; with a mistake every row is shown.
    QString setFilter(const QString& text);
    void arrange();
    void hold(bool held);
    [[nodiscard]] bool isHeld() const { return m_held; }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_ids;
    QStringList m_texts;
    RowFilter m_filter;
    bool m_held = false;
    bool m_waiting = false;
};

} // namespace jetlag::ui
