// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/tool_row.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/order_button.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>
#include <QTabBar>
#include <QToolButton>

namespace jetlag::ui {

ToolRow::ToolRow(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar)
    , m_filter(new FilterLine(tr("Filter: lag>10k runway<10m")))
    , m_order(new OrderButton)
    , m_showAll(new QToolButton)
    , m_grouped(new QToolButton)
    , m_columns(new QToolButton)
{
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Collectors"));
    m_tabs->addTab(tr("Streams"));
    m_showAll->setCheckable(true);
    m_grouped->setCheckable(true);
    m_grouped->setText(tr("Grouped"));
    m_grouped->setToolTip(tr("What needs a look in a group of its own, all others by the families of their "
                             "streams"));
    m_columns->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_columns);
    m_columns->setMenu(menu);
    auto* csv = new QToolButton;
    csv->setText(tr("CSV …"));
    csv->setToolTip(tr("Save what is shown as CSV"));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_tabs);
    row->addWidget(m_filter, 1);
    row->addWidget(m_order);
    row->addWidget(m_showAll);
    row->addWidget(m_grouped);
    row->addWidget(m_columns);
    row->addWidget(csv);

    connect(m_tabs, &QTabBar::currentChanged, this, &ToolRow::tabChanged);
    connect(m_filter, &FilterLine::changed, this, &ToolRow::filterChanged);
    connect(m_showAll, &QToolButton::toggled, this, &ToolRow::showAllWanted);
    connect(m_grouped, &QToolButton::toggled, this, &ToolRow::groupedWanted);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        emit columnMenuOpens(*menu);
    });
    connect(csv, &QToolButton::clicked, this, &ToolRow::csvWanted);
    setHidden(0, 0, false);
    setColumnsWithoutRoom(0);
    setGrouped(false, false);
}

ToolRow::Tab ToolRow::tab() const
{
    return m_tabs->currentIndex() == 0 ? Tab::Collectors : Tab::Streams;
}

void ToolRow::setStreamsInTrouble(int streams)
{
    const QString words = streams == 0 ? tr("Streams") : tr("Streams · %1 in trouble").arg(streams);
    if (m_tabs->tabText(1) != words)
        m_tabs->setTabText(1, words);
}

void ToolRow::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab == Tab::Collectors ? 0 : 1);
}

QString ToolRow::filter() const
{
    return m_filter->text();
}

void ToolRow::setFilter(const QString& text)
{
    m_filter->setText(text);
}

void ToolRow::focusFilter()
{
    m_filter->take(Qt::ShortcutFocusReason);
}

void ToolRow::setMistake(const QString& sentence)
{
    m_filter->setMistake(sentence);
}

void ToolRow::setCounts(const QString& words)
{
    m_filter->setCounts(words);
}

void ToolRow::setHidden(std::uint64_t streams, std::uint64_t consumers, bool all)
{
    const std::uint64_t hidden = streams + consumers;
    m_showAll->setVisible(hidden > 0 || all);
    m_showAll->setText(all ? tr("All are shown") : tr("%1 hidden").arg(count(static_cast<double>(hidden))));
    m_showAll->setToolTip(all ? tr("Hide system, KV and object streams and ephemeral consumers again")
                              : tr("%1 system, KV and object streams and %2 consumers, theirs and "
                                   "ephemeral ones, are hidden; show them")
                                    .arg(streams)
                                    .arg(consumers));
    const QSignalBlocker quiet(m_showAll); // it says how things are, it does not ask for them
    m_showAll->setChecked(all);
}

void ToolRow::setGrouped(bool grouped, bool isOffered)
{
    m_grouped->setVisible(isOffered);
    const QSignalBlocker quiet(m_grouped);
    m_grouped->setChecked(grouped);
}

void ToolRow::setColumnsWithoutRoom(int columns)
{
    m_columns->setText(columns == 0 ? tr("Columns") : tr("Columns, %1 hidden").arg(columns));
}

} // namespace jetlag::ui
