// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_groups.h"

#include <QStringList>

#include <algorithm>

namespace jetlag::ui {

bool FoldState::isOpen(const RowGroup& group) const
{
    if (group.alwaysOpen)
        return true;
    return m_filtered ? !m_foldedInFilter.contains(group.id) : m_opened.contains(group.id);
}

void FoldState::setOpen(const QString& group, bool open)
{
    if (m_filtered) {
        if (open)
            m_foldedInFilter.remove(group);
        else
            m_foldedInFilter.insert(group);
        return;
    }
    if (open) {
        m_opened.insert(group);
    } else {
        m_opened.remove(group);
        m_whole.remove(group);
    }
}

void FoldState::setFiltered(bool filtered)
{
    m_filtered = filtered;
    m_foldedInFilter.clear();
}

QStringList FoldState::opened() const
{
    QStringList names(m_opened.begin(), m_opened.end());
    names.sort();
    return names;
}

void FoldState::restore(const QStringList& opened)
{
    m_opened = QSet<QString>(opened.begin(), opened.end());
}

std::size_t rowsShown(const RowGroup& group, const FoldState& folds)
{
    const std::size_t first = group.alwaysOpen ? kFirstRowsAlwaysOpen : kFirstRows;
    // A line that says "1 more" takes as much room as the one.
    return folds.isWhole(group) || group.rows.size() <= first + 1 ? group.rows.size() : first;
}

std::vector<TableLine> linesOf(const std::vector<RowGroup>& groups, const FoldState& folds)
{
    std::vector<TableLine> lines;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        const RowGroup& group = groups[at];
        const int index = static_cast<int>(at);
        if (group.rows.empty())
            continue;
        lines.push_back({.kind = TableLine::Kind::Group, .group = index});
        if (!folds.isOpen(group))
            continue;
        const std::size_t shown = rowsShown(group, folds);
        for (std::size_t row = 0; row < shown; ++row)
            lines.push_back({.kind = TableLine::Kind::Row, .row = group.rows[row], .group = index});
        if (shown < group.rows.size())
            lines.push_back({.kind = TableLine::Kind::More, .group = index});
    }
    return lines;
}

} // namespace jetlag::ui
