// SPDX-License-Identifier: Apache-2.0
#include "ui/window/footprint_words.h"

#include "ui/bridge/live_sessions.h"
#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"

#include <QObject>
#include <QStringList>

namespace jetlag::ui {

namespace {

void add(std::optional<double>& sum, const std::optional<double>& value)
{
    if (value)
        sum = sum.value_or(0) + *value;
}

QString totalWords(const Footprint& total)
{
    return QObject::tr("%1 requests and %2 so far, %3 consumers created")
        .arg(exact(total.requests), bytes(static_cast<double>(total.bytesSent + total.bytesReceived)))
        .arg(total.consumersCreated);
}

} // namespace

QString footprintWords(const LiveSessions& sessions)
{
    std::optional<double> requests;
    std::optional<double> bytesBothWays;
    std::uint64_t consumers = 0;
    int connections = 0;
    for (const LiveSession* session : sessions.open()) {
        if (!session->link())
            continue;
        ++connections;
        add(requests, session->footprint().requestsPerSecond());
        add(bytesBothWays, session->footprint().bytesPerSecond());
        consumers += session->footprint().total().consumersCreated;
    }
    if (connections == 0)
        return {};
    const QString title =
        connections == 1 ? QObject::tr("footprint") : QObject::tr("footprint of %1:").arg(connections);
    return QObject::tr("%1 %2 req/s · %3 · %4 consumers")
        .arg(title, bareRate(requests), byteRate(bytesBothWays))
        .arg(consumers);
}

QString aboutFootprint(const LiveSessions& sessions)
{
    QStringList lines{
        QObject::tr("What Jetlag itself costs the servers. It creates no consumers and acks nothing.")};
    for (const LiveSession* session : sessions.open()) {
        if (session->link())
            lines << QObject::tr("%1: %2").arg(session->name(), totalWords(session->footprint().total()));
    }
    return plainToolTip(lines.join(QLatin1Char('\n')));
}

} // namespace jetlag::ui
