// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_page.h"

#include "ui/bridge/background.h"
#include "ui/bridge/live_session.h"
#include "ui/pages/replay/facts_panel.h"
#include "ui/pages/replay/form_parts.h"
#include "ui/pages/replay/result_view.h"
#include "ui/pages/replay/run_panel.h"
#include "ui/pages/replay/setup_form.h"
#include "ui/pages/replay/source_picker.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/range_line.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QShortcut>
#include <QThread>

#include <algorithm>

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
    , m_picker(new SourcePicker)
    , m_summary(new QLabel)
    , m_change(new QPushButton(tr("Change set-up")))
    , m_summaryRow(new QWidget)
    , m_sourceNote(fieldNote())
    , m_range(new RangeLine)
    , m_form(new SetupForm)
    , m_results(new ResultView)
    , m_run(new RunPanel)
    , m_promises(new FactsPanel)
    , m_side(new QWidget)
    , m_looks([this](Look look) {
        if (look.generation != m_generation)
            return;
        if (!m_analyzerIsMine && !look.look.analyzer.empty())
            m_draft.analyzer = look.look.analyzer;
        setFacts(logFacts(look.look));
    })
{
    setAcceptDrops(true);
    m_draft.workers = static_cast<unsigned>(std::clamp(QThread::idealThreadCount() / 2, 1, 4));
    m_draft.analyzer = "spark";
    m_formPanel = formPanelOf(m_form);
    auto* main = new QVBoxLayout;
    main->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    main->setSpacing(Metrics::kMargin);
    main->addWidget(sourcePanel());
    main->addWidget(m_formPanel);
    main->addWidget(m_results, 1);

    setRole(*m_side, "panel");
    m_side->setAttribute(Qt::WA_StyledBackground);
    m_sideLayout = new QBoxLayout(QBoxLayout::TopToBottom, m_side);
    m_sideLayout->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    m_sideLayout->setSpacing(16);
    m_sideLayout->addWidget(m_run);
    m_sideLayout->addWidget(scrolled(m_promises), 1);
    m_layout = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addLayout(main, 1);
    m_layout->addWidget(m_side);

    connect(m_picker, &SourcePicker::sourceChanged, this, &ReplayPage::sourceEdited);
    connect(m_form, &SetupForm::edited, this, &ReplayPage::edited);
    connect(m_form, &SetupForm::analyzerChosen, this, [this] { m_analyzerIsMine = true; });
    connect(m_form, &SetupForm::collectorChosen, this, &ReplayPage::takeCollectorsFilter);
    connect(m_range, &RangeLine::startDragged, this, [this](StreamSequence to) {
        m_draft.start = StartKind::Sequence;
        m_draft.startText = QString::number(to.value());
        m_form->setDraft(m_draft);
        refreshCheck();
    });
    connect(m_range, &RangeLine::endDragged, this, [this](StreamSequence to) {
        m_draft.end = EndKind::Sequence;
        m_draft.endText = QString::number(to.value());
        m_form->setDraft(m_draft);
        refreshCheck();
    });
    connect(m_change, &QPushButton::clicked, this, [this] { showSetup(true); });
    connect(m_run, &RunPanel::runPressed, this, &ReplayPage::runPressed);
    connect(m_run, &RunPanel::cancelPressed, this, &ReplayPage::cancel);
    connect(m_runner, &ReplayRunner::stateChanged, this, &ReplayPage::runStateChanged);
    connect(m_runner, &ReplayRunner::progressed, this, &ReplayPage::progressed);
    connect(m_runner, &ReplayRunner::tablesChanged, this,
            [this] { m_results->setResult(m_runner->tables()); });
    connect(&session, &LiveSession::stateChanged, this, &ReplayPage::serverChanged);
    connect(&session, &LiveSession::reportChanged, this, &ReplayPage::serverChanged);
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

    m_form->setDraft(m_draft);
    m_results->say(tr("Nothing has run yet"),
                   tr("Press Run. The tables fill in while events go by, events that cannot be read are "
                      "listed with their bytes, and at the end a digest stands for the result."));
    showSetup(true);
    serverChanged();
    loadFacts();
    arrangeFor(width());
}

ReplayPage::~ReplayPage() = default;

QWidget* ReplayPage::sourcePanel()
{
    QFrame* frame = formPanel();
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    column->setSpacing(Metrics::kSpacing);
    auto* source = new QHBoxLayout;
    source->addWidget(formLabel(tr("Source")));
    source->addWidget(m_picker, 1);
    auto* sourceRow = new QWidget;
    source->setContentsMargins(0, 0, 0, 0);
    sourceRow->setLayout(source);
    column->addWidget(sourceRow);
    m_picker->setProperty("row", QVariant::fromValue<QWidget*>(sourceRow));

    auto* folded = new QHBoxLayout(m_summaryRow);
    folded->setContentsMargins(0, 0, 0, 0);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    folded->addWidget(m_summary, 1);
    folded->addWidget(m_change);
    column->addWidget(m_summaryRow);
    setRole(*m_sourceNote, "warning");
    column->addWidget(m_sourceNote);
    column->addWidget(m_range);
    return frame;
}

