#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/sequence.h"

#include <deque>
#include <span>
#include <vector>

namespace jetlag {

/// What was handed over and must still be acked, by position. Under ack-all the newest position at or below a
/// checkpoint acks all before it; explicitly, each is acked. Knows no network; the source guards it.
class PendingAcks final
{
public:
    /// Of a message acked explicitly, when its consumer sequence is not known: the server looks it up by
    /// stream sequence. No message has this one, so an ack that comes twice does not pass for the floor's
    /// next.
    static constexpr ConsumerSequence kByStreamSequence{0};

    explicit PendingAcks(bool ackAll)
        : m_ackAll(ackAll)
    {}

    void add(DeliveredPosition position) { m_positions.push_back(position); }
    /// Under ack-all: positions of before a break or a hole are worth nothing, the consumer may count anew.
    void clear() { m_positions.clear(); }
    /// Explicitly acked ones stay owed after a break, for nobody else acks them; but the server may have come
    /// back with an older state: what it has not delivered in it, it delivers again. Nor do its consumer
    /// sequences hold any more.
    void keepDelivered(StreamSequence delivered)
    {
        std::erase_if(m_positions,
                      [delivered](const DeliveredPosition& position) { return position.stream > delivered; });
        for (DeliveredPosition& position : m_positions)
            position.consumer = kByStreamSequence;
    }

    /// The positions to ack now that everything at or below `checkpoint` is safe; they are forgotten.
    [[nodiscard]] std::vector<DeliveredPosition> take(StreamSequence checkpoint)
    {
        std::vector<DeliveredPosition> due;
        while (!m_positions.empty() && m_positions.front().stream <= checkpoint) {
            if (m_ackAll)
                due.clear();
            due.push_back(m_positions.front());
            m_positions.pop_front();
        }
        return due;
    }
    /// Some that were taken and could not be sent.
    void giveBack(std::span<const DeliveredPosition> positions)
    {
        m_positions.insert(m_positions.begin(), positions.begin(), positions.end());
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_positions.size(); }

private:
    bool m_ackAll;
    std::deque<DeliveredPosition> m_positions;
};

} // namespace jetlag
