#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/message_reader.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <optional>

namespace jetlag::ui {

/// A piece of a stream that lies in memory: all messages from one sequence to another, read page by page
/// around where somebody looks. What is between them and not there is gone. UI thread; nothing waits.
class MessagePages final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::uint64_t kPage = 200;
    static constexpr std::size_t kMostKept = 2'000;      ///< messages; the far end goes first
    static constexpr std::size_t kMostBytes = 64 * 1024; ///< of each body; detail reads all of it

    explicit MessagePages(EventsService& events);

    /// Forgets what was read.
    void open(std::shared_ptr<ServerLink> server, std::string stream);
    /// Where the stream begins and ends now.
    void setEnds(StreamSequence first, StreamSequence last);
    /// Reads around `sequence`, in place of what is there.
    void goTo(StreamSequence sequence);
    void goTo(ServerTime time);
    /// The next page before or behind; nothing happens at the stream's end or while one is under way.
    void readBefore();
    void readBehind();

    [[nodiscard]] const std::deque<StoredMessage>& messages() const { return m_messages; }
    /// Both included; all that exists between them is in messages().
    [[nodiscard]] StreamSequence from() const { return m_from; }
    [[nodiscard]] StreamSequence to() const { return m_to; }
    [[nodiscard]] bool covers(StreamSequence sequence) const
    {
        return m_from <= sequence && sequence <= m_to;
    }
    [[nodiscard]] bool isReading() const { return m_reader.isReading(); }
    [[nodiscard]] bool isEmpty() const { return m_to.isZero(); }
    /// Why the last read failed; empty = it did not.
    [[nodiscard]] const QString& problem() const { return m_problem; }
    /// A read has failed within the last minute: only who asks for a place by hand asks the server again, as
    /// each refusal is a line in its log.
    [[nodiscard]] bool isResting() const { return m_rest.isActive(); }
    [[nodiscard]] const StoredMessage* find(StreamSequence sequence) const;

signals:
    void changed();
    /// goTo() is there: the first message at or behind what was asked for; zero = there is none.
    void arrived(jetlag::StreamSequence sequence);
    void failed();

private:
    void read(PositionRange range, std::optional<std::uint64_t> count, MessageReader::Done done);
    void fail(const Error& error);
    void takeAround(StreamSequence wanted, StreamSequence from, MessageReader::Messages read);
    void takeBefore(StreamSequence from, MessageReader::Messages read);
    void takeBehind(StreamSequence to, MessageReader::Messages read);

    EventsService& m_events;
    std::shared_ptr<ServerLink> m_server;
    std::string m_stream;
    StreamSequence m_first;
    StreamSequence m_last;
    StreamSequence m_from;
    StreamSequence m_to;
    std::deque<StoredMessage> m_messages;
    std::uint64_t m_stepBefore = kPage; ///< grows through wide gaps
    QString m_problem;
    QTimer m_rest;
    MessageReader m_reader;
};

} // namespace jetlag::ui
