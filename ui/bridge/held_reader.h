#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/service/connection_service.h"
#include "ui/bridge/message_reader.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace jetlag::ui {

/// The first messages that a collector has not processed, with the begin of their bodies: read by get,
/// without a consumer and without an ack, and only while somebody follows. A collector that moves is read
/// anew every few seconds, or with the look at which half of what was read is acked or deleted, and one that
/// stands only once, so that looking costs its server next to nothing. What could not be read is tried again
/// after a minute: each refusal is a line in the server's log. UI thread.
class HeldReader final : public QObject
{
    Q_OBJECT

public:
    static constexpr double kPauseSeconds = 5; ///< between two reads of a collector that moves

    /// At most `most` messages are kept.
    HeldReader(EventsService& events, std::uint64_t most, QObject* parent = nullptr);

    /// To be called with each report while the messages are shown. `from`: the first one that is not
    /// processed. Without a server what was read of this collector stays.
    void follow(const std::shared_ptr<ServerLink>& server, const CollectorReport& row, StreamSequence from);
    /// How long a collector that moves is left alone, and one that could not be read.
    void setPauses(std::chrono::milliseconds ofMoving, std::chrono::milliseconds ofFailed);
    /// Nobody looks: what is being read is read again when somebody does, what was read stays.
    void rest();

    /// In the order of the stream; of the collector of the last follow().
    [[nodiscard]] const std::vector<StoredMessage>& messages() const { return m_messages; }
    /// Since they were asked for; nullopt = never.
    [[nodiscard]] std::optional<double> ageSeconds() const;
    /// Nothing was read yet for this collector.
    [[nodiscard]] bool isFirstRead() const { return !m_hasRead; }
    /// Why nothing could be read; empty where all is well.
    [[nodiscard]] QString problem() const { return m_problem; }

signals:
    void changed();

private:
    [[nodiscard]] bool isDue(const CollectorReport& row, StreamSequence from) const;
    [[nodiscard]] bool isHalfOver(StreamSequence from) const;
    void read(const CollectorReport& row, StreamSequence from);
    void take(Result<MessageReader::Messages> read);

    EventsService& m_events;
    std::uint64_t m_most;
    std::chrono::milliseconds m_pause{static_cast<int>(1'000 * kPauseSeconds)};
    std::chrono::milliseconds m_pauseOfFailed{60'000};
    std::shared_ptr<ServerLink> m_server;
    std::optional<ConsumerName> m_name;
    StreamSequence m_from;   ///< of the last read
    std::uint64_t m_lag = 0; ///< at the last read
    std::vector<StoredMessage> m_messages;
    QString m_problem;
    bool m_hasRead = false;
    std::optional<std::chrono::steady_clock::time_point> m_readAt;
    MessageReader m_reader; ///< last: it calls back into the rest
};

} // namespace jetlag::ui
