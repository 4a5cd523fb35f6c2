// SPDX-License-Identifier: Apache-2.0
#include "nats/client/requester.h"

#include "model/base/text.h"
#include "nats/client/status.h"
#include "nats/client/subscription.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
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
        , slots(std::max(1u, theOptions.window))
    {
        for (std::uint32_t i = static_cast<std::uint32_t>(slots.size()); i-- > 0;)
            freeSlots.push_back(i);
    }

    Result<void> subscribe()
    {
        inbox = connection.newInbox();
        subscription = NatsSubscription(); // the old one first
        // Room for answers that come late as well.
        constexpr int kSpare = 1'024;
        Result<NatsSubscription> made = NatsSubscription::polled(connection.handle(), inbox + ".*",
                                                                 static_cast<int>(slots.size()) + kSpare);
        if (!made)
            return std::move(made).error();
        subscription = std::move(*made);
        inboxDenied = false;
        return {};
    }

    void answer(std::uint32_t index, MessageHandle message, std::optional<Error> error)
    {
        Slot& slot = slots[index];
        slot.waiting = false;
        --waiting;
        ready.push_back({slot.id, std::move(message), std::move(error)});
        freeSlots.push_back(index);
    }

    template <typename Affected, typename MakeError>
    void failWhere(Affected affected, MakeError makeError)
    {
        for (std::uint32_t i = 0; i < slots.size(); ++i)
            if (slots[i].waiting && affected(slots[i]))
                answer(i, nullptr, makeError(slots[i]));
    }

    void failAll(const Error& error)
    {
        failWhere([](const Slot&) { return true; }, [&](const Slot&) { return error; });
        nobodyAnswered = 0;
    }

    void takeMessage(MessageHandle message)
    {
        const std::optional<SlotAddress> address = addressFromSubject(natsMsg_GetSubject(message.get()));
        if (!address || address->slot >= slots.size())
            return;
        const Slot& slot = slots[address->slot];
        if (slot.waiting && slot.round == address->round)
            answer(address->slot, std::move(message), std::nullopt);
        if (nobodyAnswered > 0)
            attributeNobody();
    }

    Error nobodyListens(const Slot& slot) const
    {
        return {ErrorCode::Unavailable,
                fmt::format("nobody on {} answers {}: JetStream may be off for this account",
                            connection.connectedUrl(), safeForDisplay(slot.subject))};
    }

    /// nats.c says "no responders" to a polled subscription without saying to which request. It is clear when
    /// all that wait ask the same (then the oldest), or when as many wait as were answered so; until then it
    /// is kept, and the answers of the others make it clear.
    void attributeNobody()
    {
        while (nobodyAnswered > 0 && waiting > 0) {
            if (nobodyAnswered >= waiting) {
                nobodyAnswered = 0;
                failWhere([](const Slot&) { return true; },
                          [this](const Slot& slot) { return nobodyListens(slot); });
                return;
            }
            std::optional<std::uint32_t> oldest;
            for (std::uint32_t i = 0; i < slots.size(); ++i) {
                if (!slots[i].waiting)
                    continue;
                if (oldest && slots[i].subject != slots[*oldest].subject)
                    return;
                if (!oldest || slots[i].id < slots[*oldest].id)
                    oldest = i;
            }
            --nobodyAnswered;
            answer(*oldest, nullptr, nobodyListens(slots[*oldest]));
        }
        nobodyAnswered = 0;
    }

    void expire(steady_clock::time_point now)
    {
        while (!deadlines.empty()) {
            const Deadline& oldest = deadlines.front();
            const Slot& slot = slots[oldest.address.slot];
            const bool open = slot.waiting && slot.round == oldest.address.round;
            if (open && oldest.when > now)
                return;
            if (open) {
                if (nobodyAnswered > 0)
                    --nobodyAnswered; // most likely it was this one
                answer(oldest.address.slot, nullptr,
                       Error(ErrorCode::Timeout,
                             fmt::format("no answer to {} within {} ms", safeForDisplay(slot.subject),
                                         options.timeout.count())));
            }
            deadlines.pop_front();
        }
    }

    void takeEvents()
    {
        if (!eventsWait.load(std::memory_order_acquire))
            return;
        std::vector<ConnectionEvent> taken;
        {
            const std::lock_guard lock(eventsMutex);
            taken.swap(events);
            eventsWait.store(false, std::memory_order_release);
        }
        for (const ConnectionEvent& event : taken)
            onEvent(event);
    }

    void onEvent(const ConnectionEvent& event)
    {
        switch (event.kind) {
        case ConnectionEvent::Kind::Disconnected:
        case ConnectionEvent::Kind::Closed:
            failAll(Error(ErrorCode::Unavailable, "the connection was lost before the answer came"));
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
                inboxDenied = true;
                failAll(deniedInbox());
            }
            break;
        case ConnectionEvent::Kind::Reconnected:
            inboxDenied = false; // nats.c has subscribed anew; the account may have been changed
            break;
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

    std::optional<RequestAnswer> takeReady()
    {
        if (ready.empty())
            return std::nullopt;
        std::optional<RequestAnswer> taken(std::move(ready.front()));
        ready.pop_front();
        --outstanding;
        return taken;
    }

    /// One message, or what stands in its place. False when nothing came within `wait`.
    bool poll(milliseconds wait)
    {
        natsMsg* raw = nullptr;
        const natsStatus status = natsSubscription_NextMsg(&raw, subscription.handle(), wait.count());
        MessageHandle message(raw);
        switch (status) {
        case NATS_OK:
            takeMessage(std::move(message));
            return true;
        case NATS_TIMEOUT:
            return false;
        case NATS_NO_RESPONDERS:
            ++nobodyAnswered;
            attributeNobody();
            return true;
        case NATS_SLOW_CONSUMER: // said once per overflow; what was dropped ends in its timeout
            return true;
        default:
            failAll(errorFromStatus(status, "waiting for an answer"));
            return true;
        }
    }

    Connection& connection;
    Options options;
    std::string inbox;
    std::uint64_t lastId = 0;
    unsigned outstanding = 0;       // sent, not yet returned by next()
    std::size_t waiting = 0;        // of these without an answer
    std::size_t nobodyAnswered = 0; // "no responders" not yet attributed
    bool inboxDenied = false;
    bool mustRenew = false; // abandoned answers may still come to this inbox
    std::string reply;      // kept for its room
    std::vector<Slot> slots;
    std::vector<std::uint32_t> freeSlots;
    std::deque<Deadline> deadlines; // ascending: every request has the same time
    std::deque<RequestAnswer> ready;

    std::mutex eventsMutex; // guards events, which come on a thread of nats.c
    std::vector<ConnectionEvent> events;
    std::atomic<bool> eventsWait = false;

    NatsSubscription subscription;
    ConnectionListener listener; // last: its destructor waits for a running call, which uses the above
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
    state->listener = connection.listen([raw](const ConnectionEvent& event) {
        const std::lock_guard lock(raw->eventsMutex);
        raw->events.push_back(event);
        raw->eventsWait.store(true, std::memory_order_release);
    });
    if (Result<void> subscribed = state->subscribe(); !subscribed)
        return std::move(subscribed).error();
    return Requester(std::move(state));
}

