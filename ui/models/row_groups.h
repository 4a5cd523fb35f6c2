#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/theme/glyphs.h"
#include "ui/theme/palette.h"

#include <QList>
#include <QMetaType>
#include <QSet>
#include <QString>

#include <cstddef>
#include <vector>

namespace jetlag::ui {

/// Rows of a table that stand together below one line that says what they have in common.
struct RowGroup
{
    QString id; ///< stable: fold states name it
    bool alwaysOpen = false;
    std::vector<int> rows; ///< of the source model, in their order
};

/// How many of a group are so; each stands in a place of its own, so that groups can be compared.
struct GroupCount
{
    Glyph glyph = Glyph::Disc;
    QColor Palette::*ink = &Palette::secondary;
    int count = 0;
    QString word; ///< "keeping up"
};

/// What the line of a group says.
struct GroupLook
{
    QString title; ///< safe to show
    QString note;  ///< "412 in 20 streams"
    QList<GroupCount> counts;
    bool canFold = true;
    bool isOpen = false;
};

/// Puts rows into groups. Asked with each new order of the table, so it must be quick: one look at each row.
class RowGrouping
{
public:
    RowGrouping() = default;
    RowGrouping(const RowGrouping&) = delete;
    RowGrouping& operator=(const RowGrouping&) = delete;
    virtual ~RowGrouping() = default;

    /// Every one of `rows` once, first group first.
    [[nodiscard]] virtual std::vector<RowGroup> groups(const std::vector<int>& rows) = 0;
    /// As the rows are now; `canFold` and `isOpen` are filled in by who asks.
    [[nodiscard]] virtual GroupLook look(const RowGroup& group) const = 0;
};

/// Which groups are open and which of those show all their rows. What somebody opens stays open whatever rows
/// come, go or are sorted, and over a restart. While a filter holds, groups stand open, because who filters
/// wants to see what is left; what is folded meanwhile is forgotten with the filter.
class FoldState final
{
public:
    [[nodiscard]] bool isOpen(const RowGroup& group) const;
    [[nodiscard]] bool isWhole(const RowGroup& group) const { return m_whole.contains(group.id); }
    void setOpen(const QString& group, bool open);
    void setWhole(const QString& group) { m_whole.insert(group); }
    void setFiltered(bool filtered);
    [[nodiscard]] bool isFiltered() const { return m_filtered; }

    [[nodiscard]] QStringList opened() const;
    void restore(const QStringList& opened);

private:
    QSet<QString> m_opened;
    QSet<QString> m_whole;
    QSet<QString> m_foldedInFilter;
    bool m_filtered = false;
};

/// One line of a table: a row, the line of a group, or "298 more … show them".
struct TableLine
{
    enum class Kind : unsigned char { Row, Group, More };
    Kind kind = Kind::Row;
    int row = -1;   ///< of the source model; rows only
    int group = -1; ///< index; -1 = the table has no groups
    bool operator==(const TableLine&) const = default;
};

/// A folded group is one line, an open one shows its first rows, worst first, and how many more there are.
inline constexpr std::size_t kFirstRows = 20;
/// "Need a look" is what the table is for: more of it before somebody asks.
inline constexpr std::size_t kFirstRowsAlwaysOpen = 100;

/// The lines of a table in groups. Pure. Groups without rows have no line.
[[nodiscard]] std::vector<TableLine> linesOf(const std::vector<RowGroup>& groups, const FoldState& folds);
/// How many rows of an open group are shown.
[[nodiscard]] std::size_t rowsShown(const RowGroup& group, const FoldState& folds);

} // namespace jetlag::ui

Q_DECLARE_METATYPE(jetlag::ui::GroupLook)
