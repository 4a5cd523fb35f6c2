// SPDX-License-Identifier: Apache-2.0
#include "nats/client/requester.h"

#include "model/base/text.h"
#include "nats/client/status.h"
#include "nats/client/subscription.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <vector>

namespace jetlag {

namespace {

using namespace std::chrono;

// An answer's subject ends in `.<slot>-<round>`: the round tells a late answer from one to the slot's
// present request.
struct SlotAddress
{
    std::uint32_t slot = 0;
    std::uint32_t round = 0;
};

std::optional<SlotAddress> addressFromSubject(std::string_view subject)
{
    const std::size_t dot = subject.rfind('.');
    const std::size_t dash = subject.rfind('-');
    if (dot == std::string_view::npos || dash == std::string_view::npos || dash < dot)
        return std::nullopt;
    const auto slot = parseU64(subject.substr(dot + 1, dash - dot - 1));
    const auto round = parseU64(subject.substr(dash + 1));
    if (!slot || !round)
        return std::nullopt;
    return SlotAddress{static_cast<std::uint32_t>(*slot), static_cast<std::uint32_t>(*round)};
}

struct Slot
{
    std::uint64_t id = 0;
    std::uint32_t round = 0;
    bool waiting = false;
    std::string subject;
};

struct Deadline
{
    steady_clock::time_point when;
    SlotAddress address;
};

} // namespace

std::string_view RequestAnswer::body() const noexcept
{
    if (!message)
        return {};
    return {natsMsg_GetData(message.get()), static_cast<std::size_t>(natsMsg_GetDataLength(message.get()))};
}

struct Requester::State
{
    State(Connection& theConnection, Options theOptions)
        : connection(theConnection)
        , options(theOptions)
        , inbox(theConnection.newInbox())
        , slots(std::max(1u, theOptions.window))
    {
        for (std::uint32_t i = static_cast<std::uint32_t>(slots.size()); i-- > 0;)
            freeSlots.push_back(i);
    }

    // With the mutex held.
    void answer(std::uint32_t index, MessageHandle message, std::optional<Error> error)
    {
        Slot& slot = slots[index];
        slot.waiting = false;
        arrived.push_back({slot.id, std::move(message), std::move(error)});
        freeSlots.push_back(index);
    }

    template <typename Affected, typename MakeError>
    void failWhere(Affected affected, MakeError makeError)
    {
        const std::lock_guard lock(mutex);
        for (std::uint32_t i = 0; i < slots.size(); ++i)
            if (slots[i].waiting && affected(slots[i]))
                answer(i, nullptr, makeError(slots[i]));
        changed.notify_all();
    }

    void onMessage(MessageHandle message)
    {
        const std::optional<SlotAddress> address = addressFromSubject(natsMsg_GetSubject(message.get()));
        const std::lock_guard lock(mutex);
        if (!address || address->slot >= slots.size())
            return;
        Slot& slot = slots[address->slot];
        if (!slot.waiting || slot.round != address->round)
            return;
        if (natsMsg_IsNoResponders(message.get()))
            answer(address->slot, nullptr,
                   Error(ErrorCode::Unavailable,
                         fmt::format("nobody on {} answers {}: JetStream may be off for this account",
                                     connection.connectedUrl(), safeForDisplay(slot.subject))));
        else
            answer(address->slot, std::move(message), std::nullopt);
        changed.notify_one();
    }

    void onEvent(const ConnectionEvent& event)
    {
        switch (event.kind) {
        case ConnectionEvent::Kind::Disconnected:
        case ConnectionEvent::Kind::Closed:
            failWhere([](const Slot&) { return true; },
                      [](const Slot&) {
                          return Error(ErrorCode::Unavailable,
                                       "the connection was lost before the answer came");
                      });
            break;
        case ConnectionEvent::Kind::PublishDenied:
            failWhere([&](const Slot& slot) { return slot.subject == event.subject; },
                      [](const Slot& slot) {
                          return Error(ErrorCode::Denied, fmt::format("the account may not publish to {}",
                                                                      safeForDisplay(slot.subject)));
                      });
            break;
        case ConnectionEvent::Kind::SubscribeDenied:
            if (event.subject == inbox + ".*") {
                const std::lock_guard lock(mutex);
                inboxDenied = true;
            }
            failWhere([&](const Slot&) { return event.subject == inbox + ".*"; },
                      [&](const Slot&) { return deniedInbox(); });
            break;
        case ConnectionEvent::Kind::Reconnected: {
            const std::lock_guard lock(mutex);
            inboxDenied = false; // nats.c has subscribed anew; the account may have been changed
            break;
        }
        case ConnectionEvent::Kind::SlowConsumer: // a dropped answer ends in its timeout
        case ConnectionEvent::Kind::Other:
            break;
        }
    }

    Error deniedInbox() const
    {
        return {ErrorCode::Denied, fmt::format("the account may not subscribe to its inbox {}.*: allow it or "
                                               "set inbox_prefix in the context",
                                               inbox)};
    }

    Connection& connection;
    Options options;
    const std::string inbox;
    // The owner's thread only:
    std::uint64_t lastId = 0;
    unsigned outstanding = 0;         // sent, not yet returned by next()
    std::string reply;                // kept for its room
    std::deque<Deadline> deadlines;   // ascending: every request has the same time
    std::vector<RequestAnswer> taken; // answers handed over from `arrived`
    std::size_t takenIndex = 0;

