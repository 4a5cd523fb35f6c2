#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/sequence.h"

#include <deque>
#include <vector>

namespace jetlag {

/// What was handed over and must still be acked, by position. Under ack-all the newest position at or below a
/// checkpoint acks all before it; explicitly, each is acked. Knows no network; the source guards it.
class PendingAcks final
{
public:
    explicit PendingAcks(bool ackAll)
        : m_ackAll(ackAll)
    {}

    void add(DeliveredPosition position) { m_positions.push_back(position); }
    /// Replies of a broken connection, or of before a hole, are worth nothing.
    void clear() { m_positions.clear(); }

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
    [[nodiscard]] std::size_t size() const noexcept { return m_positions.size(); }

private:
    bool m_ackAll;
    std::deque<DeliveredPosition> m_positions;
};

} // namespace jetlag
