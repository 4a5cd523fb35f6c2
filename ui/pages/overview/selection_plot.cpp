// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/selection_plot.h"

#include "ui/bridge/live_session.h"
#include "ui/plots/history_panels.h"
#include "ui/plots/history_plot.h"
#include "ui/plots/time_plot.h"

#include <QVBoxLayout>

namespace jetlag::ui {

SelectionPlot::SelectionPlot(LiveSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_plot(new HistoryPlot(session.services().history))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setPanels(collectorPanels());
    m_plot->plot().setEmptyText(tr("Choose a row to see its past"));
    connect(m_plot, &HistoryPlot::cursorMoved, this, &SelectionPlot::cursorMoved);
    connect(m_plot, &HistoryPlot::markClicked, this, &SelectionPlot::markClicked);
}

void SelectionPlot::setSubject(Subject subject)
{
    if (subject == m_subject)
        return;
    m_subject = subject;
    m_plot->setPanels(subject == Subject::Collector ? collectorPanels() : streamPanels());
    m_plot->setPanelVisible(kOffsetsPanel, m_offsetsVisible);
}

void SelectionPlot::setCollector(std::optional<ConsumerName> name)
{
    setSubject(Subject::Collector);
    m_plot->setSubject(name ? std::optional(HistorySubject{m_session.historyName(), name->stream, name->name})
                            : std::nullopt,
                       m_session.history());
}

void SelectionPlot::setStream(std::optional<std::string> name)
{
    setSubject(Subject::Stream);
    m_plot->setSubject(name ? std::optional(HistorySubject{m_session.historyName(), *name, {}})
                            : std::nullopt,
                       m_session.history());
}

void SelectionPlot::refresh()
{
    if (!m_session.report())
        return;
    m_plot->addReport(*m_session.report(), m_session.history());
    if (m_session.state() == LiveSession::State::Lost) // what is not known is a gap up to now
        m_plot->plot().setNow(m_session.nowSeconds());
}

void SelectionPlot::setOffsetsVisible(bool visible)
{
    m_offsetsVisible = visible;
    m_plot->setPanelVisible(kOffsetsPanel, visible);
}

} // namespace jetlag::ui
