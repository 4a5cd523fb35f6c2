// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/diagnosis/diagnosis_page.h"

#include "ui/bridge/live_session.h"
#include "ui/models/verdict_look.h"
#include "ui/pages/diagnosis/diagnosis_panel.h"
#include "ui/pages/diagnosis/diagnosis_strip.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/plots/history_plot.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/state_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kBesideFrom = 1'120; ///< pixels; below it the reasons go under the plots
constexpr int kMessageRows = 3;

HistoryLine line(HistoryValue value, const QString& name, PlotColor color)
{
    return {.value = value, .look = {.name = name, .color = color}};
}

QList<HistoryPanel> panels()
{
    return {{.title = QObject::tr("Throughput"),
             .unit = PlotUnit::Rate,
             .lines = {line(HistoryValue::InRate, QObject::tr("published"), PlotColor::Published),
                       line(HistoryValue::DeliveredRate, QObject::tr("first deliveries"), PlotColor::Warning),
                       line(HistoryValue::AckedRate, QObject::tr("acked"), PlotColor::Good)}},
            {.title = QObject::tr("Lag, as the server counts it"),
             .unit = PlotUnit::Count,
             .lines = {line(HistoryValue::Lag, QObject::tr("unprocessed"), PlotColor::Bad)}},
            {.title = QObject::tr("Offsets"),
             .unit = PlotUnit::Sequence,
             .lines = {line(HistoryValue::LastSequence, QObject::tr("last"), PlotColor::Published),
                       line(HistoryValue::DeliveredStream, QObject::tr("delivered"), PlotColor::Warning),
                       line(HistoryValue::AckFloorStream, QObject::tr("ack floor"), PlotColor::Good),
                       line(HistoryValue::FirstSequence, QObject::tr("first"), PlotColor::Quiet)}}};
}

} // namespace

DiagnosisPage::DiagnosisPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_choice(new QComboBox)
    , m_strip(new DiagnosisStrip)
    , m_plot(new HistoryPlot(session.services().history))
    , m_messages(new QTableWidget(0, 5))
    , m_panel(new DiagnosisPanel)
    , m_replay(new QPushButton)
    , m_across(new QSplitter(Qt::Horizontal))
{
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    m_choice->setAccessibleName(tr("Collector"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContentsOnFirstShow);
    m_choice->setMinimumWidth(320);
    column->addWidget(m_choice, 0, Qt::AlignLeft);
    column->addWidget(m_strip);
    m_across->addWidget(leftPart());
    m_across->addWidget(rightPart());
    m_across->setStretchFactor(0, 1);
    m_across->setChildrenCollapsible(false);
    column->addWidget(m_across, 1);
    m_body->addWidget(whole);
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    layout->addWidget(m_body);

    connect(&m_session, &LiveSession::reportChanged, this, &DiagnosisPage::showReport);
    connect(&m_session, &LiveSession::stateChanged, this, &DiagnosisPage::showReport);
    connect(&Theme::instance(), &Theme::changed, this, &DiagnosisPage::showReport);
    connect(m_plot, &HistoryPlot::cursorMoved, this, &Page::statusChanged);
    connect(m_choice, &QComboBox::activated, this, [this](int row) {
        const QStringList names = m_choice->itemData(row).toStringList();
        choose({names.value(0).toStdString(), names.value(1).toStdString()});
    });
    showReport();
}

QWidget* DiagnosisPage::leftPart()
{
    m_plot->setPanels(panels());
    m_plot->setLanes(true);
    m_plot->plot().setEmptyText(tr("Its past appears here"));
    m_messages->setAccessibleName(tr("Messages that hold it up"));
    m_messages->setHorizontalHeaderLabels(
        {tr("Message"), tr("Sequence"), tr("Stored"), tr("Subject"), tr("Size")});
    m_messages->verticalHeader()->hide();
    m_messages->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    m_messages->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_messages->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_messages->setShowGrid(false);
    m_messages->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_messages->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_messages->setFixedHeight((kMessageRows + 1) * Metrics::kRowHeight + 4);
    connect(m_messages, &QTableWidget::cellActivated, this, [this](int row, int) {
        const std::uint64_t sequence = m_messages->item(row, 1)->data(Qt::UserRole).toULongLong();
        if (m_name)
            emit linkFollowed({.page = PageId::Messages,
                               .collector = m_name,
                               .message = MessagePlace{m_name->stream, StreamSequence(sequence)}});
    });
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_plot, 1);
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
    frame->setMinimumWidth(Metrics::kSidePanelWidth);
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

void DiagnosisPage::choose(const ConsumerName& name)
{
    m_name = name;
    m_plot->setSubject(HistorySubject{m_session.historyName(), name.stream, name.name}, m_session.history());
    showReport();
}

void DiagnosisPage::chooseWorst()
{
    const auto& rows = m_session.report()->collectors;
    const auto worst = std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return std::pair(severityOfVerdict(shownVerdict(a)), a.lag) <
               std::pair(severityOfVerdict(shownVerdict(b)), b.lag);
    });
    if (worst != rows.end())
        choose({worst->consumer.stream, worst->consumer.name});
}