unsigned Requester::inFlight() const noexcept
{
    return m_state->outstanding;
}

bool Requester::hasRoom() const noexcept
{
    return m_state->outstanding < m_state->slots.size();
}

void Requester::setTimeout(milliseconds timeout) noexcept
{
    m_state->options.timeout = timeout;
}

Result<std::uint64_t> Requester::send(const std::string& subject, std::string_view body)
{
    State& state = *m_state;
    state.takeEvents();
    // Here too: where answers never pause, next() has no idle moment to look at the time.
    const auto now = steady_clock::now();
    state.expire(now);
    if (state.inboxDenied && !state.mustRenew)
        return state.deniedInbox();
    if (!hasRoom())
        return Error(ErrorCode::InvalidArgument, "more requests than the window holds");
    if (state.mustRenew) {
        if (Result<void> subscribed = state.subscribe(); !subscribed)
            return std::move(subscribed).error();
        state.mustRenew = false;
    }

    const std::uint32_t index = state.freeSlots.back();
    Slot& slot = state.slots[index];
    ++slot.round;
    state.reply.clear();
    fmt::format_to(std::back_inserter(state.reply), "{}.{}-{}", state.inbox, index, slot.round);
    const natsStatus status =
        natsConnection_PublishRequest(state.connection.handle(), subject.c_str(), state.reply.c_str(),
                                      body.data(), static_cast<int>(body.size()));
    if (status != NATS_OK)
        return errorFromStatus(status, fmt::format("asking {}", safeForDisplay(subject)));
    state.freeSlots.pop_back();
    slot.id = ++state.lastId;
    slot.subject.assign(subject);
    slot.waiting = true;
    ++state.waiting;
    ++state.outstanding;
    state.deadlines.push_back({now + state.options.timeout, {index, slot.round}});
    return slot.id;
}

std::optional<RequestAnswer> Requester::next(milliseconds wait, std::stop_token stop)
{
    // While nothing comes, events and the stop token are looked at so often.
    constexpr milliseconds kLookAround{20};
    State& state = *m_state;
    if (!state.ready.empty())
        return state.takeReady();
    const auto until = steady_clock::now() + wait;
    milliseconds patience{0}; // first what is here already
    while (state.outstanding > 0) {
        state.takeEvents();
        const bool came = state.ready.empty() && state.poll(patience);
        if (!state.ready.empty())
            return state.takeReady();
        if (came)
            continue; // a late answer to somebody who is not waiting any more
        const auto now = steady_clock::now();
        state.expire(now);
        if (!state.ready.empty())
            return state.takeReady();
        if (now >= until || stop.stop_requested())
            return std::nullopt;
        const auto wake = state.deadlines.empty() ? until : std::min(until, state.deadlines.front().when);
        patience = std::clamp(ceil<milliseconds>(wake - now), milliseconds(1), kLookAround);
    }
    return std::nullopt;
}

void Requester::abandon()
{
    State& state = *m_state;
    state.takeEvents();
    // A server that was told to allow the inbox does not subscribe by itself.
    state.mustRenew = state.mustRenew || state.inboxDenied;
    for (std::uint32_t i = 0; i < state.slots.size(); ++i) {
        if (state.slots[i].waiting) {
            state.slots[i].waiting = false;
            state.freeSlots.push_back(i);
            state.mustRenew = true;
        }
    }
    state.waiting = 0;
    state.outstanding = 0;
    state.nobodyAnswered = 0;
    state.ready.clear();
    state.deadlines.clear();
}

} // namespace jetlag
