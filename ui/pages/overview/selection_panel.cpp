// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/selection_panel.h"

#include "ui/models/verdict_look.h"
#include "ui/pages/overview/collector_figures.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/diagnosis_panel.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/verdict_line.h"

#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kMostEvidence = 6; // the page Diagnosis has all of it
constexpr int kMostSteps = 2;
constexpr int kSideMargin = 16;
constexpr int kLinesOfAStrip = 2;

/// What the figures say, in one sentence and without guessing a cause.
QString sentence(const CollectorRecord& row)
{
    const CollectorReport& report = *row.report;
    const QString said = sentenceOf(report);
    if (report.consumer.stale) {
        const QString old = row.ageSeconds
                                ? QObject::tr("These values are %1 old: the server has not told newer ones.")
                                      .arg(duration(row.ageSeconds))
                                : QObject::tr("These values are old: the server has not told newer ones.");
        return said.isEmpty() ? old : QObject::tr("%1 %2").arg(old, said);
    }
    if (!said.isEmpty())
        return said;
    if (report.lag == 0)
        return QObject::tr("Everything in the stream is processed.");
    if (report.deliveredPerSecond.value_or(0) <= 0 && report.ackedPerSecond.value_or(0) <= 0 &&
        report.ackedPerSecond)
        return QObject::tr("%1 messages wait and nothing is being delivered or acked.")
            .arg(exact(report.lag));
    if (row.stream && row.stream->inPerSecond && report.ackedPerSecond) {
        const double in = *row.stream->inPerSecond;
        const double acked = *report.ackedPerSecond;
        if (acked < in * 0.98 && report.consumer.filters.empty())
            return QObject::tr("%1 messages wait; it acks %2 while %3 come in.")
                .arg(exact(report.lag), rate(acked), rate(in));
        return QObject::tr("%1 messages wait; it acks %2.").arg(exact(report.lag), rate(acked));
    }
    return QObject::tr("%1 messages wait.").arg(exact(report.lag));
}

} // namespace

SelectionPanel::SelectionPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(new ElidedLabel)
    , m_verdict(new VerdictLine)
    , m_sentence(new QLabel)
    , m_why(new DiagnosisPanel)
    , m_figures(new CollectorFigures)
    , m_replay(new QPushButton)
    , m_layout(new QVBoxLayout(this))
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Chosen collector"));
    m_name->setFont(Theme::instance().titleFont());
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    for (QLabel* label : {static_cast<QLabel*>(m_name), m_sentence})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_why->setShort(kMostEvidence, kMostSteps);
    m_why->layout()->setContentsMargins(0, 0, 0, 0);

    auto* words = new QVBoxLayout;
    words->setSpacing(3);
    words->addWidget(m_name);
    words->addWidget(m_verdict);
    words->addWidget(m_sentence);
    auto* reasons = new QWidget;
    reasons->setProperty("role", QStringLiteral("panel"));
    reasons->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(reasons);
    column->setContentsMargins(0, 0, Metrics::kSpacing, 0); // room for the scroll bar
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_why);
    column->addWidget(titleLabel(tr("Figures")));
    column->addWidget(m_figures);
    column->addStretch(1);
    m_reasons = scrolledDown(reasons);
    m_buttons = makeButtons();
    m_layout->addLayout(words);
    m_layout->addWidget(m_reasons, 1);
    m_layout->addWidget(m_buttons);
    setCompact(false);
    showNothing();
}

QWidget* SelectionPanel::makeButtons()
{
    m_replay->setProperty("role", QStringLiteral("primary"));
    m_replay->setToolTip(tr("Replays the stream from the first message that is not acked"));
    connect(m_replay, &QPushButton::clicked, this, &SelectionPanel::replayWanted);
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(Metrics::kSpacing);
    const auto add = [&](const QString& words, const QString& toolTip, auto signal, int row, int column) {
        auto* button = new QPushButton(words);
        button->setToolTip(toolTip);
        connect(button, &QPushButton::clicked, this, signal);
        grid->addWidget(button, row, column);
        return button;
    };
    add(tr("Diagnosis"), tr("All that proves it, its past and the messages that hold it up (Enter)"),
        &SelectionPanel::diagnosisWanted, 0, 0);
    grid->addWidget(m_replay, 0, 1);
    auto* copy = new QPushButton(tr("Copy …"));
    auto* menu = new QMenu(copy);
    menu->addAction(tr("Diagnosis as Markdown"), this, &SelectionPanel::copyMarkdownWanted);
    menu->addAction(tr("Row as JSON"), this, &SelectionPanel::copyJsonWanted);
    menu->addAction(tr("nats command"), this, &SelectionPanel::copyCommandWanted);
    copy->setMenu(menu);
    grid->addWidget(copy, 1, 1);
    m_besideOnly << add(tr("Messages here"), tr("The stream where this collector stands in it"),
                        &SelectionPanel::messagesWanted, 1, 0)
                 << copy;
    return box;
}

void SelectionPanel::showWords(const QString& title, const QString& sentence)
{
    m_name->setText(title);
    m_sentence->setText(sentence);
    m_verdict->hide();
    m_reasons->hide();
    m_buttons->hide();
}

void SelectionPanel::showNothing()
{
    showWords(tr("No collector chosen"), tr("Choose a row to see where it stands and to replay from there."));
}

void SelectionPanel::showGone(const ConsumerName& name)
{
    showWords(tr("%1 › %2").arg(shown(name.stream), shown(name.name)),
              tr("This collector is no longer there: it was deleted or is hidden."));
}

void SelectionPanel::showCollector(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    m_name->setText(tr("%1 › %2").arg(shown(consumer.stream), shown(consumer.name)));
    m_verdict->show(*row.report, row.isMuted);
    m_verdict->setVisible(true);
    m_sentence->setText(breakable(sentence(row)));
    setInk(*m_sentence, consumer.stale ? colors().secondary : colors().text);
    m_why->setVisible(row.report->diagnosis != nullptr);
    if (row.report->diagnosis)
        m_why->show(*row.report->diagnosis, consumer.stale);
    m_figures->showCollector(row);
    m_reasons->setVisible(!m_compact);
    m_buttons->show();
    m_replay->setText(tr("Replay from %1").arg(exact(replayBegin(row).value())));
}

void SelectionPanel::setCompact(bool compact)
{
    m_compact = compact;
    m_reasons->setVisible(!compact && m_buttons->isVisibleTo(this));
    for (QWidget* button : m_besideOnly)
        button->setVisible(!compact);
    // As a strip it keeps its height from one collector to the next, and the rows above it theirs.
    m_sentence->setMinimumHeight(compact ? kLinesOfAStrip * fontMetrics().lineSpacing() : 0);
    m_sentence->setAlignment(compact ? Qt::AlignLeft | Qt::AlignTop : Qt::AlignLeft | Qt::AlignVCenter);
    m_layout->setDirection(compact ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_layout->setStretch(0, compact ? 1 : 0);
    m_layout->setSpacing(compact ? kSideMargin : Metrics::kMargin);
    const int margin = compact ? Metrics::kSpacing : Metrics::kMargin;
    m_layout->setContentsMargins(kSideMargin, margin, kSideMargin, margin);
}

} // namespace jetlag::ui