    std::mutex mutex; // guards the rest
    std::condition_variable_any changed;
    std::vector<Slot> slots;
    std::vector<std::uint32_t> freeSlots;
    std::vector<RequestAnswer> arrived;
    bool inboxDenied = false;

    // Last: their destructors wait for running calls, which use what stands above.
    ConnectionListener listener;
    NatsSubscription subscription;
};

Requester::Requester(std::unique_ptr<State> state)
    : m_state(std::move(state))
{}
Requester::~Requester() = default;
Requester::Requester(Requester&&) noexcept = default;
Requester& Requester::operator=(Requester&&) noexcept = default;

Result<Requester> Requester::create(Connection& connection, Options options)
{
    auto state = std::make_unique<State>(connection, options);
    State* const raw = state.get();
    state->listener = connection.listen([raw](const ConnectionEvent& event) { raw->onEvent(event); });
    Result<NatsSubscription> subscription =
        NatsSubscription::calledBack(connection.handle(), state->inbox + ".*",
                                     [raw](MessageHandle message) { raw->onMessage(std::move(message)); });
    if (!subscription)
        return std::move(subscription).error();
    state->subscription = std::move(*subscription);
    return Requester(std::move(state));
}

unsigned Requester::inFlight() const noexcept
{
    return m_state->outstanding;
}

bool Requester::hasRoom() const noexcept
{
    return inFlight() < m_state->slots.size();
}

void Requester::setTimeout(milliseconds timeout) noexcept
{
    m_state->options.timeout = timeout;
}

Result<std::uint64_t> Requester::send(const std::string& subject, std::string_view body)
{
    SlotAddress address;
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->inboxDenied)
            return m_state->deniedInbox();
        if (!hasRoom())
            return Error(ErrorCode::InvalidArgument, "more requests than the window holds");
        address.slot = m_state->freeSlots.back();
        m_state->freeSlots.pop_back();
        Slot& slot = m_state->slots[address.slot];
        address.round = ++slot.round;
        id = slot.id = ++m_state->lastId;
        slot.subject.assign(subject);
        slot.waiting = true;
    }
    std::string& reply = m_state->reply;
    reply.clear();
    fmt::format_to(std::back_inserter(reply), "{}.{}-{}", m_state->inbox, address.slot, address.round);
    const natsStatus status =
        natsConnection_PublishRequest(m_state->connection.handle(), subject.c_str(), reply.c_str(),
                                      body.data(), static_cast<int>(body.size()));
    if (status != NATS_OK) {
        const Error error = errorFromStatus(status, fmt::format("asking {}", safeForDisplay(subject)));
        const std::lock_guard lock(m_state->mutex);
        Slot& slot = m_state->slots[address.slot];
        // A broken connection may have answered it with an error already; then that is the answer.
        if (!slot.waiting || slot.round != address.round) {
            ++m_state->outstanding;
            return id;
        }
        slot.waiting = false;
        m_state->freeSlots.push_back(address.slot);
        return error;
    }
    ++m_state->outstanding;
    m_state->deadlines.push_back({steady_clock::now() + m_state->options.timeout, address});
    return id;
}

std::optional<RequestAnswer> Requester::next(milliseconds wait, std::stop_token stop)
{
    State& state = *m_state;
    if (state.takenIndex < state.taken.size()) {
        --state.outstanding;
        return std::move(state.taken[state.takenIndex++]);
    }

    const auto until = steady_clock::now() + wait;
    std::unique_lock lock(state.mutex);
    for (;;) {
        const auto now = steady_clock::now();
        while (!state.deadlines.empty()) {
            const Deadline& oldest = state.deadlines.front();
            Slot& slot = state.slots[oldest.address.slot];
            const bool open = slot.waiting && slot.round == oldest.address.round;
            if (open && oldest.when > now)
                break;
            if (open)
                state.answer(oldest.address.slot, nullptr,
                             Error(ErrorCode::Timeout,
                                   fmt::format("no answer to {} within {} ms", safeForDisplay(slot.subject),
                                               state.options.timeout.count())));
            state.deadlines.pop_front();
        }
        if (!state.arrived.empty()) {
            state.taken.clear();
            state.takenIndex = 0;
            std::swap(state.taken, state.arrived);
            --state.outstanding;
            return std::move(state.taken[state.takenIndex++]);
        }
        if (now >= until || stop.stop_requested() || state.outstanding == 0)
            return std::nullopt;
        const auto wake = state.deadlines.empty() ? until : std::min(until, state.deadlines.front().when);
        state.changed.wait_until(lock, stop, wake, [&] { return !state.arrived.empty(); });
    }
}

void Requester::abandon()
{
    const std::lock_guard lock(m_state->mutex);
    for (std::uint32_t i = 0; i < m_state->slots.size(); ++i) {
        if (m_state->slots[i].waiting) {
            m_state->slots[i].waiting = false;
            m_state->freeSlots.push_back(i);
        }
    }
    m_state->arrived.clear();
    m_state->taken.clear();
    m_state->takenIndex = 0;
    m_state->deadlines.clear();
    m_state->outstanding = 0;
}

} // namespace jetlag
