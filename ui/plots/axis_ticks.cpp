// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/axis_ticks.h"

#include "ui/theme/number_format.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <array>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr QChar kNarrowSpace(0x202f);
/// "47 311 905": what the left margin is made for.
constexpr qsizetype kLongestExact = 10;
constexpr double kDay = 86'400;

QString words(const char* text)
{
    return QCoreApplication::translate("TimePlot", text);
}

/// "8.00 k" → "8 k".
QString withoutTrailingZeros(QString text)
{
    const qsizetype point = text.indexOf(QLatin1Char('.'));
    if (point < 0)
        return text;
    qsizetype end = point + 1;
    while (end < text.size() && text[end].isDigit())
        ++end;
    qsizetype keep = end;
    while (text[keep - 1] == QLatin1Char('0'))
        --keep;
    if (keep - 1 == point)
        keep = point;
    return text.remove(keep, end - keep);
}

/// "15 m 00 s" → "15 m".
QString withoutZeroPart(QString text)
{
    const qsizetype gap = text.indexOf(QLatin1Char(' '));
    if (gap > 0 && text.mid(gap + 1).startsWith(QLatin1String("00")))
        text.truncate(gap);
    return text;
}

/// "47.6 M" where the step leaves it three decimals at most, else the exact figure; of a very long one the
/// end, which is the part that differs.
QString sequenceLabel(double value, double step)
{
    struct Unit
    {
        double size;
        const char* name;
    };
    static constexpr std::array<Unit, 4> kUnits{{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
    const double rounded = std::max(std::round(value), 0.0);
    for (const Unit& unit : kUnits) {
        if (rounded < unit.size)
            continue;
        int decimals = 0;
        double finest = unit.size;
        while (decimals <= 3 && std::abs(std::remainder(step, finest)) > step * 1e-6) {
            finest /= 10;
            ++decimals;
        }
        if (decimals <= 3)
            return QString::number(rounded / unit.size, 'f', decimals) + kNarrowSpace +
                   QLatin1String(unit.name);
        break;
    }
    const QString figure = exact(static_cast<std::uint64_t>(rounded));
    return figure.size() <= kLongestExact ? figure : QStringLiteral("…") + figure.right(7);
}

constexpr std::array<double, 25> kTimeSteps{
    1,        2,        5,         10,        15,        30,         60,        120,    300,
    600,      900,      1800,      3600,      7200,      10'800,     21'600,    43'200, kDay,
    kDay * 2, kDay * 5, kDay * 10, kDay * 30, kDay * 60, kDay * 180, kDay * 360};

QString timeLabel(double at, double step, TimeWords how)
{
    if (how.times == PlotTimes::Relative) {
        const double ago = std::round(how.now - at);
        return ago <= 0 ? words("now") : QChar(0x2212) + withoutZeroPart(duration(ago));
    }
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(
        std::llround(at * 1000), how.times == PlotTimes::Utc ? Qt::UTC : Qt::LocalTime);
    if (step >= kDay || moment.time().msecsSinceStartOfDay() == 0)
        return moment.toString(QStringLiteral("d MMM"));
    return moment.toString(step < 60 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

} // namespace

QString valueText(double value, PlotUnit unit)
{
    if (std::isnan(value))
        return notApplicable();
    switch (unit) {
    case PlotUnit::Rate:
        return rate(value);
    case PlotUnit::ByteRate:
        return byteRate(value);
    case PlotUnit::Count:
        return count(value);
    case PlotUnit::Bytes:
        return bytes(value);
    case PlotUnit::Seconds:
        return duration(value);
    case PlotUnit::Sequence:
        return exact(static_cast<std::uint64_t>(std::max(value, 0.0)));
    }
    return {};
}

QString unitWords(PlotUnit unit)
{
    switch (unit) {
    case PlotUnit::Rate:
        return words("messages/s");
    case PlotUnit::ByteRate:
        return words("bytes/s");
    case PlotUnit::Count:
        return words("messages");
    case PlotUnit::Sequence:
        return words("sequence");
    case PlotUnit::Bytes:
    case PlotUnit::Seconds:
        return {};
    }
    return {};
}

QString axisLabel(double value, double step, PlotUnit unit)
{
    switch (unit) {
    case PlotUnit::Rate:
        return withoutTrailingZeros(bareRate(value));
    case PlotUnit::Count:
        return withoutTrailingZeros(count(value));
    case PlotUnit::ByteRate:
    case PlotUnit::Bytes:
        return withoutTrailingZeros(bytes(value));
    case PlotUnit::Seconds:
        return withoutZeroPart(duration(value));
    case PlotUnit::Sequence:
        return sequenceLabel(value, step);
    }
    return {};
}

QString widestAxisLabel(PlotUnit unit)
{
    switch (unit) {
    case PlotUnit::Sequence:
        return exact(88'888'888);
    case PlotUnit::Seconds:
        return QStringLiteral("88%1m").arg(kNarrowSpace);
    case PlotUnit::Bytes:
    case PlotUnit::ByteRate:
        return QStringLiteral("888%1MB").arg(kNarrowSpace);
    case PlotUnit::Rate:
    case PlotUnit::Count:
        break;
    }
    return QStringLiteral("888%1M").arg(kNarrowSpace);
}

QString momentText(double at, TimeWords how)
{
    if (how.times == PlotTimes::Relative)
        return words("%1 ago").arg(duration(std::max(how.now - at, 0.0)));
    const ServerTime moment(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(at)));
    return how.times == PlotTimes::Utc ? clockTime(moment, TimeZone::Utc) + QStringLiteral(" UTC")
                                       : clockTime(moment);
}

QList<AxisTick> timeTicks(double from, double to, int pixels, int pixelsEach, bool live, TimeWords how)
{
    QList<AxisTick> ticks;
    if (pixels <= 0 || !(to > from))
        return ticks;
    const double perPixel = (to - from) / pixels;
    double step = kTimeSteps.back();
    for (const double candidate : kTimeSteps) {
        if (candidate >= perPixel * pixelsEach) {
            step = candidate;
            break;
        }
    }
    // Round in local time: whole hours there, also where the zone is half an hour off.
    double offset = 0;
    if (how.times == PlotTimes::Local)
        offset = QDateTime::fromMSecsSinceEpoch(std::llround(to * 1000)).offsetFromUtc();
    else if (how.times == PlotTimes::Relative)
        offset = -how.now;
    const double end = to + offset;
    for (double at = std::ceil((from + offset) / step) * step; at <= end; at += step) {
        const bool roomForNow = !live || (end - at) / perPixel >= pixelsEach / 2.0;
        ticks.append({at - offset, roomForNow ? timeLabel(at - offset, step, how) : QString()});
    }
    if (live) {
        if (!ticks.isEmpty() && ticks.last().at >= to)
            ticks.removeLast();
        ticks.append({to, words("now")});
    }
    return ticks;
}

} // namespace jetlag::ui
