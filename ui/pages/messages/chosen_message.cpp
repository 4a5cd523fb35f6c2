// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/chosen_message.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/message_detail.h"

#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr std::size_t kWholeBytes = 8U << 20U;

} // namespace

ChosenMessage::ChosenMessage(EventsService& events, QWidget* parent)
    : QFrame(parent)
    , m_events(events)
    , m_detail(new MessageDetail)
{
    setProperty("role", QStringLiteral("panel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_detail);
    connect(m_detail, &MessageDetail::replayWanted, this, &ChosenMessage::replayWanted);
    connect(m_detail, &MessageDetail::done, this, &ChosenMessage::done);
}

void ChosenMessage::show(std::shared_ptr<ServerLink> server, const std::string& stream,
                         const StoredMessage& message, std::pair<QString, QString> status)
{
    m_stream = stream;
    m_status = std::move(status);
    m_reader.stop();
    if (message.payload.size() >= message.bytes)
        return m_detail->showMessage(stream, message, m_status.first, m_status.second);
    const StreamSequence sequence = message.sequence;
    m_detail->say({}, tr("Reading message %1 …").arg(exact(sequence.value())));
    m_reader.read(m_events,
                  {.server = std::move(server),
                   .stream = stream,
                   .range = {.from = sequence, .to = sequence},
                   .count = 1},
                  kWholeBytes, [this, sequence](Result<MessageReader::Messages> read) {
                      showWhole(sequence, std::move(read));
                  });
}

void ChosenMessage::showWhole(StreamSequence sequence, Result<MessageReader::Messages> read)
{
    if (!read || read->empty())
        return m_detail->say(tr("Message %1 could not be read").arg(exact(sequence.value())),
                             read ? tr("It is gone meanwhile.") : shown(read.error().message()));
    m_detail->showMessage(m_stream, std::move(read->front()), m_status.first, m_status.second);
}

void ChosenMessage::setStatus(std::pair<QString, QString> status)
{
    m_status = std::move(status);
    m_detail->setStatus(m_status.first, m_status.second);
}

void ChosenMessage::clear()
{
    m_reader.stop();
    m_detail->say({}, tr("Choose a message."));
}

void ChosenMessage::setMarked(const QString& text)
{
    m_detail->setMarked(text);
}

} // namespace jetlag::ui
