// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/events/event_tools.h"

#include "ui/widgets/filter_line.h"
#include "ui/widgets/order_button.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/segments.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QToolButton>

#include <array>

namespace jetlag::ui {

namespace {

// In the order of the chips; none for "All".
constexpr std::array<const char*, 7> kKinds{"",       "verdict", "server",    "leader",
                                            "config", "limit",   "connection"};

} // namespace

EventTools::EventTools(QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabBar)
    , m_filter(new FilterLine(tr("Filter: stream:SPARK severity=bad no-pulls")))
    , m_kinds(new Segments({tr("All"), tr("Verdicts"), tr("Announced"), tr("Leaders"), tr("Config"),
                            tr("Limits"), tr("Connection")}))
    , m_level(new PickBox)
    , m_order(new OrderButton)
    , m_columns(new QToolButton)
    , m_second(new QWidget)
{
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Events"));
    m_tabs->addTab(tr("Dead letters"));
    m_kinds->setAccessibleName(tr("Kinds of events"));
    m_level->addItems({tr("nothing"), tr("only bad ones"), tr("all that matter")});
    m_level->setSizeAdjustPolicy(QComboBox::AdjustToContents); // three known words
    m_level->setAccessibleName(tr("Notifications on the desktop"));
    m_level->setToolTip(
        tr("Which events raise a notification on the desktop; those of muted collectors never do"));
    m_columns->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_columns);
    m_columns->setMenu(menu);
    auto* csv = new QToolButton;
    csv->setText(tr("CSV …"));
    csv->setToolTip(tr("Save what is shown as CSV"));

    auto* first = new QHBoxLayout;
    first->addWidget(m_tabs);
    first->addWidget(m_filter, 1);
    first->addWidget(m_order);
    first->addWidget(m_columns);
    first->addWidget(csv);
    auto* second = new QHBoxLayout(m_second);
    second->setContentsMargins(0, 0, 0, 0);
    second->addWidget(m_kinds);
    second->addStretch();
    second->addWidget(barLabel(tr("Notify about")));
    second->addWidget(m_level);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(first);
    layout->addWidget(m_second);

    connect(m_tabs, &QTabBar::currentChanged, this, [this] {
        m_second->setVisible(tab() == Tab::Events);
        emit tabChanged();
    });
    connect(m_filter, &FilterLine::changed, this, &EventTools::filterChanged);
    connect(m_kinds, &Segments::chosen, this, &EventTools::filterChanged);
    connect(m_level, &PickBox::activated, this,
            [this](int index) { emit levelChosen(static_cast<NoticeLevel>(index)); });
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        emit columnMenuOpens(*menu);
    });
    connect(csv, &QToolButton::clicked, this, &EventTools::csvWanted);
    setColumnsWithoutRoom(0);
}

EventTools::Tab EventTools::tab() const
{
    return m_tabs->currentIndex() == 0 ? Tab::Events : Tab::DeadLetters;
}

void EventTools::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab == Tab::Events ? 0 : 1);
}

void EventTools::setDeadLetters(int unreviewed)
{
    m_tabs->setTabText(1, unreviewed == 0 ? tr("Dead letters") : tr("Dead letters %1").arg(unreviewed));
}

QString EventTools::filter() const
{
    const auto kind = static_cast<std::size_t>(m_kinds->current());
    if (tab() != Tab::Events || kind == 0)
        return m_filter->text();
    return QStringLiteral("kind=%1 %2").arg(QLatin1String(kKinds[kind]), m_filter->text());
}

bool EventTools::isFiltering() const
{
    return !m_filter->text().isEmpty() || (tab() == Tab::Events && m_kinds->current() != 0);
}

void EventTools::setFilter(const QString& text)
{
    m_filter->setText(text);
}

void EventTools::clear()
{
    m_kinds->setCurrent(0);
    m_filter->setText({});
    emit filterChanged();
}

void EventTools::focusFilter()
{
    m_filter->take(Qt::ShortcutFocusReason);
}

void EventTools::setMistake(const QString& sentence)
{
    m_filter->setMistake(sentence);
}

void EventTools::setLevel(NoticeLevel level)
{
    m_level->setCurrentIndex(static_cast<int>(level));
}

void EventTools::setCounts(const QString& words)
{
    m_filter->setCounts(words);
}

void EventTools::setColumnsWithoutRoom(int columns)
{
    m_columns->setText(columns == 0 ? tr("Columns") : tr("Columns, %1 hidden").arg(columns));
}

} // namespace jetlag::ui
