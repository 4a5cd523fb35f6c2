// SPDX-License-Identifier: Apache-2.0
// The lines of a CalmProxy: from those that are shown to the next ones, and those of groups.
#include "ui/models/calm_proxy.h"

#include <algorithm>
#include <numeric>

namespace jetlag::ui {

namespace {

using Kind = TableLine::Kind;

/// Finds lines again among others, whose groups may have other numbers.
class Places
{
public:
    Places(const std::vector<TableLine>& lines, const std::vector<RowGroup>& groups, int sourceRows)
        : m_rows(static_cast<std::size_t>(sourceRows), -1)
    {
        for (std::size_t at = 0; at < lines.size(); ++at) {
            const TableLine& line = lines[at];
            if (line.kind == Kind::Row)
                m_rows[static_cast<std::size_t>(line.row)] = static_cast<int>(at);
            else
                m_groups.insert(keyOf(line, groups), static_cast<int>(at));
        }
    }
    /// -1 = not among them.
    [[nodiscard]] int of(const TableLine& line, const std::vector<RowGroup>& groups) const
    {
        return line.kind == Kind::Row ? m_rows[static_cast<std::size_t>(line.row)]
                                      : m_groups.value(keyOf(line, groups), -1);
    }

private:
    static std::pair<QString, bool> keyOf(const TableLine& line, const std::vector<RowGroup>& groups)
    {
        return {groups[static_cast<std::size_t>(line.group)].id, line.kind == Kind::More};
    }

    std::vector<int> m_rows;
    QHash<std::pair<QString, bool>, int> m_groups;
};

} // namespace

bool CalmProxy::isShown(const std::vector<TableLine>& next, const std::vector<RowGroup>& groups) const
{
    if (next.size() != m_lines.size())
        return false;
    const Places places(next, groups, sourceModel()->rowCount());
    for (std::size_t at = 0; at < m_lines.size(); ++at) {
        if (places.of(m_lines[at], m_groups) != static_cast<int>(at))
            return false;
    }
    return true;
}

void CalmProxy::rememberPlaces()
{
    m_lineOf.assign(static_cast<std::size_t>(sourceModel()->rowCount()), -1);
    for (std::size_t at = 0; at < m_lines.size(); ++at) {
        if (m_lines[at].kind == Kind::Row)
            m_lineOf[static_cast<std::size_t>(m_lines[at].row)] = static_cast<int>(at);
    }
}

// Lines that go are taken out where they stand; new ones come in one piece at the end and find their place
// with the others: three signals at most, however much changes.
void CalmProxy::take(std::vector<TableLine> next, std::vector<RowGroup> groups)
{
    const Places places(next, groups, std::max(sourceModel()->rowCount(), static_cast<int>(m_lineOf.size())));
    std::vector<int> place;
    for (const TableLine& line : m_lines)
        place.push_back(places.of(line, m_groups));
    m_looks.clear();
    for (int last = rowCount() - 1; last >= 0; --last) {
        if (place[static_cast<std::size_t>(last)] >= 0)
            continue;
        int first = last;
        while (first > 0 && place[static_cast<std::size_t>(first) - 1] < 0)
            --first;
        beginRemoveRows({}, first, last);
        m_lines.erase(m_lines.begin() + first, m_lines.begin() + last + 1);
        place.erase(place.begin() + first, place.begin() + last + 1);
        rememberPlaces();
        endRemoveRows();
        last = first;
    }
    // Groups have their new numbers from here on, and nobody is told before all have.
    std::vector<bool> isThere(next.size(), false);
    for (std::size_t at = 0; at < m_lines.size(); ++at) {
        m_lines[at] = next[static_cast<std::size_t>(place[at])];
        isThere[static_cast<std::size_t>(place[at])] = true;
    }
    m_groups = std::move(groups);
    m_looks.clear();
    const auto missing = std::count(isThere.begin(), isThere.end(), false);
    if (missing > 0) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(missing) - 1);
        for (std::size_t at = 0; at < next.size(); ++at) {
            if (isThere[at])
                continue;
            m_lines.push_back(next[at]);
            place.push_back(static_cast<int>(at));
        }
        rememberPlaces();
        endInsertRows();
    }
    if (std::is_sorted(place.begin(), place.end()))
        return rememberPlaces();
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    m_lines = std::move(next);
    rememberPlaces();
    QModelIndexList after;
    for (const QModelIndex& index : before)
        after << createIndex(place[static_cast<std::size_t>(index.row())], index.column());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, VerticalSortHint);
}

