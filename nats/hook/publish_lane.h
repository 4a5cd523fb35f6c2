#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/handles.h"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace jetlag {

/// The messages of one source that JetStream has not confirmed yet, in file order. Knows nothing of time
/// and network: the publisher sends, this remembers.
///
///     released      first un-acked                    next
///     ───────────┼────────┬─────────┬────────┬───────────▶ numbers, from 0
///                │ in     │ acked   │ not    │
///                │ flight │ early   │        │
///
/// One thread.
class PublishLane final
{
public:
    /// Takes a message that was just sent; returns its number.
    std::uint64_t append(MessageHandle message, std::size_t bytes, bool endsRecord);

    /// JetStream has the message. False when that was known (or the number was never given out).
    bool acked(std::uint64_t number);
    /// JetStream did not take the message. False when it is not in flight.
    bool refused(std::uint64_t number);

    /// Everything un-acked counts as not sent: the connection it was sent on is gone, or no answer came.
    void nothingInFlight() noexcept;
    /// Calls `send(natsMsg*)` for un-acked messages that are not in flight, in order, at most `most` of them,
    /// until it returns false. Those sent are in flight again.
    template <typename Send>
    void resend(std::size_t most, Send send)
    {
        for (Entry& entry : m_entries) {
            if (most == 0)
                return;
            if (entry.state != State::NotSent)
                continue;
            if (!send(entry.message.get()))
                return;
            entry.state = State::InFlight;
            ++m_inFlight;
            --most;
        }
    }

    [[nodiscard]] bool empty() const noexcept { return m_entries.empty(); }
    [[nodiscard]] std::size_t inFlight() const noexcept { return m_inFlight; }
    /// Records of which at least one message is not acked, or waits for one before it.
    [[nodiscard]] std::size_t outstandingRecords() const noexcept { return m_records; }
    [[nodiscard]] std::size_t outstandingBytes() const noexcept { return m_bytes; }
    [[nodiscard]] std::size_t outstandingMessages() const noexcept { return m_unacked; }
    [[nodiscard]] std::uint64_t nextNumber() const noexcept { return m_firstNumber + m_entries.size(); }
    /// Records acked with everything before them, since the lane began.
    [[nodiscard]] std::uint64_t ackedRecords() const noexcept { return m_ackedRecords; }
    /// The first message that is not acked, or null.
    [[nodiscard]] natsMsg* first() const noexcept;

    /// Forgets what is outstanding: it will never be acked.
    void abandon() noexcept;

private:
    enum class State : std::uint8_t { InFlight, Acked, NotSent };
    struct Entry
    {
        MessageHandle message; // null once acked
        std::uint32_t bytes = 0;
        State state = State::InFlight;
        bool endsRecord = false;
    };

    std::deque<Entry> m_entries; // the front one is not acked
    std::uint64_t m_firstNumber = 0;
    std::size_t m_inFlight = 0;
    std::size_t m_unacked = 0;
    std::size_t m_records = 0;
    std::size_t m_bytes = 0;
    std::uint64_t m_ackedRecords = 0;
};

} // namespace jetlag
