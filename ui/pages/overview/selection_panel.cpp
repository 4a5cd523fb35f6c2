// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/selection_panel.h"

#include "ui/pages/overview/collector_links.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

enum Fact {
    Unprocessed,
    NotDelivered,
    AckPending,
    Delivered,
    AckFloor,
    LastInStream,
    Rates,
    Redelivered,
    WaitingPulls,
    AckWait,
    Filter,
    Leader,
    FactCount
};

/// What the figures say, in one sentence and without guessing a cause.
QString sentence(const CollectorRecord& row)
{
    const CollectorReport& report = row.report;
    if (report.consumer.stale)
        return row.ageSeconds ? QObject::tr("These values are %1 old: the server has not told newer ones.")
                                    .arg(duration(row.ageSeconds))
                              : QObject::tr("These values are old: the server has not told newer ones.");
    if (report.diagnosis && !report.diagnosis->sentence.empty())
        return shown(report.diagnosis->sentence);
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

QString outOf(std::uint64_t value, std::int64_t limit)
{
    return limit > 0 ? QObject::tr("%1 of %2").arg(exact(value), exact(static_cast<std::uint64_t>(limit)))
                     : exact(value);
}

} // namespace

SelectionPanel::SelectionPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(new ElidedLabel)
    , m_sentence(new QLabel)
    , m_factsBox(new QWidget)
    , m_facts(new QFormLayout(m_factsBox))
    , m_replay(new QPushButton)
    , m_copies(new QWidget)
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
    m_facts->setContentsMargins(0, Metrics::kSpacing, 0, Metrics::kSpacing);
    m_facts->setVerticalSpacing(7);
    m_facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const QString& what :
         {tr("unprocessed"), tr("not delivered"), tr("ack pending"), tr("delivered up to"), tr("ack floor"),
          tr("last in the stream"), tr("in · delivered · acked"), tr("in redelivery"), tr("waiting pulls"),
          tr("ack wait"), tr("filter"), tr("leader · replicas")})
        addFact(what);

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_name);
    words->addWidget(m_sentence);
    m_buttons = makeButtons();
    m_layout->addLayout(words, 1);
    m_layout->addWidget(m_factsBox);
    m_layout->addWidget(m_buttons);
    m_layout->addStretch(0);
    setCompact(false);
    showNothing();
}

QWidget* SelectionPanel::makeButtons()
{
    m_replay->setProperty("role", QStringLiteral("primary"));
    m_replay->setToolTip(tr("Replays the stream from the first message that is not acked"));
    auto* diagnosis = new QPushButton(tr("Diagnosis"));
    diagnosis->setToolTip(tr("What proves the verdict, and what to try (Enter)"));
    connect(diagnosis, &QPushButton::clicked, this, &SelectionPanel::diagnosisWanted);
    auto* json = new QPushButton(tr("Copy JSON"));
    auto* command = new QPushButton(tr("Copy nats command"));
    auto* copies = new QHBoxLayout(m_copies);
    copies->setContentsMargins(0, 0, 0, 0);
    copies->addWidget(json);
    copies->addWidget(command);
    connect(m_replay, &QPushButton::clicked, this, &SelectionPanel::replayWanted);
    connect(json, &QPushButton::clicked, this, &SelectionPanel::copyJsonWanted);
    connect(command, &QPushButton::clicked, this, &SelectionPanel::copyCommandWanted);

    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addWidget(diagnosis);
    column->addWidget(m_replay);
    column->addWidget(m_copies);
    return box;
}

void SelectionPanel::addFact(const QString& what)
{
    auto* name = new QLabel(what);
    name->setProperty("role", QStringLiteral("secondary"));
    auto* value = new ElidedLabel;
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addRow(name, value);
    m_values << value;
}

void SelectionPanel::setFact(int fact, const QString& value)
{
    if (m_values[fact]->text() != value)
        m_values[fact]->setText(value);
}

void SelectionPanel::showNothing()
{
    m_name->setText(tr("No collector chosen"));
    m_sentence->setText(tr("Choose a row to see where it stands and to replay from there."));
    m_factsBox->hide();
    m_buttons->hide();
}

void SelectionPanel::showGone(const ConsumerName& name)
{
    m_name->setText(tr("%1 › %2").arg(shown(name.stream), shown(name.name)));
    m_sentence->setText(tr("This collector is no longer there: it was deleted or is hidden."));
    m_factsBox->hide();
    m_buttons->hide();
}

void SelectionPanel::showCollector(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report.consumer;
    m_name->setText(tr("%1 › %2").arg(shown(consumer.stream), shown(consumer.name)));
    m_sentence->setText(sentence(row));
    m_factsBox->setVisible(!m_compact);
    m_buttons->show();
    m_replay->setText(tr("Replay from %1").arg(exact(firstUnprocessed(row).value())));
    setFact(Unprocessed, exact(row.report.lag));
    setFact(NotDelivered, exact(consumer.pending));
    setFact(AckPending, outOf(consumer.ackPending, consumer.maxAckPending));
    setFact(Delivered, exact(consumer.delivered.stream.value()));
    setFact(AckFloor, exact(consumer.ackFloor.stream.value()));
    setFact(LastInStream, row.stream ? exact(row.stream->stream.lastSequence.value()) : notApplicable());
    setFact(Rates, tr("%1 · %2 · %3 /s")
                       .arg(bareRate(row.stream ? row.stream->inPerSecond : std::nullopt),
                            bareRate(row.report.deliveredPerSecond), bareRate(row.report.ackedPerSecond)));
    setFact(Redelivered, exact(consumer.redelivered));
    setFact(WaitingPulls, consumer.isPull() ? outOf(consumer.waiting, consumer.maxWaiting)
                                            : (consumer.pushBound ? tr("push, somebody listens")
                                                                  : tr("push, nobody listens")));
    setFact(AckWait, duration(std::chrono::duration<double>(consumer.ackWait).count()));
    const std::size_t filters = consumer.filters.size();
    setFact(Filter, filters == 0 ? tr("all")
                    : filters == 1
                        ? shown(consumer.filters.front())
                        : tr("%1 and %2 more").arg(shown(consumer.filters.front())).arg(filters - 1));
    setFact(Leader,
            tr("%1 · %2")
                .arg(consumer.placement.leader.empty() ? notApplicable() : shown(consumer.placement.leader))
                .arg(consumer.placement.replicas.size() + 1));
}

void SelectionPanel::setCompact(bool compact)
{
    m_compact = compact;
    m_factsBox->setVisible(!compact && m_buttons->isVisibleTo(this));
    m_copies->setVisible(!compact); // the row's own menu has them too
    m_layout->setDirection(compact ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_layout->setStretch(0, compact ? 1 : 0);
    m_layout->setStretch(3, compact ? 0 : 1);
    const int margin = compact ? Metrics::kSpacing : Metrics::kMargin;
    m_layout->setContentsMargins(16, margin, 16, margin);
}

} // namespace jetlag::ui
