// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/remembered_connections.h"

#include "model/base/text.h"

#include <QScopedValueRollback>
#include <QSettings>

namespace jetlag::ui {

namespace {

constexpr auto kOpenKey = "connections/open";
constexpr auto kShownKey = "connections/shown";
constexpr std::string_view kContext = "context ";
constexpr std::string_view kServer = "server ";

// Names may hold any byte, settings may not.
QString encoded(std::string_view kind, const std::string& name)
{
    return QString::fromStdString(std::string(kind) + percentEncode(name, "_.-:/,"));
}

/// Empty: it is not remembered.
QString wordOf(const LiveSession& session)
{
    if (session.isBlank() || session.isMakeshift() || session.isDemo())
        return {};
    const ConnectionRequest& request = session.request();
    if (request.server)
        return request.server->find('@') == std::string::npos ? encoded(kServer, *request.server) : QString();
    if (request.context)
        return encoded(kContext, *request.context);
    const std::string& key = session.key(); // what the choice fell on, so that it stays
    return key.find("://") == std::string::npos ? encoded(kContext, key) : encoded(kServer, key);
}

std::optional<ConnectionRequest> requestOf(const QString& word)
{
    const std::string text = word.toStdString();
    for (const std::string_view kind : {kContext, kServer}) {
        if (!text.starts_with(kind))
            continue;
        std::string name = percentDecode(std::string_view(text).substr(kind.size()));
        if (name.empty())
            return std::nullopt;
        return kind == kContext ? ConnectionRequest{.context = std::move(name), .server = {}}
                                : ConnectionRequest{.context = {}, .server = std::move(name)};
    }
    return std::nullopt;
}

} // namespace

RememberedConnections::RememberedConnections(LiveSessions& sessions)
    : m_sessions(sessions)
{
    connect(&sessions, &LiveSessions::openChanged, this, &RememberedConnections::remember);
    connect(&sessions, &LiveSessions::currentChanged, this, &RememberedConnections::remember);
    connect(&sessions, &LiveSessions::changed, this, &RememberedConnections::remember);
}

bool RememberedConnections::restore()
{
    const QSettings settings;
    const QString shownWord = settings.value(QLatin1String(kShownKey)).toString();
    LiveSession* toShow = nullptr;
    {
        const QScopedValueRollback restoring(m_restores, true);
        for (const QString& word : settings.value(QLatin1String(kOpenKey)).toStringList()) {
            const std::optional<ConnectionRequest> request = requestOf(word);
            if (!request)
                continue; // somebody edited it
            LiveSession& session = m_sessions.open(*request, LiveSessions::Then::StayInTheBackground);
            if (toShow == nullptr || word == shownWord)
                toShow = &session;
        }
        if (toShow != nullptr)
            m_sessions.setCurrent(*toShow);
    }
    remember();
    return toShow != nullptr;
}

void RememberedConnections::remember()
{
    if (m_restores)
        return;
    QStringList words;
    for (const LiveSession* session : m_sessions.open()) {
        if (const QString word = wordOf(*session); !word.isEmpty())
            words << word;
    }
    const QString shownWord = wordOf(m_sessions.current());
    QStringList wanted{shownWord};
    wanted += words;
    if (wanted == m_written)
        return;
    m_written = wanted;
    QSettings settings;
    settings.setValue(QLatin1String(kOpenKey), words);
    settings.setValue(QLatin1String(kShownKey), shownWord);
}

} // namespace jetlag::ui
