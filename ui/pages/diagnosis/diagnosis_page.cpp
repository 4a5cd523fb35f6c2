// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/diagnosis/diagnosis_page.h"

#include "ui/bridge/live_session.h"
#include "ui/offsets/offsets_now.h"
#include "ui/offsets/offsets_view.h"
#include "ui/pages/diagnosis/diagnosis_strip.h"
#include "ui/pages/diagnosis/held_messages.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/plots/history_panels.h"
#include "ui/plots/history_plot.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/diagnosis_panel.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/pick_box.h"
#include "ui/widgets/state_panel.h"

#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kBesideFrom = 1'120; ///< pixels; below it the reasons stand above the plots
constexpr int kPlotAtLeast = 220;  ///< pixels; below it lines say nothing
constexpr int kPanelAtLeast = 240;
constexpr int kPanelAbove = 300;  ///< the same above the plots: a step with its command stands there whole
constexpr int kOffsetsFrom = 780; ///< pixels of height

} // namespace

DiagnosisPage::DiagnosisPage(LiveSession& session, EventFeed* feed, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_feed(feed)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_notice(new NoticeStrip)
    , m_choice(new PickBox)
    , m_mute(new QPushButton)
    , m_strip(new DiagnosisStrip)
    , m_plot(new HistoryPlot(session.services().history))
    , m_offsets(new OffsetsNow(session.services().events))
    , m_messages(new HeldMessages(session.services().events))
    , m_panel(new DiagnosisPanel)
    , m_replay(new QPushButton)
    , m_across(new QSplitter(Qt::Horizontal))
    , m_reasons(rightPart())
{
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    column->addLayout(choiceRow());
    column->addWidget(m_notice);
    column->addWidget(m_strip);
    m_across->addWidget(leftPart());
    m_across->addWidget(m_reasons);
    m_across->setStretchFactor(0, 1);
    m_across->setChildrenCollapsible(false);
    QScrollArea* scroll = scrolledDown(m_across); // a small window has no room for all of it
    scroll->setObjectName(QStringLiteral("diagnosisScroll"));
    column->addWidget(scroll, 1);
    m_body->addWidget(whole);
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    layout->addWidget(m_body);

    connect(&m_session, &LiveSession::reportChanged, this, &DiagnosisPage::showReport);
    connect(&m_session, &LiveSession::stateChanged, this, &DiagnosisPage::showReport);
    connect(&Theme::instance(), &Theme::changed, this, &DiagnosisPage::showReport);
    connect(m_notice, &NoticeStrip::tryWanted, &m_session, &LiveSession::tryNow);
    connect(m_plot, &HistoryPlot::cursorMoved, this, &Page::statusChanged);
    connect(m_plot, &HistoryPlot::markClicked, this,
            [this](const HistoryMark& mark) { emit linkFollowed({.page = PageId::Events, .mark = mark}); });
    showReport();
}

QWidget* DiagnosisPage::leftPart()
{
    m_plot->setPanels(collectorPanels());
    m_plot->setLanes(true);
    m_plot->setMinimumHeight(kPlotAtLeast);
    m_plot->plot().setEmptyText(tr("Its past appears here"));
    connect(m_messages, &HeldMessages::messageWanted, this,
            [this](quint64 sequence) { showMessage(StreamSequence(sequence)); });
    connect(m_messages, &HeldMessages::messageChosen, this,
            [this](quint64 sequence) { m_offsets->view().choose(StreamSequence(sequence)); });
    connect(m_offsets, &OffsetsNow::messageWanted, this, &DiagnosisPage::showMessage);
    connect(m_offsets, &OffsetsNow::replayWanted, this, &DiagnosisPage::replayFrom);
    connect(m_offsets, &OffsetsNow::chosenChanged, this, &DiagnosisPage::boxChosen);
    connect(m_offsets, &OffsetsNow::readOutChanged, this, &Page::statusChanged);
    connect(m_offsets, &OffsetsNow::done, this, &Page::done);
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_plot, 1);
    column->addWidget(m_offsets);
    column->addWidget(m_messages);
    return left;
}

QWidget* DiagnosisPage::rightPart()
{
    auto* frame = panelFrame();
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, Metrics::kMargin);
    column->addWidget(scrolledDown(m_panel), 1);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(16, 0, 16, 0);
    m_replay->setProperty("role", QStringLiteral("primary"));
    auto* copy = new QPushButton(tr("Copy as Markdown"));
    buttons->addWidget(m_replay);
    buttons->addWidget(copy);
    column->addLayout(buttons);
    connect(m_replay, &QPushButton::clicked, this, &DiagnosisPage::replayFromHere);
    connect(copy, &QPushButton::clicked, this, &DiagnosisPage::copyMarkdown);
    frame->setMinimumSize(Metrics::kSidePanelWidth, kPanelAtLeast);
    return frame;
}

