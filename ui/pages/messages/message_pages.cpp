// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/message_pages.h"

#include "ui/theme/number_format.h"

#include <algorithm>
#include <chrono>

namespace jetlag::ui {

namespace {

constexpr std::uint64_t kBeforeWanted = 60; // a screen's worth above, so that what was asked for has company
constexpr std::uint64_t kWidestStep = 1'000'000;
constexpr std::chrono::minutes kAskAgainAfter{1}; // as the monitor does

StreamSequence minus(StreamSequence sequence, std::uint64_t count, StreamSequence atLeast)
{
    const std::uint64_t value = sequence.value() > count ? sequence.value() - count : 0;
    return std::max(StreamSequence(value), atLeast);
}

} // namespace

MessagePages::MessagePages(EventsService& events)
    : m_events(events)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kAskAgainAfter);
}

void MessagePages::open(std::shared_ptr<ServerLink> server, std::string stream)
{
    m_reader.stop();
    m_rest.stop();
    m_problem.clear();
    m_server = std::move(server);
    m_stream = std::move(stream);
    m_first = m_last = m_from = m_to = {};
    m_messages.clear();
    emit changed();
}

void MessagePages::setEnds(StreamSequence first, StreamSequence last)
{
    m_first = first;
    m_last = last;
}

void MessagePages::read(PositionRange range, std::optional<std::uint64_t> count, MessageReader::Done done)
{
    m_reader.read(m_events,
                  {.server = m_server, .stream = m_stream, .range = std::move(range), .count = count},
                  kMostBytes, [this, done = std::move(done)](Result<MessageReader::Messages> messages) {
                      if (!messages)
                          return fail(messages.error());
                      m_rest.stop();
                      m_problem.clear();
                      done(std::move(messages));
                  });
}

void MessagePages::fail(const Error& error)
{
    m_problem = shown(error.message());
    // Who does not answer may do so again at any moment, and was no quick refusal.
    if (error.code() != ErrorCode::Timeout && error.code() != ErrorCode::Unavailable)
        m_rest.start();
    emit failed();
}

void MessagePages::goTo(StreamSequence sequence)
{
    const StreamSequence wanted = std::clamp(sequence, m_first, std::max(m_first, m_last));
    const StreamSequence from = minus(wanted, kBeforeWanted, m_first);
    read({.from = from, .to = m_last}, kPage, [this, wanted, from](Result<MessageReader::Messages> messages) {
        takeAround(wanted, from, std::move(*messages));
    });
}

// The server knows which sequence that is; what lies before it is read as the next page.
void MessagePages::goTo(ServerTime time)
{
    read({.from = time, .to = m_last}, kPage, [this](Result<MessageReader::Messages> messages) {
        if (messages->empty())
            return goTo(m_last);
        const StreamSequence wanted = messages->front().sequence;
        takeAround(wanted, wanted, std::move(*messages));
        readBefore();
    });
}

void MessagePages::takeAround(StreamSequence wanted, StreamSequence from, MessageReader::Messages read)
{
    m_messages.assign(std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
    m_from = from;
    m_to = m_messages.size() < kPage ? std::max(m_last, from) : m_messages.back().sequence;
    m_stepBefore = kPage;
    emit changed();
    const auto at = std::ranges::lower_bound(m_messages, wanted, {}, &StoredMessage::sequence);
    emit arrived(at == m_messages.end() ? (m_messages.empty() ? StreamSequence() : m_messages.back().sequence)
                                        : at->sequence);
}

void MessagePages::readBefore()
{
    if (isReading() || isResting() || isEmpty() || m_from <= m_first)
        return;
    const StreamSequence to = m_from.previous();
    const StreamSequence from = minus(m_from, m_stepBefore, m_first);
    read({.from = from, .to = to}, std::nullopt,
         [this, from](Result<MessageReader::Messages> messages) { takeBefore(from, std::move(*messages)); });
}

void MessagePages::takeBefore(StreamSequence from, MessageReader::Messages read)
{
    m_stepBefore = read.size() < kPage / 4 ? std::min(m_stepBefore * 8, kWidestStep) : kPage;
    for (auto message = read.rbegin(); message != read.rend(); ++message)
        m_messages.push_front(std::move(*message));
    m_from = from;
    while (m_messages.size() > kMostKept) {
        m_to = m_messages.back().sequence.previous();
        m_messages.pop_back();
    }
    emit changed();
}

void MessagePages::readBehind()
{
    if (isReading() || isResting() || isEmpty() || m_to >= m_last)
        return;
    const StreamSequence last = m_last;
    read({.from = m_to.next(), .to = last}, kPage,
         [this, last](Result<MessageReader::Messages> messages) { takeBehind(last, std::move(*messages)); });
}

void MessagePages::takeBehind(StreamSequence to, MessageReader::Messages read)
{
    m_to = read.size() < kPage ? to : read.back().sequence;
    for (StoredMessage& message : read)
        m_messages.push_back(std::move(message));
    while (m_messages.size() > kMostKept) {
        m_from = m_messages.front().sequence.next();
        m_messages.pop_front();
    }
    emit changed();
}

const StoredMessage* MessagePages::find(StreamSequence sequence) const
{
    const auto at = std::ranges::lower_bound(m_messages, sequence, {}, &StoredMessage::sequence);
    return at != m_messages.end() && at->sequence == sequence ? &*at : nullptr;
}

} // namespace jetlag::ui