QWidget* ReplayPage::formPanelOf(SetupForm* form)
{
    QFrame* frame = formPanel();
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    column->addWidget(form);
    return frame;
}

void ReplayPage::showSetup(bool open)
{
    m_picker->property("row").value<QWidget*>()->setVisible(open);
    m_formPanel->setVisible(open);
    m_summaryRow->setVisible(!open);
    m_summary->setText(summary());
    const bool locked = m_runner->isUnderWay();
    m_picker->setEnabled(!locked);
    m_form->setEnabled(!locked);
    showPicture();
}

QString ReplayPage::summary() const
{
    QStringList parts;
    switch (m_draft.source) {
    case SourceKind::Stream:
        parts << tr("stream %1").arg(shown(m_draft.stream));
        break;
    case SourceKind::Capture:
        parts << tr("capture %1").arg(shown(m_draft.capture.filename().string()));
        if (!m_draft.captureStream.empty())
            parts << tr("stream %1").arg(shown(m_draft.captureStream));
        break;
    case SourceKind::Logs:
        parts << (m_draft.logs.size() == 1 ? shown(m_draft.logs.front().filename().string())
                                           : tr("%1 log files").arg(m_draft.logs.size()));
        break;
    }
    parts << tr("analyzer %1").arg(shown(m_draft.analyzer));
    if (!m_check.filters.empty())
        parts << tr("filter %1").arg(m_draft.filter);
    parts << (m_draft.workers == 1 ? tr("1 worker") : tr("%1 workers").arg(m_draft.workers));
    if (m_check.factor > 0)
        parts << tr("%1 times real time").arg(m_check.factor);
    return parts.join(QStringLiteral(" · "));
}

// The source

void ReplayPage::sourceEdited()
{
    const auto before = std::tuple(m_draft.source, m_draft.stream, m_draft.capture, m_draft.logs);
    m_picker->writeTo(m_draft);
    if (before != std::tuple(m_draft.source, m_draft.stream, m_draft.capture, m_draft.logs)) {
        m_analyzerIsMine = false;
        m_draft.collector.clear();
        m_draft.likeFilter.clear();
        m_draft.start = StartKind::First;
        m_draft.end = EndKind::Last;
        m_form->setDraft(m_draft);
    }
    loadFacts();
}

void ReplayPage::loadFacts()
{
    ++m_generation;
    m_describing.reset();
    m_factsPending = false;
    switch (m_draft.source) {
    case SourceKind::Stream:
        serverChanged();
        break;
    case SourceKind::Capture:
        describeCapture();
        break;
    case SourceKind::Logs:
        lookAtLogFiles();
        break;
    }
}

void ReplayPage::describeCapture()
{
    if (m_draft.capture.empty())
        return setFacts({});
    m_factsPending = true;
    SourceFacts looking;
    looking.words = tr("being opened");
    setFacts(std::move(looking));
    m_factsPending = true;
    m_describing = std::make_unique<JobWatch<CaptureDescription>>(
        m_session.services().captures.describe(m_draft.capture), [this](Result<CaptureDescription> capture) {
            m_describing.reset();
            m_factsPending = false;
            if (!capture) {
                SourceFacts unreadable;
                unreadable.problem = shown(capture.error().message());
                return setFacts(std::move(unreadable));
            }
            std::vector<std::string> streams;
            for (const CapturedStream& stream : capture->streams)
                streams.push_back(stream.identity.name);
            m_picker->setCaptureStreams(streams);
            m_picker->writeTo(m_draft);
            setFacts(captureFacts(*capture, m_draft.captureStream));
        });
}

void ReplayPage::lookAtLogFiles()
{
    if (m_draft.logs.empty())
        return setFacts({});
    SourceFacts looking;
    looking.words = tr("being looked at");
    setFacts(std::move(looking));
    m_factsPending = true;
    inBackground([paths = m_draft.logs, generation = m_generation, deliver = m_looks.inlet()] {
        deliver({generation, lookAtLogs(paths)});
    });
}

void ReplayPage::serverChanged()
{
    const std::shared_ptr<const ClusterReport>& report = m_session.report();
    std::vector<std::string> streams;
    if (report) {
        for (const StreamReport& row : report->streams)
            streams.push_back(row.stream.name);
    }
    m_picker->setServer(m_session.link() ? m_session.name() : QString(), streams);
    if (m_draft.source != SourceKind::Stream || m_runner->isUnderWay())
        return;
    if (m_draft.stream.empty() && !streams.empty()) {
        m_draft.stream = streams.front();
        m_picker->setDraft(m_draft);
    }
    if (report && !m_draft.stream.empty())
        return setFacts(streamFacts(*report, m_draft.stream));
    m_factsPending = m_session.link() != nullptr;
    m_facts = {};
    refreshCheck();
}

