// SPDX-License-Identifier: Apache-2.0
//
// The event that is chosen on the page Events: what the bar below the list says of it, and where it leads.
#include "ui/bridge/event_feed.h"
#include "ui/models/event_model.h"
#include "ui/pages/events/dead_letters_view.h"
#include "ui/pages/events/event_tools.h"
#include "ui/pages/events/events_page.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/save_text.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>

#include <utility>

namespace jetlag::ui {

namespace {

constexpr std::chrono::seconds kNearEnough{60}; // of a mark to its event

} // namespace

QWidget* EventsPage::chosenBar()
{
    m_bar = new QFrame;
    m_bar->setProperty("role", QStringLiteral("panel"));
    m_about = new ElidedLabel;
    m_toCollector = new QPushButton(tr("Show the collector"));
    m_toMessage = new QPushButton;
    m_mute = new QPushButton;
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kSpacing, Metrics::kSpacing);
    row->addWidget(m_about, 1);
    for (QPushButton* button : {m_toMessage, m_toCollector, m_mute})
        row->addWidget(button);
    connect(m_toCollector, &QPushButton::clicked, this, &EventsPage::followCollector);
    connect(m_toMessage, &QPushButton::clicked, this, &EventsPage::followMessage);
    connect(m_mute, &QPushButton::clicked, this, &EventsPage::toggleMute);
    return m_bar;
}

void EventsPage::fillMenu(QMenu& menu)
{
    const EventRecord* row = chosen();
    if (row == nullptr)
        return;
    if (row->event.sequence != 0)
        connect(menu.addAction(m_toMessage->text()), &QAction::triggered, this, &EventsPage::followMessage);
    if (row->event.collector.empty())
        return;
    connect(menu.addAction(m_toCollector->text()), &QAction::triggered, this, &EventsPage::followCollector);
    connect(menu.addAction(m_mute->text()), &QAction::triggered, this, &EventsPage::toggleMute);
}

const EventRecord* EventsPage::chosen() const
{
    const std::optional<int> row = m_chosen ? m_model->rowOf(*m_chosen) : std::nullopt;
    return row ? &m_model->record(*row) : nullptr;
}

void EventsPage::showChosen()
{
    const EventRecord* row = chosen();
    m_bar->setVisible(row != nullptr);
    if (row == nullptr)
        return;
    m_table->selectSourceRow(*m_model->rowOf(*m_chosen));
    const ClusterEvent& event = row->event;
    QString about = detailTime(event.at);
    if (event.count > 1)
        about += tr(" to %1").arg(clockTime(event.last));
    m_about->setText(about + QStringLiteral(" · ") + shown(event.sentence));
    m_toCollector->setVisible(!event.collector.empty());
    m_mute->setVisible(!event.collector.empty());
    m_mute->setText(row->isMuted ? tr("Unmute %1").arg(shown(event.collector).left(24))
                                 : tr("Mute %1").arg(shown(event.collector).left(24)));
    m_toMessage->setVisible(event.sequence != 0);
    m_toMessage->setText(tr("Message %1").arg(exact(event.sequence)));
}

void EventsPage::follow()
{
    const EventRecord* row = chosen();
    if (row != nullptr && row->event.sequence != 0)
        followMessage();
    else if (row != nullptr)
        followCollector();
}

void EventsPage::followCollector()
{
    if (const EventRecord* row = chosen(); row != nullptr && !row->event.collector.empty())
        emit linkFollowed(
            {.page = PageId::Diagnosis, .collector = ConsumerName{row->event.stream, row->event.collector}});
}

void EventsPage::followMessage()
{
    const EventRecord* row = chosen();
    if (row == nullptr || row->event.sequence == 0)
        return;
    PageLink link{.page = PageId::Messages,
                  .message = MessagePlace{row->event.stream, StreamSequence(row->event.sequence)}};
    if (!row->event.collector.empty())
        link.collector = ConsumerName{row->event.stream, row->event.collector};
    emit linkFollowed(link);
}

void EventsPage::toggleMute()
{
    if (const EventRecord* row = chosen(); row != nullptr && !row->event.collector.empty())
        m_feed.setMuted({row->event.stream, row->event.collector}, !row->isMuted);
}

void EventsPage::saveCsv()
{
    saveText(*this, tr("Save as CSV"),
             onEvents() ? QStringLiteral("events.csv") : QStringLiteral("dead-letters.csv"), table().toCsv());
}

void EventsPage::openLink(const PageLink& link)
{
    m_tools->setTab(link.deadLetters ? EventTools::Tab::DeadLetters : EventTools::Tab::Events);
    if (link.collector)
        m_tools->setFilter(QStringLiteral("collector=") + shown(link.collector->name));
    if (!link.mark)
        return;
    m_tools->clear();
    m_marked = link.mark;
    showEvents();
}

// The log folds what repeats and what is taken back, so that a mark may lie inside of an event.
void EventsPage::chooseMarked()
{
    if (!m_marked || m_model->rowCount() == 0)
        return;
    const HistoryMark mark = *std::exchange(m_marked, std::nullopt);
    std::optional<int> nearest;
    ServerTime::duration distance = kNearEnough;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const ClusterEvent& event = m_model->record(row).event;
        if (event.kind != mark.kind || event.stream != mark.stream || event.collector != mark.collector)
            continue;
        const ServerTime::duration away = mark.at < event.at     ? event.at - mark.at
                                          : mark.at > event.last ? mark.at - event.last
                                                                 : ServerTime::duration::zero();
        if (away > distance || (nearest && away == distance))
            continue;
        nearest = row;
        distance = away;
    }
    if (nearest) {
        m_chosen = m_model->record(*nearest).event.number; // whatever was chosen before
        m_table->reveal(*nearest);
    } else
        emit done(tr("The event of %1 is no longer in the list").arg(clockTime(mark.at)));
}

bool EventsPage::refreshNow()
{
    m_feed.session().refreshNow();
    return true;
}

bool EventsPage::focusFilter()
{
    m_tools->focusFilter();
    return true;
}

bool EventsPage::goBack()
{
    if (!m_tools->isFiltering())
        return false;
    m_tools->clear();
    table().setFocus();
    return true;
}

QList<std::pair<QString, QString>> EventsPage::shortcuts() const
{
    return {{QStringLiteral("Enter"), tr("the message or the collector that it is about")},
            {QStringLiteral("Space"), tr("a dead letter: reviewed, or not")},
            {QStringLiteral("Ctrl+C"), tr("copy the chosen rows")},
            {QStringLiteral("Esc"), tr("no filter")}};
}

} // namespace jetlag::ui
