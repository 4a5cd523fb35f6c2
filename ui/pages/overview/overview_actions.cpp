// SPDX-License-Identifier: Apache-2.0
// Where Overview leads and what it gives away.
#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/overview/tool_row.h"
#include "ui/theme/number_format.h"
#include "ui/widgets/muted_sign.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/save_text.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace jetlag::ui {

void OverviewPage::followDiagnosis()
{
    if (m_chosen)
        emit linkFollowed({.page = PageId::Diagnosis, .collector = m_chosen});
}

void OverviewPage::followReplay()
{
    if (const CollectorRecord* row = chosen(); row != nullptr && m_session.link())
        emit linkFollowed({.page = PageId::Replay, .replay = replayFromHere(*row, m_session.link())});
}

void OverviewPage::followMessages()
{
    if (const CollectorRecord* row = chosen())
        emit linkFollowed({.page = PageId::Messages,
                           .collector = m_chosen,
                           .message = MessagePlace{m_chosen->stream, replayBegin(*row)}});
}

void OverviewPage::copyMarkdown()
{
    if (const CollectorRecord* row = chosen())
        emit done(copyDiagnosis(*row->report));
}

void OverviewPage::copyJson()
{
    const CollectorRecord* row = chosen();
    if (row == nullptr)
        return;
    QApplication::clipboard()->setText(QString::fromStdString(collectorRowJson(*row->report)));
    emit done(tr("Copied %1 as JSON").arg(shown(row->report->consumer.name)));
}

void OverviewPage::copyCommand()
{
    QStringList commands;
    for (const int row : m_collectorTable->selectedSourceRows()) {
        const ConsumerSnapshot& consumer = m_collectors->record(row).report->consumer;
        commands << natsInfoCommand({consumer.stream, consumer.name});
    }
    if (commands.size() < 2 && m_chosen)
        commands = {natsInfoCommand(*m_chosen)};
    if (commands.isEmpty())
        return;
    QApplication::clipboard()->setText(commands.join(QLatin1Char('\n')));
    emit done(commands.size() == 1 ? tr("Copied: %1").arg(shown(commands.first().toStdString()))
                                   : tr("Copied %1 commands").arg(commands.size()));
}

/// Of all chosen rows; where some are muted and some are not, it mutes the rest.
void OverviewPage::offerMute(QMenu& menu)
{
    if (m_feed == nullptr)
        return;
    std::vector<ConsumerName> names;
    for (const int row : m_collectorTable->selectedSourceRows()) {
        const ConsumerSnapshot& consumer = m_collectors->record(row).report->consumer;
        names.push_back({consumer.stream, consumer.name});
    }
    if (names.empty())
        return;
    const bool mute =
        !std::ranges::all_of(names, [this](const ConsumerName& name) { return m_feed->isMuted(name); });
    menu.addSeparator();
    QAction* action = menu.addAction(muteOffer(names, mute));
    action->setToolTip(muteToolTip());
    connect(action, &QAction::triggered, this, [this, names = std::move(names), mute] {
        m_feed->setMuted(names, mute);
        emit done(mutedWords(names, mute));
    });
}

void OverviewPage::saveCsv()
{
    saveText(*this, tr("Save as CSV"),
             onCollectors() ? QStringLiteral("collectors.csv") : QStringLiteral("streams.csv"),
             table().toCsv());
}

void OverviewPage::openLink(const PageLink& link)
{
    if (!link.collector)
        return;
    m_tools->setTab(ToolRow::Tab::Collectors);
    choose(*link.collector);
    const std::optional<int> row = m_collectors->rowOf(*m_chosen);
    // A filter that lets it through is what somebody looks through, and stays.
    if (row && !m_collectorTable->reveal(*row)) {
        m_tools->setFilter({});
        m_collectorTable->reveal(*row);
    }
    showSelection();
}

bool OverviewPage::refreshNow()
{
    m_session.refreshNow();
    return true;
}

bool OverviewPage::focusFilter()
{
    m_tools->focusFilter();
    return true;
}

bool OverviewPage::goBack()
{
    if (m_tools->filter().isEmpty())
        return false;
    m_tools->setFilter({});
    table().setFocus();
    return true;
}

QList<std::pair<QString, QString>> OverviewPage::shortcuts() const
{
    return {{QStringLiteral("Enter"), tr("diagnosis of the collector")},
            {QStringLiteral("Ctrl+C"), tr("copy the chosen rows")},
            {QStringLiteral("Esc"), tr("no filter")},
            {QStringLiteral("← → + −"), tr("in the plot: cursor, zoom")},
            {QStringLiteral("End"), tr("in the plot: live again")}};
}

void OverviewPage::saveLayout()
{
    m_collectorTable->saveLayout();
    m_streamTable->saveLayout();
}

} // namespace jetlag::ui
