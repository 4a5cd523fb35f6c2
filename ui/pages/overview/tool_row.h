#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

#include <cstdint>

class QMenu;
class QTabBar;
class QToolButton;

namespace jetlag::ui {

class FilterLine;
class OrderButton;

/// The line above the tables: which of them, the filter and what it leaves, what is hidden, groups, columns,
/// CSV.
class ToolRow final : public QWidget
{
    Q_OBJECT

public:
    enum class Tab { Collectors, Streams };

    explicit ToolRow(QWidget* parent = nullptr);

    [[nodiscard]] Tab tab() const;
    void setTab(Tab tab);
    [[nodiscard]] QString filter() const;
    void setFilter(const QString& text);
    void focusFilter();

    /// What is wrong with the filter, in a sentence that stands until the filter is right; empty = nothing.
    void setMistake(const QString& sentence);
    void setCounts(const QString& words);
    /// So many have trouble of their own.
    void setStreamsInTrouble(int streams);
    void setHidden(std::uint64_t streams, std::uint64_t consumers, bool all);
    void setColumnsWithoutRoom(int columns);
    [[nodiscard]] OrderButton& orderButton() const { return *m_order; }
    void setGrouped(bool grouped, bool isOffered);

signals:
    void tabChanged();
    void filterChanged();
    void showAllWanted(bool all);
    void columnMenuOpens(QMenu& menu);
    void csvWanted();
    void groupedWanted(bool grouped);

private:
    QTabBar* m_tabs;
    FilterLine* m_filter;
    OrderButton* m_order;
    QToolButton* m_showAll;
    QToolButton* m_grouped;
    QToolButton* m_columns;
};

} // namespace jetlag::ui
