// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/collector_notes.h"

#include "model/base/text.h"

#include <QSettings>

namespace jetlag::ui {

namespace {

constexpr std::string_view kPlain = "_.-";

// Names may hold any byte, settings may not.
QString wordOf(const ConsumerName& name)
{
    return QString::fromStdString(percentEncode(name.stream, kPlain) + '/' +
                                  percentEncode(name.name, kPlain));
}

QString wordOf(const DeadLetterKey& key)
{
    return wordOf(ConsumerName{key.stream, key.collector}) + QLatin1Char('/') + QString::number(key.sequence);
}

} // namespace

QString CollectorNotes::settingsKey(const char* what) const
{
    const std::string name = percentEncode(m_connection, kPlain);
    return QStringLiteral("notes/%1/%2").arg(QString::fromStdString(name), QLatin1String(what));
}

void CollectorNotes::open(const std::string& connection)
{
    m_connection = connection;
    const QSettings settings;
    const QStringList muted = settings.value(settingsKey("muted")).toStringList();
    m_muted = QSet<QString>(muted.begin(), muted.end());
    m_reviewed = settings.value(settingsKey("reviewed")).toStringList();
    m_reviewedSet = QSet<QString>(m_reviewed.begin(), m_reviewed.end());
}

bool CollectorNotes::isMuted(const ConsumerName& collector) const
{
    return m_muted.contains(wordOf(collector));
}

void CollectorNotes::setMuted(std::span<const ConsumerName> collectors, bool muted)
{
    for (const ConsumerName& collector : collectors) {
        if (muted)
            m_muted.insert(wordOf(collector));
        else
            m_muted.remove(wordOf(collector));
    }
    QSettings().setValue(settingsKey("muted"), QStringList(m_muted.begin(), m_muted.end()));
}

bool CollectorNotes::isReviewed(const DeadLetterKey& letter) const
{
    return m_reviewedSet.contains(wordOf(letter));
}

void CollectorNotes::setReviewed(const DeadLetterKey& letter, bool reviewed)
{
    const QString word = wordOf(letter);
    if (reviewed == m_reviewedSet.contains(word))
        return;
    if (reviewed) {
        m_reviewed << word;
        m_reviewedSet.insert(word);
    } else {
        m_reviewed.removeAll(word);
        m_reviewedSet.remove(word);
    }
    while (m_reviewed.size() > kMostReviewed)
        m_reviewedSet.remove(m_reviewed.takeFirst());
    QSettings().setValue(settingsKey("reviewed"), m_reviewed);
}

} // namespace jetlag::ui
