#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/message_reader.h"

#include <QFrame>

namespace jetlag::ui {

class MessageDetail;

/// The message that is chosen in the list, whole: what the list holds only the begin of is read again.
class ChosenMessage final : public QFrame
{
    Q_OBJECT

public:
    /// `events` must outlive it.
    explicit ChosenMessage(EventsService& events, QWidget* parent = nullptr);

    /// `status`: words, and the role of their colour.
    void show(std::shared_ptr<ServerLink> server, const std::string& stream, const StoredMessage& message,
              std::pair<QString, QString> status);
    /// How it stands by now.
    void setStatus(std::pair<QString, QString> status);
    void clear();
    /// Marked wherever it stands; empty = nothing.
    void setMarked(const QString& text);

signals:
    void replayWanted(); ///< from this message on
    void done(const QString& what);

private:
    void showWhole(StreamSequence sequence, Result<MessageReader::Messages> read);

    EventsService& m_events;
    MessageDetail* m_detail;
    MessageReader m_reader;
    std::string m_stream;
    std::pair<QString, QString> m_status;
};

} // namespace jetlag::ui