void ReplayPage::setFacts(SourceFacts facts)
{
    m_factsPending = false;
    m_facts = std::move(facts);
    m_form->setFacts(m_draft.source, m_facts);
    if (!m_analyzerIsMine && m_draft.source != SourceKind::Logs) {
        const std::string& name =
            m_draft.source == SourceKind::Stream ? m_draft.stream : m_draft.capture.filename().string();
        if (m_facts.first)
            m_draft.analyzer = proposedAnalyzer(m_facts, name);
    }
    ReplayDraft now = m_draft; // the form's own choices, such as the first collector, count as well
    m_form->writeTo(now);
    m_draft.collector = now.collector;
    m_draft.start = now.start;
    m_form->setDraft(m_draft);
    m_form->setFacts(m_draft.source, m_facts);
    refreshCheck();
}

void ReplayPage::takeCollectorsFilter(const std::string& collector)
{
    if (!m_draft.filter.trimmed().isEmpty() || collector.empty())
        return;
    const auto found = std::find_if(m_facts.collectors.begin(), m_facts.collectors.end(),
                                    [&](const CollectorPlace& place) { return place.name == collector; });
    m_draft.likeFilter =
        found != m_facts.collectors.end() && !found->filters.empty() ? collector : std::string();
    m_form->setDraft(m_draft);
    m_form->setFacts(m_draft.source, m_facts);
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
    m_picker->setDraft(m_draft);
    m_form->setDraft(m_draft);
    showSetup(true);
    loadFacts();
}

void ReplayPage::edited()
{
    m_form->writeTo(m_draft);
    refreshCheck();
}

void ReplayPage::refreshCheck()
{
    const bool hasServer = m_session.link() != nullptr;
    m_check =
        checkDraft(m_draft, m_facts, hasServer,
                   std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()));
    m_picker->say(m_check.source);
    m_sourceNote->setText(m_facts.note);
    m_sourceNote->setVisible(!m_facts.note.isEmpty());
    m_form->showCheck(m_check);
    m_promises->showPromise(m_draft, m_check, m_facts);
    m_promises->setCommand(commandLineOf(m_draft, m_check, serverOption()));
    if (m_runner->isUnderWay())
        return;
    if (m_runner->state() == ReplayRunner::State::Idle || !m_formPanel->isHidden())
        m_run->showEstimate(m_check, rememberedRate());
    if (m_resultAnalyzer != m_draft.analyzer && !m_runner->result()) {
        m_resultAnalyzer = m_draft.analyzer;
        m_results->setAnalyzer(m_draft.analyzer, m_draft.onDemandTables);
    }
    showPicture();
    if (m_runWhenReady && !m_factsPending && m_check.isGood())
        start();
}

void ReplayPage::showPicture()
{
    const bool setsUp = !m_formPanel->isHidden() && !m_runner->isUnderWay();
    const auto range = m_runner->range();
    RangePicture picture;
    picture.gaps = m_facts.gaps;
    if (setsUp || m_runner->state() == ReplayRunner::State::Idle) {
        picture.first = m_facts.first.value_or(StreamSequence());
        picture.last = m_facts.last.value_or(StreamSequence());
        picture.firstTime = m_facts.firstTime;
        picture.lastTime = m_facts.lastTime;
        picture.from = m_check.first.value_or(picture.first);
        picture.to = m_check.last.value_or(picture.last);
    } else {
        if (range && range->first <= range->second) {
            picture.first = picture.from = range->first;
            picture.last = picture.to = range->second;
            if (!m_runner->progress().sequence.isZero())
                picture.position = std::min(m_runner->progress().sequence, range->second);
        }
        picture.fraction = m_runner->fraction();
        picture.isPaused = m_runner->state() == ReplayRunner::State::Paused;
    }
    m_range->setEditable(setsUp && m_check.isGood() && !picture.first.isZero());
    m_range->setVisible(!picture.first.isZero() || picture.fraction.has_value());
    m_range->setPicture(std::move(picture));
}

QString ReplayPage::serverOption() const
{
    const ConnectionRequest& request = m_session.request();
    const auto option = [](const char* name, std::string value) {
        // What opens the door has no place in a line that is copied around.
        if (const std::size_t at = value.find('@'); at != std::string::npos) {
            const std::size_t scheme = value.find("://");
            const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
            value.erase(start, at + 1 - start);
        }
        return QStringLiteral("%1 %2").arg(QLatin1String(name), QString::fromStdString(value));
    };
    if (request.context)
        return option("--context", *request.context);
    return request.server ? option("--server", *request.server) : QString();
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
    refreshCheck();
    if (m_check.isGood())
        start();
    else
        showSetup(true);
}

void ReplayPage::start()
{
    m_runWhenReady = false;
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
        m_results->say(tr("Could not replay"), m_runner->error());
        m_results->setResult(nullptr);
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

void ReplayPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeFor(width());
}

bool ReplayPage::refreshNow()
{
    if (!m_runner->isUnderWay())
        loadFacts();
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
    if (m_runner->isUnderWay() || !m_picker->take(*event->mimeData()))
        return;
    showSetup(true);
    event->acceptProposedAction();
}

} // namespace jetlag::ui
