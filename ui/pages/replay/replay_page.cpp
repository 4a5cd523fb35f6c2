// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_page.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/replay/facts_panel.h"
#include "ui/pages/replay/form_parts.h"
#include "ui/pages/replay/replay_words.h"
#include "ui/pages/replay/result_view.h"
#include "ui/pages/replay/run_panel.h"
#include "ui/pages/replay/setup_form.h"
#include "ui/pages/replay/source_panel.h"
#include "ui/pages/replay/source_watch.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QScrollArea>
#include <QSettings>
#include <QShortcut>
#include <QThread>

#include <algorithm>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kSideBySideFrom = 1080;
constexpr std::uint64_t kEventsForARate = 1'000; // fewer say nothing about the speed
constexpr double kSecondsForARate = 0.2;

QScrollArea* scrolled(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

} // namespace

ReplayPage::ReplayPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_runner(new ReplayRunner(session.services().replays, this))
    , m_source(new SourceWatch(session, this))
    , m_top(new SourcePanel)
    , m_form(new SetupForm)
    , m_formPanel(formPanel())
    , m_results(new ResultView)
    , m_run(new RunPanel)
    , m_promises(new FactsPanel)
    , m_side(new QWidget)
{
    setAcceptDrops(true);
    m_draft.workers = static_cast<unsigned>(std::clamp(QThread::idealThreadCount() / 2, 1, 4));
    m_draft.analyzer = "spark";
    auto* formLayout = new QVBoxLayout(m_formPanel);
    formLayout->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    formLayout->addWidget(m_form);
    auto* main = new QVBoxLayout;
    main->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    main->setSpacing(Metrics::kMargin);
    main->addWidget(m_top);
    main->addWidget(m_formPanel);
    main->addWidget(m_results, 1);

    setRole(*m_side, "panel");
    m_side->setAttribute(Qt::WA_StyledBackground);
    m_sideLayout = new QBoxLayout(QBoxLayout::TopToBottom, m_side);
    m_sideLayout->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    m_sideLayout->setSpacing(16);
    m_sideLayout->addWidget(m_run);
    m_scroll = scrolled(m_promises);
    m_sideLayout->addWidget(m_scroll, 1);
    m_layout = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addLayout(main, 1);
    m_layout->addWidget(m_side);

    connectAll();
    addKeys();
    m_form->setDraft(m_draft);
    m_results->say(tr("Nothing has run yet"),
                   tr("Press Run. The tables fill in while events go by, events that cannot be read are "
                      "listed with their bytes, and at the end a digest stands for the result."));
    showSetup(true);
    serverChanged();
    m_source->look(m_draft);
    arrangeFor(width());
}

ReplayPage::~ReplayPage() = default;

RangeLine& ReplayPage::rangeLine()
{
    return m_top->range();
}

void ReplayPage::connectAll()
{
    connect(&m_top->picker(), &SourcePicker::sourceChanged, this, &ReplayPage::sourceEdited);
    connect(m_form, &SetupForm::edited, this, &ReplayPage::edited);
    connect(m_form, &SetupForm::analyzerChosen, this, [this] { m_analyzerIsMine = true; });
    connect(m_form, &SetupForm::collectorChosen, this, &ReplayPage::takeCollectorsFilter);
    connect(&m_top->range(), &RangeLine::startDragged, this, [this](StreamSequence to) {
        m_draft.start = StartKind::Sequence;
        m_draft.startText = QString::number(to.value());
        showDraft();
        refreshCheck();
    });
    connect(&m_top->range(), &RangeLine::endDragged, this, [this](StreamSequence to) {
        m_draft.end = EndKind::Sequence;
        m_draft.endText = QString::number(to.value());
        showDraft();
        refreshCheck();
    });
    connect(m_promises, &FactsPanel::sizeChanged, this, &ReplayPage::fitBar);
    connect(m_top, &SourcePanel::changeWanted, this, [this] { showSetup(true); });
    connect(m_run, &RunPanel::runPressed, this, &ReplayPage::runPressed);
    connect(m_run, &RunPanel::cancelPressed, this, &ReplayPage::cancel);
    connect(m_runner, &ReplayRunner::stateChanged, this, &ReplayPage::runStateChanged);
    connect(m_runner, &ReplayRunner::progressed, this, &ReplayPage::progressed);
    connect(m_runner, &ReplayRunner::tablesChanged, this,
            [this] { m_results->setResult(m_runner->tables()); });
    connect(m_source, &SourceWatch::serverChanged, this, &ReplayPage::serverChanged);
    connect(m_source, &SourceWatch::factsChanged, this, &ReplayPage::factsChanged);
}

