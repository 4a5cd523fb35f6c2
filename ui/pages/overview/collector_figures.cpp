// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/collector_figures.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"

#include <QFormLayout>
#include <QLabel>

namespace jetlag::ui {

namespace {

enum Figure {
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
    FigureCount
};

QString outOf(std::uint64_t value, std::int64_t limit)
{
    return limit > 0 ? QObject::tr("%1 of %2").arg(exact(value), exact(static_cast<std::uint64_t>(limit)))
                     : exact(value);
}

} // namespace

CollectorFigures::CollectorFigures(QWidget* parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, Metrics::kSpacing);
    m_form->setVerticalSpacing(7);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const QString& what :
         {tr("unprocessed"), tr("not delivered"), tr("ack pending"), tr("delivered up to"), tr("ack floor"),
          tr("last in the stream"), tr("in · delivered · acked"), tr("in redelivery"), tr("waiting pulls"),
          tr("ack wait"), tr("filter"), tr("leader · replicas")})
        addFigure(what);
}

void CollectorFigures::addFigure(const QString& what)
{
    auto* name = new QLabel(what);
    name->setProperty("role", QStringLiteral("secondary"));
    auto* value = new ElidedLabel;
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_form->addRow(name, value);
    m_values << value;
}

void CollectorFigures::setFigure(int figure, const QString& value)
{
    if (m_values[figure]->text() != value)
        m_values[figure]->setText(value);
}

void CollectorFigures::showCollector(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    for (ElidedLabel* value : m_values)
        setInk(*value, consumer.stale ? colors().secondary : colors().text);
    setFigure(Unprocessed, exact(row.report->lag));
    setFigure(NotDelivered, exact(consumer.pending));
    setFigure(AckPending, outOf(consumer.ackPending, consumer.maxAckPending));
    setFigure(Delivered, exact(consumer.delivered.stream.value()));
    setFigure(AckFloor, exact(consumer.ackFloor.stream.value()));
    setFigure(LastInStream, row.stream ? exact(row.stream->stream.lastSequence.value()) : notApplicable());
    setFigure(Rates,
              tr("%1 · %2 · %3 /s")
                  .arg(bareRate(row.stream ? row.stream->inPerSecond : std::nullopt),
                       bareRate(row.report->deliveredPerSecond), bareRate(row.report->ackedPerSecond)));
    setFigure(Redelivered, exact(consumer.redelivered));
    setFigure(WaitingPulls, consumer.isPull() ? outOf(consumer.waiting, consumer.maxWaiting)
                                              : (consumer.pushBound ? tr("push, somebody listens")
                                                                    : tr("push, nobody listens")));
    setFigure(AckWait, duration(std::chrono::duration<double>(consumer.ackWait).count()));
    const std::size_t filters = consumer.filters.size();
    setFigure(Filter, filters == 0 ? tr("all")
                      : filters == 1
                          ? shown(consumer.filters.front())
                          : tr("%1 and %2 more").arg(shown(consumer.filters.front())).arg(filters - 1));
    setFigure(Leader,
              tr("%1 · %2")
                  .arg(consumer.placement.leader.empty() ? notApplicable() : shown(consumer.placement.leader))
                  .arg(consumer.placement.replicas.size() + 1));
}

} // namespace jetlag::ui