int CalmProxy::firstRow() const
{
    const auto first = std::find_if(m_lines.begin(), m_lines.end(),
                                    [](const TableLine& line) { return line.kind == Kind::Row; });
    return first == m_lines.end() ? -1 : static_cast<int>(first - m_lines.begin());
}

int CalmProxy::lineOfGroup(int group) const
{
    const auto at = std::find_if(m_lines.begin(), m_lines.end(), [group](const TableLine& line) {
        return line.kind == Kind::Group && line.group == group;
    });
    return group < 0 || at == m_lines.end() ? -1 : static_cast<int>(at - m_lines.begin());
}

bool CalmProxy::isOpen(int group) const
{
    return m_folds.isOpen(m_groups[static_cast<std::size_t>(group)]);
}

void CalmProxy::setOpen(int group, bool open)
{
    m_folds.setOpen(m_groups[static_cast<std::size_t>(group)].id, open);
    showFolds();
}

void CalmProxy::showWhole(int group)
{
    m_folds.setWhole(m_groups[static_cast<std::size_t>(group)].id);
    showFolds();
}

// Opening a group must not put anything else in another order.
void CalmProxy::showFolds()
{
    take(linesOf(m_groups, m_folds), m_groups);
    for (int at = 0; at < rowCount(); ++at) {
        if (line(at).kind == Kind::Group)
            emit dataChanged(index(at, 0), index(at, columnCount() - 1));
    }
    emit foldsChanged();
}

bool CalmProxy::reveal(int sourceRow)
{
    if (mapFromSource(sourceModel()->index(sourceRow, 0)).isValid())
        return true;
    for (const RowGroup& group : m_groups) {
        const auto at = std::find(group.rows.begin(), group.rows.end(), sourceRow);
        if (at == group.rows.end())
            continue;
        const QString id = group.id; // taking new lines makes the groups anew
        const bool isFarDown = static_cast<std::size_t>(at - group.rows.begin()) >= rowsShown(group, m_folds);
        m_folds.setOpen(id, true);
        if (isFarDown)
            m_folds.setWhole(id);
        showFolds();
        return true;
    }
    return false;
}

void CalmProxy::restoreOpened(const QStringList& groups)
{
    m_folds.restore(groups);
    if (m_grouping)
        showFolds();
}

GroupLook CalmProxy::lookOf(int group) const
{
    const auto at = static_cast<std::size_t>(group);
    m_looks.resize(m_groups.size());
    if (!m_looks[at]) {
        m_looks[at] = m_grouping ? m_grouping->look(m_groups[at]) : GroupLook();
        m_looks[at]->canFold = !m_groups[at].alwaysOpen;
        m_looks[at]->isOpen = m_folds.isOpen(m_groups[at]);
    }
    return *m_looks[at];
}

QVariant CalmProxy::groupData(const TableLine& line, int column, int role) const
{
    const RowGroup& group = m_groups[static_cast<std::size_t>(line.group)];
    if (line.kind == Kind::More) {
        const QString words =
            tr("%1 more in this group · show them").arg(group.rows.size() - rowsShown(group, m_folds));
        if (role == MoreRole || (column == 0 && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)))
            return words;
        return {};
    }
    if (role == GroupRole)
        return QVariant::fromValue(lookOf(line.group));
    if (column == 0 && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)) {
        const GroupLook look = lookOf(line.group);
        QStringList words{look.title, look.note};
        for (const GroupCount& count : look.counts) {
            if (count.count > 0)
                words << tr("%1 %2").arg(count.count).arg(count.word);
        }
        if (look.canFold)
            words << (look.isOpen ? tr("open") : tr("folded"));
        return words.join(QStringLiteral(", "));
    }
    return {};
}

} // namespace jetlag::ui
