// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/number_format.h"

#include "model/base/text.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr QChar kNarrowSpace(0x202f);

/// 12.4 from 12 412: three significant digits, trailing zeros kept so that columns do not jump.
QString threeDigits(double value)
{
    const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return QString::number(value, 'f', decimals);
}

QString scaledBy1000(double value, const std::array<const char*, 6>& units, bool wholeBelow1000)
{
    const bool negative = value < 0;
    double rest = std::abs(value);
    std::size_t unit = 0;
    while (rest >= 999.5 && unit + 1 < units.size()) {
        rest /= 1000;
        ++unit;
    }
    QString text;
    if (unit == 0 && (wholeBelow1000 || rest == std::floor(rest)))
        text = QString::number(rest, 'f', 0);
    else
        text = threeDigits(rest);
    if (negative)
        text.prepend(QChar(0x2212));
    if (*units[unit] != 0)
        text += kNarrowSpace + QLatin1String(units[unit]);
    return text;
}

constexpr std::array<const char*, 6> kCountUnits{"", "k", "M", "G", "T", "P"};
constexpr std::array<const char*, 6> kByteUnits{"B", "kB", "MB", "GB", "TB", "PB"};

QString twoUnits(std::int64_t big, const char* bigUnit, std::int64_t small, const char* smallUnit)
{
    return QStringLiteral("%1%2%3 %4%2%5")
        .arg(big)
        .arg(kNarrowSpace)
        .arg(QLatin1String(bigUnit))
        .arg(small, 2, 10, QLatin1Char('0'))
        .arg(QLatin1String(smallUnit));
}

QDateTime toDateTime(ServerTime time, TimeZone zone)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(time), zone == TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
}

} // namespace

QString notApplicable()
{
    return QStringLiteral("–");
}

QString exact(std::uint64_t value)
{
    QString text = QString::number(value);
    for (qsizetype at = text.size() - 3; at > 0; at -= 3)
        text.insert(at, kNarrowSpace);
    return text;
}

QString count(double value)
{
    return scaledBy1000(value, kCountUnits, true);
}

QString bareRate(std::optional<double> perSecond)
{
    return perSecond ? scaledBy1000(*perSecond, kCountUnits, *perSecond >= 99.95) : notApplicable();
}

QString rate(std::optional<double> perSecond)
{
    return perSecond ? bareRate(perSecond) + QStringLiteral("/s") : notApplicable();
}

QString bytes(double value)
{
    return scaledBy1000(value, kByteUnits, true);
}

QString byteRate(std::optional<double> perSecond)
{
    return perSecond ? bytes(*perSecond) + QStringLiteral("/s") : notApplicable();
}

QString duration(std::optional<double> seconds)
{
    if (!seconds || std::isnan(*seconds))
        return notApplicable();
    if (*seconds <= 0)
        return QStringLiteral("0%1s").arg(kNarrowSpace);
    if (*seconds < 1)
        return QStringLiteral("< 1%1s").arg(kNarrowSpace);
    if (*seconds > 1e15)
        return QStringLiteral("never");
    const auto whole = static_cast<std::int64_t>(*seconds);
    if (whole < 60)
        return QStringLiteral("%1%2s").arg(whole).arg(kNarrowSpace);
    if (whole < 3600)
        return twoUnits(whole / 60, "m", whole % 60, "s");
    if (whole < 86'400)
        return twoUnits(whole / 3600, "h", whole % 3600 / 60, "m");
    return twoUnits(whole / 86'400, "d", whole % 86'400 / 3600, "h");
}

QString preciseDuration(std::optional<double> seconds)
{
    if (!seconds || !(*seconds > 0) || *seconds >= 59.995)
        return duration(seconds);
    if (*seconds < 0.000'9995)
        return QStringLiteral("%1%2µs").arg(*seconds * 1e6, 0, 'f', 0).arg(kNarrowSpace);
    if (*seconds < 0.9995)
        return QStringLiteral("%1%2ms")
            .arg(*seconds * 1e3, 0, 'f', *seconds < 0.00995 ? 1 : 0)
            .arg(kNarrowSpace);
    return threeDigits(*seconds) + kNarrowSpace + QLatin1Char('s');
}

QString percent(double share)
{
    return QStringLiteral("%1%2%").arg(qRound(share * 100)).arg(kNarrowSpace);
}

QString clockTime(ServerTime time, TimeZone zone)
{
    const QDateTime moment = toDateTime(time, zone);
    const QDateTime now =
        zone == TimeZone::Utc ? QDateTime::currentDateTimeUtc() : QDateTime::currentDateTime();
    return moment.toString(moment.date() == now.date() ? QStringLiteral("HH:mm:ss")
                                                       : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString detailTime(ServerTime time, TimeZone zone)
{
    return toDateTime(time, zone).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz t"));
}

QString shown(std::string_view text)
{
    return QString::fromStdString(safeForDisplay(text));
}

} // namespace jetlag::ui
