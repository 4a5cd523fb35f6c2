#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/advisory.h"
#include "ui/bridge/message_reader.h"
#include "ui/offsets/head_layout.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace jetlag::ui {

/// Learns which messages of a piece of a stream exist, when they were stored and under which subject, and
/// where the stream is full of holes. Costs little: what is enlarged is read when it has come to rest, and
/// again at most every kAgain; holes are asked for where there are few, as seldom. No consumer, no ack. UI
/// thread; nothing waits.
class HeadReader final : public QObject
{
    Q_OBJECT

public:
    /// Of a collector that flows nothing is read: its head is another one with every look.
    static constexpr std::chrono::milliseconds kRest{1'500};
    /// Somebody moved there to see it.
    static constexpr std::chrono::milliseconds kRestOfWanted{250};
    static constexpr std::chrono::seconds kAgain{10};
    /// Of one read: every message comes with its body.
    static constexpr std::uint64_t kMostBytes = 2'000'000;

    explicit HeadReader(EventsService& events, QObject* parent = nullptr);

    /// Another stream or collector: what was known is forgotten.
    void open(std::shared_ptr<ServerLink> server, std::string stream, std::string collector);
    /// With every report, and when the window moves. `isWanted`: somebody went there.
    void want(const OffsetFacts& facts, const HeadWindow& window, bool isWanted);
    void learn(std::span<const Advisory> advisories);
    /// Nobody looks any more; what is known stays.
    void stop();

    [[nodiscard]] const HeadKnowledge& known() const { return m_known; }
    [[nodiscard]] const std::vector<SequenceGap>& gaps() const { return m_gaps; }
    /// gaps() are those of the stream as it is now, or was a moment ago.
    [[nodiscard]] bool areGapsKnown() const { return m_gapsKnown; }
    /// Why single messages cannot be read; empty = they can.
    [[nodiscard]] QString problem() const { return m_problem; }

signals:
    void changed();

private:
    struct Range
    {
        StreamSequence from;
        StreamSequence to;
        std::uint64_t deleted = 0;
        bool operator==(const Range&) const = default;
    };
    [[nodiscard]] Range rangeOf(const OffsetFacts& facts, const HeadWindow& window) const;
    void readHead();
    void readGaps();
    void takeHead(const Range& range, Result<MessageReader::Messages> read);

    EventsService& m_events;
    std::shared_ptr<ServerLink> m_server;
    std::string m_stream;
    std::string m_collector;
    HeadKnowledge m_known;
    std::vector<SequenceGap> m_gaps;
    bool m_gapsKnown = false;
    QString m_problem;
    Range m_wanted; ///< `to` zero = nothing
    Range m_read;
    std::uint64_t m_deleted = 0;      ///< as the newest report tells
    std::uint64_t m_deletedAsked = 0; ///< when gaps were asked for
    QElapsedTimer m_sinceRead;
    QElapsedTimer m_sinceGaps;
    QTimer m_rest;
    MessageReader m_reader;
    std::unique_ptr<JobWatch<std::vector<SequenceGap>>> m_gapsWatch;
};

} // namespace jetlag::ui
