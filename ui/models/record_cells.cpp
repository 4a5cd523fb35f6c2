// SPDX-License-Identifier: Apache-2.0
#include "ui/models/record_cells.h"

#include "ui/theme/number_format.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

RecordCell counted(const QString& text, std::uint64_t value)
{
    return {.text = text, .sort = QVariant::fromValue<qulonglong>(value), .exact = QString::number(value)};
}

RecordCell measured(const QString& text, const std::optional<double>& value)
{
    if (!value)
        return {.text = text};
    return {.text = text, .sort = *value, .exact = QString::number(*value, 'f', 3)};
}

} // namespace

RecordCell numberCell(std::uint64_t value)
{
    return counted(count(static_cast<double>(value)), value);
}

RecordCell sequenceCell(std::uint64_t value)
{
    return counted(exact(value), value);
}

RecordCell bytesCell(std::uint64_t value)
{
    return counted(bytes(static_cast<double>(value)), value);
}

RecordCell rateCell(const std::optional<double>& perSecond)
{
    return measured(bareRate(perSecond), perSecond);
}

RecordCell byteRateCell(const std::optional<double>& perSecond)
{
    return measured(byteRate(perSecond), perSecond);
}

RecordCell wordsCell(const QString& text, std::optional<QColor> ink)
{
    return {.text = text.isEmpty() ? notApplicable() : text, .sort = text, .ink = ink};
}

RecordCell replicasCell(const PlacementSnapshot& placement)
{
    const auto offline = std::count_if(placement.replicas.begin(), placement.replicas.end(),
                                       [](const ReplicaSnapshot& replica) { return replica.offline; });
    const std::size_t all = placement.replicas.size() + 1;
    return {.text = offline == 0 ? QString::number(all) : QObject::tr("%1, %2 offline").arg(all).arg(offline),
            .sort = QVariant::fromValue<qulonglong>(all)};
}

QString plainToolTip(const QString& text)
{
    return QStringLiteral("<qt>%1</qt>")
        .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br/>")));
}

QString sampleToolTip(const RecordCell& cell, const QString& title, const QString& field, ServerTime at,
                      const QString& server, bool stale)
{
    const QString value = cell.exact.isEmpty() ? cell.text : cell.exact;
    QStringList lines{value.isEmpty() ? title : QObject::tr("%1: %2").arg(title, value)};
    if (!cell.note.isEmpty())
        lines << cell.note;
    if (!field.isEmpty())
        lines << field;
    lines << QObject::tr("sampled %1, answered by %2").arg(detailTime(at), server);
    if (stale)
        lines << QObject::tr("old: it was not told this time");
    return plainToolTip(lines.join(QLatin1Char('\n')));
}

} // namespace jetlag::ui
