// SPDX-License-Identifier: Apache-2.0
#include "ui/models/cell_format.h"

#include "model/service/result_format.h"
#include "ui/theme/number_format.h"

#include <QHash>

#include <cmath>

namespace jetlag::ui {

namespace {

constexpr std::size_t kTextShown = 300; // more never fits into a column
constexpr std::size_t kTipShown = 2'000;

/// The beginning, without a torn character at its end.
std::string_view beginning(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

QString words(std::string_view text, std::size_t most)
{
    const QString start = shown(beginning(text, most));
    return text.size() > most ? start + QChar(0x2026) : start;
}

QString whole(std::int64_t value)
{
    return value < 0 ? QChar(0x2212) + exact(0 - static_cast<std::uint64_t>(value))
                     : exact(static_cast<std::uint64_t>(value));
}

QString decimal(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 6) : notApplicable();
}

QString withUnit(double value, Unit unit)
{
    switch (unit) {
    case Unit::Milliseconds:
        return preciseDuration(value / 1e3);
    case Unit::Nanoseconds:
        return preciseDuration(value / 1e9);
    case Unit::Bytes:
        return bytes(value);
    case Unit::UnixMillis:
        return clockTime(ServerTime(std::chrono::milliseconds(static_cast<std::int64_t>(value))));
    case Unit::None:
    case Unit::Count:
        break;
    }
    return {};
}

bool hasOwnForm(Unit unit)
{
    return unit != Unit::None && unit != Unit::Count;
}

struct ToText
{
    Unit unit;
    std::size_t most;

    QString operator()(std::monostate) const { return notApplicable(); }
    QString operator()(bool value) const { return value ? QStringLiteral("yes") : QStringLiteral("no"); }
    QString operator()(std::int64_t value) const
    {
        return hasOwnForm(unit) ? withUnit(static_cast<double>(value), unit) : whole(value);
    }
    QString operator()(std::uint64_t value) const
    {
        return hasOwnForm(unit) ? withUnit(static_cast<double>(value), unit) : exact(value);
    }
    QString operator()(double value) const
    {
        return hasOwnForm(unit) && std::isfinite(value) ? withUnit(value, unit) : decimal(value);
    }
    QString operator()(const std::string& value) const { return words(value, most); }
    QString operator()(const std::vector<std::string>& values) const
    {
        std::string joined;
        for (const std::string& value : values) {
            joined += joined.empty() ? "" : ", ";
            joined += value;
            if (joined.size() > most)
                break;
        }
        return values.empty() ? QString() : words(joined, most);
    }
    QString operator()(const std::vector<std::int64_t>& values) const
    {
        QString joined;
        for (const std::int64_t value : values) {
            joined += joined.isEmpty() ? QString() : QStringLiteral(", ");
            joined += QString::number(value);
            if (static_cast<std::size_t>(joined.size()) > most)
                return joined + QChar(0x2026);
        }
        return joined;
    }
};

std::optional<std::int64_t> integer(const Cell& cell)
{
    if (const auto* value = std::get_if<std::int64_t>(&cell))
        return *value;
    if (const auto* value = std::get_if<std::uint64_t>(&cell))
        return static_cast<std::int64_t>(*value);
    return std::nullopt;
}

QString exactly(const Cell& cell, Unit unit)
{
    const std::optional<std::int64_t> value = integer(cell);
    if (!value)
        return std::visit(ToText{Unit::None, kTipShown}, cell);
    switch (unit) {
    case Unit::UnixMillis:
        return QStringLiteral("%1\n%2 ms since 1970")
            .arg(detailTime(ServerTime(std::chrono::milliseconds(*value))))
            .arg(*value);
    case Unit::Milliseconds:
        return whole(*value) + QStringLiteral(" ms");
    case Unit::Nanoseconds:
        return whole(*value) + QStringLiteral(" ns");
    case Unit::Bytes:
        return whole(*value) + QStringLiteral(" bytes");
    case Unit::None:
    case Unit::Count:
        break;
    }
    return std::visit(ToText{Unit::None, kTipShown}, cell);
}

double numberOf(const Cell& cell)
{
    if (const auto* value = std::get_if<std::int64_t>(&cell))
        return static_cast<double>(*value);
    if (const auto* value = std::get_if<std::uint64_t>(&cell))
        return static_cast<double>(*value);
    return std::get<double>(cell);
}

} // namespace

QString cellShown(const Cell& cell, Unit unit)
{
    return std::visit(ToText{unit, kTextShown}, cell);
}

QString cellTip(const Cell& cell, const Column& column)
{
    return QStringLiteral("%1\n%2").arg(shown(column.name), isUnknown(cell) ? QStringLiteral("unknown")
                                                                            : exactly(cell, column.unit));
}

QString columnTitle(const std::string& name)
{
    static const QHash<QString, QString> abbreviations{
        {QStringLiteral("sql"), QStringLiteral("SQL")},
        {QStringLiteral("jvmGcTime"), QStringLiteral("JVM GC time")}};
    QString text = QString::fromStdString(name);
    if (const auto known = abbreviations.find(text); known != abbreviations.end())
        return *known;
    if (text.size() > 3 && text.startsWith(QLatin1String("num")) && text[3].isUpper())
        text.remove(0, 3);
    QString title;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar c = text[at];
        const bool startsWord = at > 0 && c.isUpper() && !text[at - 1].isUpper();
        const bool inAbbreviation = c.isUpper() && ((at > 0 && text[at - 1].isUpper()) ||
                                                    (at + 1 < text.size() && text[at + 1].isUpper()));
        if (startsWord)
            title += QLatin1Char(' ');
        // "GCTime": the last capital of a run begins the next word.
        if (at > 1 && c.isUpper() && text[at - 1].isUpper() && at + 1 < text.size() && text[at + 1].isLower())
            title += QLatin1Char(' ') + c.toLower();
        else
            title += at == 0 ? c.toUpper() : inAbbreviation ? c : c.toLower();
    }
    return title;
}

bool isUnknown(const Cell& cell)
{
    const auto* number = std::get_if<double>(&cell);
    return std::holds_alternative<std::monostate>(cell) || (number != nullptr && !std::isfinite(*number));
}

bool isNumber(const Cell& cell)
{
    return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<std::uint64_t>(cell) ||
           std::holds_alternative<double>(cell);
}

int compareCells(const Cell& a, const Cell& b)
{
    const bool unknownA = isUnknown(a);
    const bool unknownB = isUnknown(b);
    if (unknownA || unknownB)
        return static_cast<int>(unknownA) - static_cast<int>(unknownB);
    if (a.index() != b.index() && isNumber(a) && isNumber(b)) {
        const double x = numberOf(a);
        const double y = numberOf(b);
        return x < y ? -1 : y < x ? 1 : 0;
    }
    return a < b ? -1 : b < a ? 1 : 0;
}

} // namespace jetlag::ui
