// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/history_panels.h"

namespace jetlag::ui {

namespace {

HistoryLine line(HistoryValue value, const QString& name, PlotColor color)
{
    return {.value = value, .look = {.name = name, .color = color}};
}

/// Where the server's counter misleads, both its number and the truth; and how old the oldest one is.
QList<HistoryLine> lagLines()
{
    HistoryLine truth = line(HistoryValue::Lag, QObject::tr("unprocessed"), PlotColor::Bad);
    truth.side = LagSide::Truth;
    HistoryLine server = line(HistoryValue::Lag, QObject::tr("the server says"), PlotColor::Quiet);
    server.side = LagSide::Misled;
    server.look.dashed = true;
    server.look.occasional = true;
    HistoryLine time = line(HistoryValue::TimeLag, QObject::tr("time lag"), PlotColor::Paused);
    time.look.unit = PlotUnit::Seconds;
    return {truth, server, time};
}

} // namespace

QList<HistoryPanel> collectorPanels()
{
    return {
        {.title = QObject::tr("Throughput"),
         .unit = PlotUnit::Rate,
         .lines = {line(HistoryValue::InRate, QObject::tr("published"), PlotColor::Published),
                   line(HistoryValue::DeliveredRate, QObject::tr("delivered"), PlotColor::Warning),
                   line(HistoryValue::AckedRate, QObject::tr("acked"), PlotColor::Good),
                   line(HistoryValue::RedeliveredRate, QObject::tr("redelivered"), PlotColor::Bad)}},
        {.title = QObject::tr("Lag"), .unit = PlotUnit::Count, .lines = lagLines()},
        {.title = QObject::tr("Offsets"),
         .unit = PlotUnit::Sequence,
         .lines = {line(HistoryValue::LastSequence, QObject::tr("last"), PlotColor::Published),
                   line(HistoryValue::DeliveredStream, QObject::tr("delivered"), PlotColor::Warning),
                   line(HistoryValue::AckFloorStream, QObject::tr("ack floor"), PlotColor::Good),
                   line(HistoryValue::FirstSequence, QObject::tr("first"), PlotColor::Quiet)}},
    };
}

QList<HistoryPanel> streamPanels()
{
    return {
        {.title = QObject::tr("Throughput"),
         .unit = PlotUnit::Rate,
         .lines = {line(HistoryValue::InRate, QObject::tr("published"), PlotColor::Published)}},
        {.title = QObject::tr("Stored"),
         .unit = PlotUnit::Count,
         .lines = {line(HistoryValue::Messages, QObject::tr("messages"), PlotColor::Good)}},
        {.title = QObject::tr("Offsets"),
         .unit = PlotUnit::Sequence,
         .lines = {line(HistoryValue::LastSequence, QObject::tr("last"), PlotColor::Published),
                   line(HistoryValue::FirstSequence, QObject::tr("first"), PlotColor::Quiet)}},
    };
}

} // namespace jetlag::ui