const CollectorReport* DiagnosisPage::chosen() const
{
    if (!m_name || !m_session.report())
        return nullptr;
    const auto& rows = m_session.report()->collectors;
    const auto row = std::find_if(rows.begin(), rows.end(), [this](const CollectorReport& one) {
        return one.consumer.stream == m_name->stream && one.consumer.name == m_name->name;
    });
    return row == rows.end() ? nullptr : &*row;
}

// With its stream: a message that is gone there is no place to replay from.
CollectorRecord DiagnosisPage::recordOf(const CollectorReport& row) const
{
    CollectorRecord record{.report = std::shared_ptr<const CollectorReport>(m_session.report(), &row),
                           .ageSeconds = ageOf(row, *m_session.report(), m_session.history(),
                                               m_session.ageSeconds().value_or(0))};
    for (const StreamReport& stream : m_session.report()->streams) {
        if (stream.stream.name == row.consumer.stream)
            record.stream = std::shared_ptr<const StreamReport>(m_session.report(), &stream);
    }
    return record;
}

bool DiagnosisPage::refreshNow()
{
    m_session.refreshNow();
    return true;
}

bool DiagnosisPage::goBack()
{
    emit linkFollowed({.page = PageId::Overview, .collector = m_name});
    return true;
}

QList<std::pair<QString, QString>> DiagnosisPage::shortcuts() const
{
    return {{tr("Esc"), tr("Back to the overview")},
            {tr("Enter on a message or box"), tr("Show it in its stream")},
            {tr("← →, with Shift by 100"), tr("From box to box of the offsets; Home goes back to the head")},
            {tr("R, C on a box"), tr("Replay from it; copy its number")}};
}

void DiagnosisPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    takeChoice();
    showReport();
}

void DiagnosisPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_plot->setPanelVisible(kOffsetsPanel, height() >= kOffsetsFrom);
    m_offsets->setCompact(height() < kOffsetsFrom);
    m_messages->setCompact(height() < kOffsetsFrom);
    arrangeParts();
}

// Where there is no room beside the plots, the reasons follow the strip: they are what somebody came for.
void DiagnosisPage::arrangeParts()
{
    const bool beside = width() >= kBesideFrom;
    if (beside == (m_across->orientation() == Qt::Horizontal))
        return;
    m_across->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
    m_across->insertWidget(beside ? 1 : 0, m_reasons);
    m_across->setStretchFactor(beside ? 0 : 1, 1);
    m_across->setStretchFactor(beside ? 1 : 0, 0);
    m_panel->setWide(!beside);
    m_reasons->setMinimumHeight(beside ? kPanelAtLeast : kPanelAbove);
    if (beside)
        m_across->setSizes({width() - Metrics::kSidePanelWidth, Metrics::kSidePanelWidth});
    else
        m_across->setSizes({kPanelAbove, height() - kPanelAbove});
}

void DiagnosisPage::showState(const QString& title, const QString& sentence)
{
    m_state->say(title, sentence,
                 {{tr("Overview"), [this] { emit linkFollowed({.page = PageId::Overview}); }}});
    m_body->setCurrentIndex(1);
}

void DiagnosisPage::showPast()
{
    m_plot->addReport(*m_session.report(), m_session.history());
    if (m_session.state() == LiveSession::State::Lost) // what is not known is a gap up to now
        m_plot->plot().setNow(m_session.nowSeconds());
}

void DiagnosisPage::showNotice()
{
    Notice notice;
    if (m_session.state() == LiveSession::State::Lost)
        notice = {.sentences = {m_session.stateSentence()}, .canTry = true};
    m_notice->say(notice);
}

void DiagnosisPage::showReport()
{
    if (!m_session.report()) {
        const QString sentence = m_session.stateSentence();
        showState(tr("Nothing to diagnose yet"),
                  sentence.isEmpty() ? tr("Connect to a server to see its collectors.") : sentence);
        return;
    }
    if (m_name)
        showPast();
    if (!isVisible())
        return; // it is shown anew when somebody looks
    if (!m_name)
        return m_session.report()->collectors.empty()
                   ? showState(tr("No collectors"), tr("This account has no consumer to diagnose."))
                   : lookAtWorst();
    const CollectorReport* row = chosen();
    if (row == nullptr) {
        showState(tr("%1 is no longer there").arg(shown(m_name->name)),
                  tr("The consumer was deleted or is hidden; its past stays in the history."));
        return;
    }
    m_body->setCurrentIndex(0);
    showNotice();
    showChoices();
    showMuted();
    m_strip->show(*row, recordOf(*row).ageSeconds, isMuted());
    m_panel->setVisible(row->diagnosis != nullptr); // never that of another
    if (row->diagnosis)
        m_panel->show(*row->diagnosis, row->consumer.stale);
    const std::shared_ptr<ServerLink> server =
        m_session.state() == LiveSession::State::Connected ? m_session.link() : nullptr;
    m_offsets->show(*m_session.report(), *row, server);
    m_messages->show(*row, firstUnprocessed(recordOf(*row)), server);
    nameReplay();
}

} // namespace jetlag::ui
