// SPDX-License-Identifier: Apache-2.0
#include "ui/models/calm_proxy.h"

#include "ui/models/record_model.h"

namespace jetlag::ui {

namespace {

int compare(const QVariant& one, const QVariant& other)
{
    if (one.userType() == QMetaType::QString)
        return QString::compare(one.toString(), other.toString(), Qt::CaseInsensitive);
    const QPartialOrdering order = QVariant::compare(one, other);
    return order == QPartialOrdering::Less ? -1 : order == QPartialOrdering::Greater ? 1 : 0;
}

} // namespace

CalmProxy::CalmProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setDynamicSortFilter(false);
    setSortRole(SortRole);
}

QString CalmProxy::setFilter(const QString& text)
{
    m_filter = RowFilter::parse(text, m_ids, m_texts);
    invalidateFilter();
    return m_filter.mistake();
}

void CalmProxy::arrange()
{
    m_waiting = m_held;
    if (!m_held)
        invalidate();
}

void CalmProxy::hold(bool held)
{
    m_held = held;
    if (!m_held && m_waiting)
        arrange();
}

bool CalmProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_filter.isEmpty())
        return true;
    const auto cell = [&](int column, int role) {
        return sourceModel()->index(row, column, parent).data(role);
    };
    QStringList texts;
    for (int column = 0; column < sourceModel()->columnCount(parent); ++column)
        texts << cell(column, Qt::DisplayRole).toString();
    return m_filter.accepts(
        [&](const QString& id) { return cell(static_cast<int>(m_ids.indexOf(id)), SortRole); }, texts);
}

// Unknown comes last whichever way the column is sorted; equal rows keep the order of their names.
bool CalmProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant one = left.data(SortRole);
    const QVariant other = right.data(SortRole);
    const bool descending = sortOrder() == Qt::DescendingOrder;
    if (one.isValid() != other.isValid())
        return one.isValid() != descending;
    if (const int order = compare(one, other); order != 0)
        return order < 0;
    for (const int column : {0, 1}) {
        const int order = compare(left.siblingAtColumn(column).data(SortRole),
                                  right.siblingAtColumn(column).data(SortRole));
        if (order != 0)
            return (order < 0) != descending;
    }
    return false;
}

} // namespace jetlag::ui
