// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/held_reader.h"

#include "ui/theme/number_format.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr std::size_t kMostBytes = 512; // of a body: a line of a table

} // namespace

HeldReader::HeldReader(EventsService& events, std::uint64_t most, QObject* parent)
    : QObject(parent)
    , m_events(events)
    , m_most(most)
{}

void HeldReader::follow(const std::shared_ptr<ServerLink>& server, const CollectorReport& row,
                        StreamSequence from)
{
    ConsumerName name{row.consumer.stream, row.consumer.name};
    if (name != m_name || (server && server != m_server)) {
        rest();
        m_server = server;
        m_name = std::move(name);
        m_messages.clear();
        m_problem.clear();
        m_hasRead = false;
        m_readAt.reset();
        emit changed();
    }
    if (server && !m_reader.isReading() && isDue(row, from))
        read(row, from);
}

std::optional<double> HeldReader::ageSeconds() const
{
    if (!m_readAt)
        return std::nullopt;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - *m_readAt).count();
}

void HeldReader::setPauses(std::chrono::milliseconds ofMoving, std::chrono::milliseconds ofFailed)
{
    m_pause = ofMoving;
    m_pauseOfFailed = ofFailed;
}

void HeldReader::rest()
{
    if (m_reader.isReading())
        m_readAt.reset(); // its answer never comes
    m_reader.stop();
}

// What stands still is read once: the same place, and as many messages as there can be.
bool HeldReader::isDue(const CollectorReport& row, StreamSequence from) const
{
    if (row.consumer.stale)
        return false;
    if (!m_readAt)
        return true;
    const auto since = std::chrono::steady_clock::now() - *m_readAt;
    if (!m_problem.isEmpty())
        return since >= m_pauseOfFailed;
    const bool standsStill = from == m_from && row.lag == m_lag;
    const bool isFull = from == m_from && m_messages.size() == m_most;
    return !standsStill && !isFull && (since >= m_pause || isHalfOver(from));
}

// Acked or deleted: such a list tells of little but the past.
bool HeldReader::isHalfOver(StreamSequence from) const
{
    const auto over = std::ranges::count_if(
        m_messages, [from](const StoredMessage& message) { return message.sequence < from; });
    return over > 0 && 2 * static_cast<std::size_t>(over) >= m_messages.size();
}

void HeldReader::read(const CollectorReport& row, StreamSequence from)
{
    m_from = from;
    m_lag = row.lag;
    m_readAt = std::chrono::steady_clock::now();
    m_reader.read(m_events,
                  {.server = m_server,
                   .stream = row.consumer.stream,
                   .range = {.from = from},
                   .filters = row.consumer.filters,
                   .count = m_most},
                  kMostBytes, [this](Result<MessageReader::Messages> read) { take(std::move(read)); });
}

void HeldReader::take(Result<MessageReader::Messages> read)
{
    m_hasRead = true;
    m_problem = read ? QString() : shown(read.error().message());
    m_messages = read ? std::move(*read) : std::vector<StoredMessage>();
    emit changed();
}

} // namespace jetlag::ui