void DiagnosisPage::openLink(const PageLink& link)
{
    if (link.collector)
        choose(*link.collector);
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
    return {{tr("Esc"), tr("Back to the overview")}, {tr("Enter on a message"), tr("Show it in its stream")}};
}

void DiagnosisPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    showReport();
}

void DiagnosisPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_across->setOrientation(width() >= kBesideFrom ? Qt::Horizontal : Qt::Vertical);
}

void DiagnosisPage::showState(const QString& title, const QString& sentence)
{
    m_state->say(title, sentence,
                 {{tr("Overview"), [this] { emit linkFollowed({.page = PageId::Overview}); }}});
    m_body->setCurrentIndex(1);
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
        m_plot->addReport(*m_session.report());
    if (!isVisible())
        return; // it is shown anew when somebody looks
    if (!m_name)
        return m_session.report()->collectors.empty()
                   ? showState(tr("No collectors"), tr("This account has no consumer to diagnose."))
                   : chooseWorst();
    const CollectorReport* row = chosen();
    if (row == nullptr) {
        showState(tr("%1 is no longer there").arg(shown(m_name->name)),
                  tr("The consumer was deleted or is hidden; its past stays in the history."));
        return;
    }
    m_body->setCurrentIndex(0);
    showChoices();
    m_strip->show(*row);
    if (row->diagnosis)
        m_panel->show(*row->diagnosis);
    m_replay->setText(tr("Replay from %1").arg(exact(firstUnprocessed({.report = *row}).value())));
    m_replay->setEnabled(m_session.link() != nullptr);
    showMessages(*row);
}

void DiagnosisPage::showChoices()
{
    const auto& rows = m_session.report()->collectors;
    if (m_choice->view()->isVisible())
        return; // nothing moves under an open list
    if (m_choice->count() != static_cast<int>(rows.size())) {
        m_choice->clear();
        std::vector<ConsumerName> names;
        for (const CollectorReport& row : rows)
            names.push_back({row.consumer.stream, row.consumer.name});
        std::sort(names.begin(), names.end());
        for (const ConsumerName& name : names)
            m_choice->addItem(
                tr("%1 › %2").arg(shown(name.stream), shown(name.name)),
                QStringList{QString::fromStdString(name.stream), QString::fromStdString(name.name)});
    }
    const QStringList wanted{QString::fromStdString(m_name->stream), QString::fromStdString(m_name->name)};
    for (int row = 0; row < m_choice->count(); ++row) {
        if (m_choice->itemData(row).toStringList() == wanted)
            m_choice->setCurrentIndex(row);
    }
}

void DiagnosisPage::showMessages(const CollectorReport& row)
{
    static const std::vector<HoldingMessage> kNone;
    const std::vector<HoldingMessage>& messages = row.diagnosis ? row.diagnosis->messages : kNone;
    m_messages->setVisible(!messages.empty());
    m_messages->setRowCount(static_cast<int>(messages.size()));
    for (int at = 0; at < static_cast<int>(messages.size()); ++at) {
        const HoldingMessage& one = messages[static_cast<std::size_t>(at)];
        const QStringList texts{shown(one.role), exact(one.sequence),
                                one.time ? clockTime(*one.time) : tr("?"),
                                one.subject.empty() ? tr("?") : shown(one.subject),
                                one.bytes ? bytes(static_cast<double>(*one.bytes)) : tr("?")};
        for (int cell = 0; cell < texts.size(); ++cell) {
            if (m_messages->item(at, cell) == nullptr)
                m_messages->setItem(at, cell, new QTableWidgetItem);
            m_messages->item(at, cell)->setText(texts[cell]);
        }
        m_messages->item(at, 1)->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(one.sequence));
    }
}

void DiagnosisPage::replayFromHere()
{
    if (const CollectorReport* row = chosen(); row != nullptr && m_session.link())
        emit linkFollowed(
            {.page = PageId::Replay, .replay = ui::replayFromHere({.report = *row}, m_session.link())});
}

void DiagnosisPage::copyMarkdown()
{
    const CollectorReport* row = chosen();
    if (row == nullptr || !row->diagnosis)
        return;
    QApplication::clipboard()->setText(QString::fromStdString(diagnosisMarkdown(*row->diagnosis)));
    emit done(tr("Copied the diagnosis of %1 as Markdown").arg(shown(row->consumer.name)));
}

} // namespace jetlag::ui
