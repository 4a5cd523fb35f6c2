// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/history_values.h"

#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double known(const std::optional<double>& value)
{
    return value.value_or(kUnknown);
}

double known(StreamSequence sequence)
{
    return static_cast<double>(sequence.value());
}

double known(std::uint64_t count)
{
    return static_cast<double>(count);
}

} // namespace

double liveValue(HistoryValue value, const CollectorReport& row)
{
    const ConsumerSnapshot& consumer = row.consumer;
    if (consumer.stale)
        return kUnknown;
    switch (value) {
    case HistoryValue::Pending:
        return known(consumer.pending);
    case HistoryValue::AckPending:
        return known(consumer.ackPending);
    case HistoryValue::Redelivered:
        return known(consumer.redelivered);
    case HistoryValue::Waiting:
        return known(consumer.waiting);
    case HistoryValue::Lag:
        return known(row.lag);
    case HistoryValue::DeliveredStream:
        return known(consumer.delivered.stream);
    case HistoryValue::DeliveredConsumer:
        return known(consumer.delivered.consumer.value());
    case HistoryValue::AckFloorStream:
        return known(consumer.ackFloor.stream);
    case HistoryValue::AckFloorConsumer:
        return known(consumer.ackFloor.consumer.value());
    case HistoryValue::TimeLag:
        return known(row.timeLagSeconds);
    case HistoryValue::DeliveredRate:
        return known(row.deliveredPerSecond);
    case HistoryValue::AckedRate:
        return known(row.ackedPerSecond);
    case HistoryValue::RedeliveredRate:
        return known(row.redeliveredPerSecond);
    case HistoryValue::Runway:
        return known(row.runwaySeconds);
    case HistoryValue::Eta:
        return known(row.etaSeconds);
    default:
        return kUnknown;
    }
}

double liveValue(HistoryValue value, const StreamReport& row)
{
    if (row.stream.stale)
        return kUnknown;
    switch (value) {
    case HistoryValue::FirstSequence:
        return known(row.stream.firstSequence);
    case HistoryValue::LastSequence:
        return known(row.stream.lastSequence);
    case HistoryValue::Messages:
        return known(row.stream.messages);
    case HistoryValue::Bytes:
        return known(row.stream.bytes);
    case HistoryValue::InRate:
        return known(row.inPerSecond);
    case HistoryValue::InByteRate:
        return known(row.inBytesPerSecond);
    default:
        return kUnknown;
    }
}

double liveValue(HistoryValue value, const CollectorSample& sample)
{
    switch (value) {
    case HistoryValue::Lag:
        return sample.lag;
    case HistoryValue::TimeLag:
        return known(sample.timeLagSeconds);
    case HistoryValue::DeliveredRate:
        return known(sample.delivered);
    case HistoryValue::AckedRate:
        return known(sample.acked);
    case HistoryValue::RedeliveredRate:
        return known(sample.redelivered);
    case HistoryValue::DeliveredStream:
        return known(sample.deliveredSequence);
    case HistoryValue::AckFloorStream:
        return known(sample.ackFloor);
    case HistoryValue::InRate:
        return known(sample.in);
    case HistoryValue::FirstSequence:
        return known(sample.first);
    case HistoryValue::LastSequence:
        return known(sample.last);
    default:
        return kUnknown;
    }
}

double liveValue(HistoryValue value, const StreamSample& sample)
{
    switch (value) {
    case HistoryValue::InRate:
        return known(sample.in);
    case HistoryValue::InByteRate:
        return known(sample.inBytes);
    case HistoryValue::Messages:
        return sample.messages;
    case HistoryValue::FirstSequence:
        return known(sample.first);
    case HistoryValue::LastSequence:
        return known(sample.last);
    default:
        return kUnknown;
    }
}

bool isOfStream(HistoryValue value)
{
    const auto all = streamValues();
    return std::ranges::find(all, value) != all.end();
}

double toPlotTime(ServerTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

ServerTime fromPlotTime(double at)
{
    return ServerTime(std::chrono::milliseconds(std::llround(at * 1000)));
}

std::vector<PlotPoint> toPlotPoints(const std::vector<HistoryPoint>& points)
{
    std::vector<PlotPoint> line;
    line.reserve(points.size());
    for (const HistoryPoint& point : points) {
        PlotPoint shownPoint{.at = toPlotTime(point.at), .value = point.value};
        if (point.low < point.high) {
            shownPoint.low = point.low;
            shownPoint.high = point.high;
        }
        line.push_back(shownPoint);
    }
    return line;
}

PlotColor verdictColor(std::string_view verdict)
{
    if (verdict == "stopped" || verdict == "lost")
        return PlotColor::Bad;
    if (verdict == "slow" || verdict == "stuck")
        return PlotColor::Warning;
    if (verdict == "catching-up")
        return PlotColor::Published;
    if (verdict == "paused")
        return PlotColor::Paused;
    return verdict == "keeping-up" ? PlotColor::Good : PlotColor::Quiet;
}

QString stateWord(const HistoryState& state)
{
    return shown(state.cause.empty() || state.cause == "none" ? wordOfVerdict(state.verdict).toStdString()
                                                              : wordOfCause(state.cause).toStdString());
}

PlotMark toPlotMark(const HistoryMark& mark)
{
    PlotMark to{.at = toPlotTime(mark.at), .word = shown(mark.word)};
    switch (mark.kind) {
    case MarkKind::Verdict: // as badges say it
        to.word.replace(QLatin1Char('-'), QLatin1Char(' '));
        to.color = verdictColor(mark.verdict);
        break;
    case MarkKind::Leader:
        to.color = PlotColor::Published;
        break;
    case MarkKind::Pause:
        to.color = PlotColor::Paused;
        break;
    case MarkKind::Advisory:
    case MarkKind::Threshold:
        to.color = PlotColor::Warning;
        break;
    case MarkKind::Connection:
        to.color = PlotColor::Bad;
        break;
    case MarkKind::Note:
        to.color = PlotColor::Good;
        break;
    case MarkKind::Config:
        to.color = PlotColor::Quiet;
        break;
    }
    to.detail =
        detailTime(mark.at) + QLatin1Char('\n') + shown(mark.detail.empty() ? mark.word : mark.detail);
    return to;
}

} // namespace jetlag::ui
