// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/selection_panel.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QGridLayout>
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
        return QObject::tr("These are old values: the server did not tell this collector's this time.");
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
    , m_name(new QLabel)
    , m_sentence(new QLabel)
    , m_factsBox(new QWidget)
    , m_facts(new QFormLayout(m_factsBox))
    , m_buttons(new QWidget)
    , m_replay(new QPushButton(tr("Replay from here")))
    , m_layout(new QVBoxLayout(this))
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Chosen collector"));
    m_name->setFont(Theme::instance().titleFont());
    for (QLabel* label : {m_name, m_sentence}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_facts->setContentsMargins(0, Metrics::kSpacing, 0, Metrics::kSpacing);
    m_facts->setVerticalSpacing(7);
    for (const QString& what :
         {tr("unprocessed"), tr("not delivered"), tr("ack pending"), tr("delivered up to"), tr("ack floor"),
          tr("last in the stream"), tr("in · delivered · acked"), tr("in redelivery"), tr("waiting pulls"),
          tr("ack wait"), tr("filter"), tr("leader · replicas")})
        addFact(what);

    auto* buttons = new QGridLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setColumnStretch(3, 1);
    m_replay->setProperty("role", QStringLiteral("primary"));
    m_replay->setToolTip(tr("Replays the stream from the first message that is not acked (Enter)"));
    auto* json = new QPushButton(tr("Copy JSON"));
    auto* command = new QPushButton(tr("Copy nats command"));
    buttons->addWidget(m_replay, 0, 0, 1, 2);
    buttons->addWidget(json, 1, 0);
    buttons->addWidget(command, 1, 1);
    connect(m_replay, &QPushButton::clicked, this, &SelectionPanel::replayWanted);
    connect(json, &QPushButton::clicked, this, &SelectionPanel::copyJsonWanted);
    connect(command, &QPushButton::clicked, this, &SelectionPanel::copyCommandWanted);

    m_layout->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    m_layout->addWidget(m_name);
    m_layout->addWidget(m_sentence);
    m_layout->addWidget(m_factsBox);
    m_layout->addWidget(m_buttons);
    m_layout->addStretch();
    showNothing();
}

void SelectionPanel::addFact(const QString& what)
{
    auto* name = new QLabel(what);
    name->setProperty("role", QStringLiteral("secondary"));
    auto* value = new QLabel;
    value->setTextFormat(Qt::PlainText);
    value->setAlignment(Qt::AlignRight);
    value->setWordWrap(true);
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

void SelectionPanel::showCollector(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report.consumer;
    m_name->setText(tr("%1 › %2").arg(shown(consumer.stream), shown(consumer.name)));
    m_sentence->setText(sentence(row));
    m_factsBox->setVisible(!m_compact);
    m_buttons->show();
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
    QStringList filters;
    for (const std::string& filter : consumer.filters)
        filters << shown(filter);
    setFact(Filter, filters.isEmpty() ? tr("all") : filters.join(QLatin1Char('\n')));
    setFact(Leader,
            tr("%1 · %2")
                .arg(consumer.placement.leader.empty() ? notApplicable() : shown(consumer.placement.leader))
                .arg(consumer.placement.replicas.size() + 1));
}

void SelectionPanel::setCompact(bool compact)
{
    m_compact = compact;
    m_factsBox->setVisible(!compact && m_buttons->isVisibleTo(this));
    m_layout->setContentsMargins(16, compact ? 6 : Metrics::kMargin, 16, compact ? 6 : Metrics::kMargin);
}

} // namespace jetlag::ui