void ReplayPage::addKeys()
{
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* run = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        run->setContext(Qt::WidgetWithChildrenShortcut);
        connect(run, &QShortcut::activated, this, [this] {
            if (!m_runner->isUnderWay())
                runPressed();
        });
    }
    auto* jump = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_G), this);
    jump->setContext(Qt::WidgetWithChildrenShortcut);
    connect(jump, &QShortcut::activated, this, [this] {
        showSetup(true);
        m_form->focusStart();
    });
}

void ReplayPage::showSetup(bool open)
{
    if (open)
        m_top->unfold();
    else
        m_top->fold(summaryOf(m_draft, m_check));
    m_formPanel->setVisible(open);
    const bool locked = m_runner->isUnderWay();
    m_top->picker().setEnabled(!locked);
    m_form->setEnabled(!locked);
    showPicture();
}

// The source

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

// The set-up

void ReplayPage::openLink(const PageLink& link)
{
    if (!link.replay || m_runner->isUnderWay())
        return;
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

// The run

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

// The window

void ReplayPage::arrangeFor(int width)
{
    const bool beside = width >= kSideBySideFrom;
    m_layout->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::BottomToTop);
    m_sideLayout->setDirection(QBoxLayout::TopToBottom);
    m_side->setMinimumWidth(beside ? Metrics::kSidePanelWidth + 32 : 0);
    m_side->setMaximumWidth(beside ? Metrics::kSidePanelWidth + 32 : QWIDGETSIZE_MAX);
    m_run->setOrientation(beside ? Qt::Vertical : Qt::Horizontal);
    m_promises->setCompact(!beside);
}

/// As a bar the side is no higher than what it says.
void ReplayPage::fitBar()
{
    const bool isBar = m_layout->direction() == QBoxLayout::BottomToTop;
    m_sideLayout->setSpacing(isBar ? 4 : 16);
    m_scroll->setMaximumHeight(isBar ? m_promises->sizeHint().height() + 2 : QWIDGETSIZE_MAX);
}

void ReplayPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeFor(width());
}

bool ReplayPage::refreshNow()
{
    if (!m_runner->isUnderWay())
        m_source->look(m_draft);
    return true;
}

bool ReplayPage::focusFilter()
{
    m_results->focusFilter();
    return true;
}

bool ReplayPage::goBack()
{
    if (m_results->clearFilter())
        return true;
    if (!m_formPanel->isHidden())
        return false;
    showSetup(true);
    return true;
}

bool ReplayPage::playPause()
{
    if (m_runner->state() != ReplayRunner::State::Running && m_runner->state() != ReplayRunner::State::Paused)
        return false;
    runPressed();
    return true;
}

QList<std::pair<QString, QString>> ReplayPage::shortcuts() const
{
    return {{QStringLiteral("Ctrl+Enter"), tr("run")},
            {QStringLiteral("Space"), tr("pause and resume")},
            {QStringLiteral("Ctrl+G"), tr("go to the start of the range")},
            {QStringLiteral("/"), tr("filter the rows")},
            {QStringLiteral("Esc"), tr("clear the filter, then back to the set-up")},
            {QStringLiteral("Ctrl+C"), tr("copy the chosen rows as JSON")}};
}

void ReplayPage::saveLayout()
{
    m_results->saveColumns();
}

void ReplayPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!m_runner->isUnderWay() && SourcePicker::canTake(*event->mimeData()))
        event->acceptProposedAction();
}

void ReplayPage::dropEvent(QDropEvent* event)
{
    if (m_runner->isUnderWay() || !m_top->picker().take(*event->mimeData()))
        return;
    showSetup(true);
    event->acceptProposedAction();
}

} // namespace jetlag::ui
