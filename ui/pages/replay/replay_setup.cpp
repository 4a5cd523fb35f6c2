// SPDX-License-Identifier: Apache-2.0
//
// What the page Replay is set up with: a source and what is known of it, a link, edits and what they mean.
#include "ui/bridge/live_session.h"
#include "ui/pages/replay/facts_panel.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/pages/replay/replay_words.h"
#include "ui/pages/replay/result_view.h"
#include "ui/pages/replay/run_panel.h"
#include "ui/pages/replay/setup_form.h"
#include "ui/pages/replay/source_panel.h"
#include "ui/pages/replay/source_watch.h"

#include <QFrame>

#include <algorithm>
#include <tuple>
#include <utility>

namespace jetlag::ui {

void ReplayPage::sourceEdited()
{
    const auto source = [this] {
        return std::tuple(m_draft.source, m_draft.stream, m_draft.capture, m_draft.captureStream,
                          m_draft.logs);
    };
    const auto before = source();
    m_runWhenReady = false;
    m_top->picker().writeTo(m_draft);
    if (before != source()) { // positions and names of another source mean nothing here
        m_analyzerIsMine = false;
        m_draft.collector.clear();
        m_draft.likeFilter.clear();
        m_draft.start = StartKind::First;
        m_draft.end = EndKind::Last;
        m_form->setDraft(m_draft);
    }
    m_source->look(m_draft);
}

void ReplayPage::serverChanged()
{
    const std::vector<std::string> streams = m_source->serverStreams();
    m_top->picker().setServer(m_session.link() ? m_session.name() : QString(), streams);
    if (m_draft.source == SourceKind::Stream && m_draft.stream.empty() && !streams.empty()) {
        m_draft.stream = streams.front();
        m_top->picker().setDraft(m_draft);
        m_source->look(m_draft);
    }
}

void ReplayPage::factsChanged()
{
    if (m_runner->isUnderWay())
        return;
    if (m_draft.source == SourceKind::Capture && !m_source->isPending()) {
        const std::string before = m_draft.captureStream;
        m_top->picker().setCaptureStreams(m_source->captureStreams());
        m_top->picker().writeTo(m_draft);
        if (before != m_draft.captureStream) // one of several: the file's own order
            return m_source->look(m_draft);
    }
    if (!m_analyzerIsMine && !m_source->proposal().empty())
        m_draft.analyzer = m_source->proposal();
    showDraft();
    ReplayDraft own = m_draft; // what the form had to choose, such as a collector
    m_form->writeTo(own);
    m_draft.collector = own.collector;
    m_draft.start = own.start;
    refreshCheck();
}

void ReplayPage::showDraft()
{
    m_form->setDraft(m_draft);
    m_form->setFacts(m_draft.source, m_source->facts());
}

void ReplayPage::takeCollectorsFilter(const std::string& collector)
{
    if (!m_draft.filter.trimmed().isEmpty())
        return;
    const std::vector<CollectorPlace>& places = m_source->facts().collectors;
    const auto found = std::find_if(places.begin(), places.end(), [&](const CollectorPlace& place) {
        return place.name == collector && !place.filters.empty();
    });
    m_draft.likeFilter = found == places.end() ? std::string() : collector;
    showDraft();
    refreshCheck();
}

void ReplayPage::openLink(const PageLink& link)
{
    if (!link.replay)
        return;
    if (m_runner->isUnderWay()) {
        emit done(tr("This page goes on with %1; cancel it to set up another").arg(running()));
        return;
    }
    ReplayDraft draft = draftOf(*link.replay);
    m_analyzerIsMine = !draft.analyzer.empty();
    if (draft.analyzer.empty())
        draft.analyzer = m_draft.analyzer;
    if (link.replay->workers <= 1)
        draft.workers = m_draft.workers;
    m_draft = std::move(draft);
    m_runWhenReady = link.runReplay;
    m_top->picker().setDraft(m_draft);
    m_form->setDraft(m_draft);
    showSetup(true);
    m_source->look(m_draft);
}

void ReplayPage::edited()
{
    m_runWhenReady = false;
    m_form->writeTo(m_draft);
    refreshCheck();
}

void ReplayPage::refreshCheck()
{
    const bool hasServer = m_session.link() != nullptr;
    m_check =
        checkDraft(m_draft, m_source->facts(), hasServer,
                   std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()));
    m_top->picker().say(m_check.source);
    m_top->setNote(m_source->facts().note);
    m_form->showCheck(m_check);
    m_promises->showPromise(m_draft, m_check, m_source->facts());
    m_promises->setCommand(commandLineOf(m_draft, m_check, serverOptionOf(m_session.request())));
    if (m_runner->isUnderWay())
        return;
    const bool setsUp = m_runner->state() == ReplayRunner::State::Idle || !m_formPanel->isHidden();
    if (setsUp && m_source->isPending())
        m_run->showLooking(m_check);
    else if (setsUp)
        m_run->showEstimate(m_check, rememberedRate());
    if (m_resultAnalyzer != m_draft.analyzer && !m_runner->result()) {
        m_resultAnalyzer = m_draft.analyzer;
        m_results->setAnalyzer(m_draft.analyzer, m_draft.onDemandTables);
    }
    showPicture();
    if (m_source->isPending() || !std::exchange(m_runWhenReady, false))
        return;
    if (m_check.isGood())
        start();
}

void ReplayPage::showPicture()
{
    const bool setsUp = !m_runner->isUnderWay() &&
                        (!m_formPanel->isHidden() || m_runner->state() == ReplayRunner::State::Idle);
    RangePicture picture =
        setsUp ? pictureOf(m_source->facts(), m_check) : pictureOf(*m_runner, m_source->facts().gaps);
    const bool hasSequences = !picture.first.isZero();
    m_top->range().setEditable(setsUp && hasSequences && m_check.isGood());
    m_top->range().setVisible(hasSequences || picture.fraction.has_value());
    m_top->range().setPicture(std::move(picture));
}

} // namespace jetlag::ui
