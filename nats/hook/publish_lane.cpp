// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/publish_lane.h"

#include <utility>

namespace jetlag {

std::uint64_t PublishLane::append(MessageHandle message, std::size_t bytes, bool endsRecord)
{
    Entry& entry = m_entries.emplace_back();
    entry.message = std::move(message);
    entry.bytes = static_cast<std::uint32_t>(bytes);
    entry.endsRecord = endsRecord;
    ++m_inFlight;
    ++m_unacked;
    m_bytes += bytes;
    if (endsRecord)
        ++m_records;
    return m_firstNumber + m_entries.size() - 1;
}

bool PublishLane::acked(std::uint64_t number)
{
    if (number < m_firstNumber || number - m_firstNumber >= m_entries.size())
        return false;
    Entry& entry = m_entries[number - m_firstNumber];
    if (entry.state == State::Acked)
        return false;
    if (entry.state == State::InFlight)
        --m_inFlight;
    entry.state = State::Acked;
    entry.message.reset();
    --m_unacked;
    m_bytes -= entry.bytes;
    while (!m_entries.empty() && m_entries.front().state == State::Acked) {
        if (m_entries.front().endsRecord) {
            --m_records;
            ++m_ackedRecords;
        }
        m_entries.pop_front();
        ++m_firstNumber;
    }
    return true;
}

bool PublishLane::refused(std::uint64_t number)
{
    if (number < m_firstNumber || number - m_firstNumber >= m_entries.size())
        return false;
    Entry& entry = m_entries[number - m_firstNumber];
    if (entry.state != State::InFlight)
        return false;
    entry.state = State::NotSent;
    --m_inFlight;
    return true;
}

void PublishLane::nothingInFlight() noexcept
{
    for (Entry& entry : m_entries) {
        if (entry.state == State::InFlight)
            entry.state = State::NotSent;
    }
    m_inFlight = 0;
}

natsMsg* PublishLane::first() const noexcept
{
    return m_entries.empty() ? nullptr : m_entries.front().message.get();
}

void PublishLane::abandon() noexcept
{
    m_firstNumber += m_entries.size();
    m_entries.clear();
    m_inFlight = 0;
    m_unacked = 0;
    m_records = 0;
    m_bytes = 0;
}

} // namespace jetlag
