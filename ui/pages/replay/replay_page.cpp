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
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QScrollArea>
#include <QShortcut>
#include <QThread>

#include <algorithm>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kSideBySideFrom = 1080;

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

QString ReplayPage::running() const
{
    return m_runner->isUnderWay() ? workOf(*m_runner) : QString();
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
