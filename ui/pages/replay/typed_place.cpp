// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/typed_place.h"

#include "model/service/position.h"

#include <QDateTime>
#include <QObject>

#include <variant>

namespace jetlag::ui {

std::optional<ServerTime> momentOf(const QString& text, ServerTime now)
{
    const QByteArray bytes = text.trimmed().toUtf8();
    if (const Result<Position> position = parsePosition(bytes.toStdString(), now)) {
        if (const auto* time = std::get_if<ServerTime>(&*position))
            return *time;
        return std::nullopt; // digits alone are a sequence
    }
    QDateTime local;
    for (const QString& format : {QStringLiteral("yyyy-MM-dd HH:mm:ss"), QStringLiteral("yyyy-MM-dd HH:mm"),
                                  QStringLiteral("yyyy-MM-dd")}) {
        if (!local.isValid())
            local = QDateTime::fromString(text.trimmed(), format);
    }
    for (const QString& format : {QStringLiteral("HH:mm:ss"), QStringLiteral("HH:mm")}) {
        const QTime time = QTime::fromString(text.trimmed(), format);
        if (!local.isValid() && time.isValid()) {
            const auto today = std::chrono::time_point_cast<std::chrono::milliseconds>(now);
            local = QDateTime(QDateTime::fromMSecsSinceEpoch(today.time_since_epoch().count()).date(), time);
        }
    }
    if (!local.isValid())
        return std::nullopt;
    return ServerTime(std::chrono::milliseconds(local.toMSecsSinceEpoch()));
}

QString wrongTime()
{
    return QObject::tr("Give a time such as 2026-11-23 21:57:22 (local), 2026-11-23T20:57:22Z or -5m.");
}

QString wrongSequence(SourceKind source)
{
    return source == SourceKind::Logs ? QObject::tr("Give the number of a record, from 1 on.")
                                      : QObject::tr("Give a sequence: digits, from 1 on.");
}

std::optional<StreamSequence> sequenceOf(const QString& text)
{
    QString digits;
    for (const QChar c : text) {
        if (!c.isSpace())
            digits += c;
    }
    bool good = false;
    const qulonglong value = digits.toULongLong(&good);
    return good && value > 0 ? std::optional(StreamSequence(value)) : std::nullopt;
}

std::optional<StreamSequence> sequenceNear(ServerTime time, const SourceFacts& facts)
{
    if (!facts.first || !facts.last || !facts.firstTime || !facts.lastTime)
        return std::nullopt;
    if (time <= *facts.firstTime || *facts.lastTime <= *facts.firstTime)
        return facts.first;
    if (time >= *facts.lastTime)
        return facts.last;
    const double share = std::chrono::duration<double>(time - *facts.firstTime) /
                         std::chrono::duration<double>(*facts.lastTime - *facts.firstTime);
    const double span = static_cast<double>(facts.last->value() - facts.first->value());
    return StreamSequence(facts.first->value() + static_cast<std::uint64_t>(share * span));
}

} // namespace jetlag::ui
