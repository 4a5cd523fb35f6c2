// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/message_reader.h"

namespace jetlag::ui {

StoredMessage storedMessage(const Message& message, std::size_t mostBytes)
{
    StoredMessage stored{.sequence = message.sequence,
                         .time = message.time,
                         .subject = std::string(message.subject),
                         .payload = std::string(message.payload.substr(0, mostBytes)),
                         .bytes = message.payload.size()};
    for (const HeaderField& field : message.headers)
        stored.headers.emplace_back(field.name, field.value);
    return stored;
}

void MessageReader::read(EventsService& events, EventsRequest request, std::size_t mostBytes, Done done)
{
    stop();
    // The job's thread alone writes it; it is read when the job is over.
    auto messages = std::make_shared<Messages>();
    JobPtr<std::uint64_t> job =
        events.read(std::move(request), [messages, mostBytes](const Message& message) {
            messages->push_back(storedMessage(message, mostBytes));
            return true;
        });
    m_watch = std::make_unique<JobWatch<std::uint64_t>>(
        std::move(job), [this, messages, done = std::move(done)](const Result<std::uint64_t>& count) {
            const auto over = std::move(m_watch); // until the end: this runs inside it
            if (count)
                done(std::move(*messages));
            else
                done(count.error());
        });
}

void MessageReader::stop()
{
    if (m_watch)
        m_watch->cancel();
    m_watch.reset();
}

} // namespace jetlag::ui
