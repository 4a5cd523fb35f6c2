// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/head_reader.h"

#include "ui/theme/number_format.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

/// Advisories are kept of so many messages; those of the lowest sequences go first.
constexpr std::size_t kMostTold = 1'000;

bool isDue(const QElapsedTimer& since)
{
    return !since.isValid() || since.hasExpired(std::chrono::milliseconds(HeadReader::kAgain).count());
}

} // namespace

HeadReader::HeadReader(EventsService& events, QObject* parent)
    : QObject(parent)
    , m_events(events)
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &HeadReader::readHead);
}

void HeadReader::open(std::shared_ptr<ServerLink> server, std::string stream, std::string collector)
{
    if (server == m_server && stream == m_stream && collector == m_collector)
        return;
    stop();
    m_server = std::move(server);
    m_stream = std::move(stream);
    m_collector = std::move(collector);
    m_known = {};
    m_gaps.clear();
    m_gapsKnown = false;
    m_problem.clear();
    m_read = {};
    m_deleted = m_deletedAsked = 0;
    m_sinceRead.invalidate();
    m_sinceGaps.invalidate();
}

void HeadReader::stop()
{
    m_rest.stop();
    m_reader.stop();
    if (m_gapsWatch)
        m_gapsWatch->cancel();
    m_gapsWatch.reset();
    m_wanted = {};
}

HeadReader::Range HeadReader::rangeOf(const OffsetFacts& facts, const HeadWindow& window) const
{
    if (facts.isEmpty() || window.count == 0)
        return {};
    Range range{.from = std::max(window.from, facts.first),
                .to = std::min(window.to(), facts.last),
                .deleted = facts.deleted};
    if (range.to < range.from)
        return {};
    // Large messages: fewer of them, from where the head begins.
    const std::uint64_t most = facts.meanBytes == 0 ? window.count : kMostBytes / facts.meanBytes;
    if (countBetween(range.from, range.to) > most) {
        const StreamSequence head = std::clamp(facts.ackFloor.next(), range.from, range.to);
        range.from = std::max(range.from, head.previous());
        range.to =
            std::min(range.to, StreamSequence(range.from.value() + std::max<std::uint64_t>(most, 2) - 1));
    }
    return range;
}

void HeadReader::want(const OffsetFacts& facts, const HeadWindow& window, bool isWanted)
{
    if (!m_server)
        return;
    m_deleted = facts.deleted;
    readGaps();
    const Range range = rangeOf(facts, window);
    const bool isElsewhere = range.from != m_wanted.from;
    m_wanted = range;
    const bool failed = !m_problem.isEmpty() && isDue(m_sinceRead);
    if (range.to.isZero() || (range == m_read && !failed))
        return;
    // More came or went at the same place: not with every look.
    if (range.from == m_read.from && !isDue(m_sinceRead))
        return;
    if (isElsewhere || (!m_rest.isActive() && !m_reader.isReading()))
        m_rest.start(isWanted ? kRestOfWanted : kRest);
}

void HeadReader::readHead()
{
    if (m_wanted.to.isZero() || !m_server)
        return;
    const Range range = m_wanted;
    m_reader.read(m_events,
                  {.server = m_server,
                   .stream = m_stream,
                   .range = {.from = range.from, .to = range.to},
                   .count = countBetween(range.from, range.to)},
                  /*mostBytes=*/0,
                  [this, range](Result<MessageReader::Messages> read) { takeHead(range, std::move(read)); });
}

void HeadReader::takeHead(const Range& range, Result<MessageReader::Messages> read)
{
    m_sinceRead.start();
    m_read = range;
    if (!read) {
        m_problem = shown(read.error().message());
        emit changed();
        return;
    }
    m_problem.clear();
    m_known.from = range.from;
    m_known.to = range.to;
    m_known.messages.clear();
    for (StoredMessage& message : *read)
        m_known.messages.push_back({.sequence = message.sequence,
                                    .time = message.time,
                                    .subject = std::move(message.subject),
                                    .bytes = message.bytes});
    emit changed();
}

void HeadReader::readGaps()
{
    if (m_deleted == 0 || m_deleted > kMostDeletedAsked) {
        m_gapsKnown = m_deleted == 0;
        m_gaps.clear();
        return;
    }
    if (m_gapsWatch || !isDue(m_sinceGaps) || (m_gapsKnown && m_deletedAsked == m_deleted))
        return;
    m_deletedAsked = m_deleted;
    m_sinceGaps.start();
    m_gapsWatch = std::make_unique<JobWatch<std::vector<SequenceGap>>>(
        m_events.deleted(m_server, m_stream), [this](Result<std::vector<SequenceGap>> gaps) {
            const auto over = std::move(m_gapsWatch); // until the end: this runs inside it
            if (gaps) {
                m_gaps = std::move(*gaps);
                m_gapsKnown = true;
            } else {
                m_gapsKnown = false;
                m_problem = shown(gaps.error().message());
            }
            emit changed();
        });
}

void HeadReader::learn(std::span<const Advisory> advisories)
{
    for (const Advisory& advisory : advisories) {
        if (advisory.sequence == 0 || advisory.stream != m_stream || advisory.consumer != m_collector)
            continue;
        if (advisory.kind == "nak" || advisory.kind == "max_deliver")
            m_known.deliveries[advisory.sequence] = advisory.deliveries;
        else if (advisory.kind == "terminated")
            m_known.deliveries.erase(advisory.sequence);
    }
    while (m_known.deliveries.size() > kMostTold)
        m_known.deliveries.erase(m_known.deliveries.begin());
}

} // namespace jetlag::ui
