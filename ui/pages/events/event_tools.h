#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/notice_planner.h"

#include <QWidget>

class QMenu;
class QTabBar;
class QToolButton;

namespace jetlag::ui {

class FilterLine;
class OrderButton;
class PickBox;
class Segments;

/// The lines above the lists of the page Events: which list, the filter, the kinds, and how loud it is.
class EventTools final : public QWidget
{
    Q_OBJECT

public:
    enum class Tab { Events, DeadLetters };

    explicit EventTools(QWidget* parent = nullptr);

    [[nodiscard]] Tab tab() const;
    void setTab(Tab tab);
    void setDeadLetters(int unreviewed);

    /// What is typed, and the chosen kind as a further word of it.
    [[nodiscard]] QString filter() const;
    [[nodiscard]] bool isFiltering() const;
    void setFilter(const QString& text);
    void clear();
    void focusFilter();
    void setMistake(const QString& sentence);

    void setLevel(NoticeLevel level);
    void setCounts(const QString& words);
    void setColumnsWithoutRoom(int columns);
    [[nodiscard]] OrderButton& orderButton() const { return *m_order; }

signals:
    void tabChanged();
    void filterChanged();
    void levelChosen(jetlag::NoticeLevel level);
    void columnMenuOpens(QMenu& menu);
    void csvWanted();

private:
    QTabBar* m_tabs;
    FilterLine* m_filter;
    Segments* m_kinds;
    PickBox* m_level;
    OrderButton* m_order;
    QToolButton* m_columns;
    QWidget* m_second; ///< the line of the kinds: of the events alone
};

} // namespace jetlag::ui
