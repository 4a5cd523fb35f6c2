// SPDX-License-Identifier: Apache-2.0
//
// The run of the page Replay: start, what it shows meanwhile, and the rate that the next estimate goes by.
#include "ui/bridge/live_session.h"
#include "ui/pages/replay/facts_panel.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/pages/replay/result_view.h"
#include "ui/pages/replay/run_panel.h"
#include "ui/pages/replay/source_panel.h"
#include "ui/pages/replay/source_watch.h"
#include "ui/theme/number_format.h"

#include <QFrame>
#include <QSettings>

namespace jetlag::ui {

namespace {

constexpr std::uint64_t kEventsForARate = 1'000; // fewer say nothing about the speed
constexpr double kSecondsForARate = 0.2;

} // namespace

void ReplayPage::runPressed()
{
    switch (m_runner->state()) {
    case ReplayRunner::State::Running:
        return m_runner->pause();
    case ReplayRunner::State::Paused:
        return m_runner->resume();
    case ReplayRunner::State::Cancelling:
        return;
    case ReplayRunner::State::Idle:
    case ReplayRunner::State::Ended:
    case ReplayRunner::State::Failed:
        break;
    }
    m_runWhenReady = true;
    refreshCheck(); // starts, unless the source is still being looked at or something is wrong
    if (!m_check.isGood())
        showSetup(true);
}

void ReplayPage::start()
{
    m_resultAnalyzer = m_draft.analyzer;
    m_promises->hideResult();
    m_results->setAnalyzer(m_draft.analyzer, m_draft.onDemandTables);
    m_results->say(tr("Reading"), tr("The first rows come as soon as the first events are applied."));
    m_runner->start(requestOf(m_draft, m_check, m_session.link()));
    showSetup(false);
}

void ReplayPage::runStateChanged()
{
    m_run->showRun(*m_runner);
    switch (m_runner->state()) {
    case ReplayRunner::State::Ended:
        m_results->setWhole(m_runner->result());
        m_promises->showResult(*m_runner->result(), m_runner->request());
        rememberRate();
        break;
    case ReplayRunner::State::Failed:
        // What was worked out before it failed stays; where there is nothing, the reason stands instead.
        m_results->say(tr("Could not replay"), m_runner->error());
        break;
    case ReplayRunner::State::Idle:
    case ReplayRunner::State::Running:
    case ReplayRunner::State::Paused:
    case ReplayRunner::State::Cancelling:
        break;
    }
    showSetup(!m_formPanel->isHidden());
    progressed();
}

void ReplayPage::progressed()
{
    if (m_runner->state() != ReplayRunner::State::Idle && (m_runner->isUnderWay() || m_formPanel->isHidden()))
        m_run->showRun(*m_runner);
    showPicture();
    const EngineProgress& progress = m_runner->progress();
    QString words = tr("replayed %1 events").arg(exact(progress.events));
    if (m_runner->range())
        words += tr(", at %1 of %2")
                     .arg(exact(progress.sequence.value()), exact(m_runner->range()->second.value()));
    emit statusChanged(words);
}

void ReplayPage::rememberRate() const
{
    const ReplayResult& result = *m_runner->result();
    const std::optional<double> perSecond = m_runner->eventsPerSecond();
    if (!perSecond || m_runner->request().speed > 0 || m_runner->secondsWorked() < kSecondsForARate ||
        result.engine.counters.events() < kEventsForARate)
        return;
    QSettings().setValue(QStringLiteral("replay/rate/%1").arg(QString::fromStdString(result.analyzer)),
                         *perSecond);
}

std::optional<double> ReplayPage::rememberedRate() const
{
    const QVariant value =
        QSettings().value(QStringLiteral("replay/rate/%1").arg(QString::fromStdString(m_draft.analyzer)));
    return value.isValid() ? std::optional(value.toDouble()) : std::nullopt;
}

} // namespace jetlag::ui
