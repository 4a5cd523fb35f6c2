// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/publisher.h"

#include "model/base/log.h"
#include "model/base/text.h"
#include "nats/client/status.h"
#include "nats/client/subscription.h"
#include "nats/hook/pub_ack.h"
#include "nats/hook/publish_lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace jetlag {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

// How long a wait of nats.c, which knows nothing of a stop, may be.
constexpr milliseconds kLongestWait{100};
constexpr milliseconds kTimerStep{20};
// With so many answers to come a short nap takes them by the dozen; waiting for the next one would wake this
// thread for each (5 to 10 % of the throughput on two cores).
constexpr std::size_t kManyOutstanding = 256;
constexpr std::chrono::microseconds kShortestNap{500};
constexpr std::chrono::microseconds kLongestNap{20'000};
// What a message costs beside its bytes, in nats.c and here: so that many small ones are bounded too.
constexpr std::size_t kMessageOverhead = 1'024;
// Answers that wait in the client; more than all windows together ever ask for.
constexpr int kMostAnswersWaiting = 2'000'000;

SteadyTime steadyNow()
{
    return std::chrono::steady_clock::now();
}

/// Denials that nats.c reports on a thread of its own.
class Denials final
{
public:
    void note(const ConnectionEvent& event)
    {
        if (event.kind != ConnectionEvent::Kind::PublishDenied &&
            event.kind != ConnectionEvent::Kind::SubscribeDenied)
            return;
        const std::lock_guard lock(m_mutex);
        // Requests of the JetStream API are told of their denial by themselves.
        if (m_denied.subject.empty() && !event.subject.starts_with("$JS."))
            m_denied = event;
    }
    [[nodiscard]] std::optional<ConnectionEvent> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_denied.subject.empty())
            return std::nullopt;
        return std::exchange(m_denied, {});
    }

private:
    std::mutex m_mutex;
    ConnectionEvent m_denied;
};

struct LaneState
{
    PublishLane messages;
    SteadyTime lastProgress;
    SteadyTime retryAt;
    milliseconds retryAfter{};
    bool recovering = false; // nothing new until everything outstanding is acked
    bool probing = false;    // of the outstanding ones only the first is tried
    std::optional<Error> error;
};

void appendNumber(std::string& to, std::uint64_t number)
{
    char digits[20];
    to.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

} // namespace

struct Publisher::State
{
    ConnectionProfile profile;
    PublisherOptions options;
    PublisherStats stats;
    std::string trouble;

    // Destroyed in the opposite order.
    std::unique_ptr<Connection> connection;
    Denials denials;
    ConnectionListener listener;
    NatsSubscription answers;

    std::string inbox; // the same for all connections: a late answer is as good
    std::string reply; // `<inbox>.<lane>.<number>`, its memory reused
    std::size_t maxPayload = 0;
    std::vector<std::unique_ptr<LaneState>> lanes; // never reused: a late answer must not meet another lane
    std::size_t outstandingMessages = 0;
    std::size_t outstandingBytes = 0;

    SteadyTime now; // of the last poll
    std::chrono::microseconds nap = kShortestNap;
    SteadyTime timersAt;
    SteadyTime connectAt;
    milliseconds connectAfter{};
    std::optional<SteadyTime> troubleSince;
    std::optional<Error> lastError; // what the trouble is, for when patience ends
    bool suspectStream = false;
    SteadyTime verifiedAt;

    std::mutex sleepMutex;
    std::condition_variable_any sleeper;

    State(ConnectionProfile profile_, PublisherOptions options_)
        : profile(std::move(profile_))
        , options(std::move(options_))
        , connectAfter(options.firstRetry)
    {}

    // ---- connection --------------------------------------------------------------------------------------

    Result<void> connect()
    {
        ConnectOptions how;
        how.name = "jetlag hook into " + options.stream;
        how.sendAsap = false; // many small messages: let them travel together
        how.reconnect = false;
        Result<std::unique_ptr<Connection>> opened = Connection::open(profile, how);
        if (!opened)
            return std::move(opened).error();
        std::unique_ptr<Connection> fresh = std::move(*opened);
        if (options.verifyStream) {
            if (Result<void> verified = options.verifyStream(*fresh); !verified)
                return verified;
        }
        if (inbox.empty())
            inbox = fresh->newInbox();
        reply = inbox + '.';
        Result<NatsSubscription> subscribed =
            NatsSubscription::polled(fresh->handle(), inbox + ".>", kMostAnswersWaiting);
        if (!subscribed)
            return std::move(subscribed).error().whileDoing("waiting for acks");

        maxPayload = static_cast<std::size_t>(
            std::max<std::int64_t>(natsConnection_GetMaxPayload(fresh->handle()), 0));
        listener = fresh->listen([this](const ConnectionEvent& event) { denials.note(event); });
        answers = std::move(*subscribed);
        connection = std::move(fresh);
        rememberServers();
        connectAfter = options.firstRetry;
        verifiedAt = steadyNow();
        suspectStream = false;
        return {};
    }

    // Other servers of the cluster that this one told of: the one that was named may be the one that dies.
    void rememberServers()
    {
        char** urls = nullptr;
        int count = 0;
        if (natsConnection_GetDiscoveredServers(connection->handle(), &urls, &count) != NATS_OK)
            return;
        for (int i = 0; i < count; ++i) {
            if (std::find(profile.urls.begin(), profile.urls.end(), urls[i]) == profile.urls.end())
                profile.urls.emplace_back(urls[i]);
            free(urls[i]);
        }
        free(urls);
    }

    void lost()
    {
        if (!connection)
            return;
        rememberServers();
        answers = {};
        listener = {};
        connection.reset();
        now = steadyNow();
        connectAt = now;
        for (const std::unique_ptr<LaneState>& lane : lanes) {
            if (!lane || lane->messages.empty())
                continue;
            lane->messages.nothingInFlight();
            lane->recovering = true;
            lane->probing = false;
            lane->retryAt = now;
        }
        inTrouble(Error(ErrorCode::Unavailable,
                        fmt::format("the connection to {} was lost", profile.displayUrls())));
    }

    Result<void> reconnect(milliseconds wait, std::stop_token stop)
    {
        now = steadyNow();
        if (now < connectAt) {
            sleep(std::min(wait, std::chrono::ceil<milliseconds>(connectAt - now)), stop);
            return checkPatience();
        }
        const Result<void> connected = connect();
        now = steadyNow();
        if (connected) {
            ++stats.reconnects;
            log().info("connected again to {}", connection->connectedUrl());
            serveLanes();
            return {};
        }
        switch (connected.error().code()) {
        case ErrorCode::Denied:
        case ErrorCode::Conflict:
        case ErrorCode::InvalidArgument:
        case ErrorCode::Unsupported:
            return connected;
        default:
            break;
        }
        connectAt = now + connectAfter;
        connectAfter = std::min(connectAfter * 2, options.lastRetry);
        inTrouble(connected.error());
        return checkPatience();
    }

    // ---- trouble -----------------------------------------------------------------------------------------

    void inTrouble(const Error& error)
    {
        if (!troubleSince) {
            troubleSince = steadyNow();
            log().info("publishing into {} waits: {}", safeForDisplay(options.stream), error.message());
        }
        lastError = error;
        trouble = error.message();
    }

    void progressed()
    {
        if (!troubleSince)
            return;
        troubleSince.reset();
        lastError.reset();
        trouble.clear();
    }

    Result<void> checkPatience() const
    {
        if (!troubleSince || !options.patience || steadyNow() - *troubleSince < *options.patience)
            return {};
        return Error(lastError->code(),
                     fmt::format("{} (tried for {} s)", lastError->message(),
                                 std::chrono::round<std::chrono::seconds>(*options.patience).count()));
    }

    // ---- answers -----------------------------------------------------------------------------------------

    // Takes everything that is there; waits for the first one up to `wait`. The number of answers.
    std::size_t takeAnswers(milliseconds wait)
    {
        std::size_t taken = 0;
        std::int64_t timeout = wait.count();
        while (true) {
            natsMsg* raw = nullptr;
            const natsStatus status = natsSubscription_NextMsg(&raw, answers.handle(), timeout);
            if (status == NATS_NO_RESPONDERS) {
                nobodyTakesThem();
            } else if (status == NATS_OK) {
                const MessageHandle message(raw);
                takeAnswer(raw);
            } else {
                return taken;
            }
            timeout = 0;
            ++taken;
        }
    }

    void waitForAnswers(milliseconds wait)
    {
        if (outstandingMessages < kManyOutstanding) {
            takeAnswers(std::min(wait, kLongestWait));
            return;
        }
        std::this_thread::sleep_for(std::min<std::chrono::microseconds>(nap, wait));
        nap = takeAnswers({}) > 0 ? kShortestNap : std::min(nap * 2, kLongestNap);
    }

    // The server says that no stream listens. nats.c swallows that answer with the subject it came on, so all
    // lanes may be meant; what is taken after all is acked after all.
    void nobodyTakesThem()
    {
        for (const std::unique_ptr<LaneState>& lane : lanes) {
            if (!lane || lane->messages.inFlight() == 0)
                continue;
            ++stats.refused;
            lane->messages.nothingInFlight();
            PubRefusal refusal;
            refusal.code = 503;
            retryLater(*lane, refusal);
        }
    }

    void takeAnswer(natsMsg* message)
    {
        // `<inbox>.<lane>.<number>`
        const std::string_view subject = natsMsg_GetSubject(message);
        if (subject.size() <= inbox.size() + 1)
            return;
        const char* const end = subject.data() + subject.size();
        std::uint32_t index = 0;
        auto parsed = std::from_chars(subject.data() + inbox.size() + 1, end, index);
        if (parsed.ec != std::errc() || parsed.ptr == end || index >= lanes.size() || !lanes[index])
            return;
        std::uint64_t number = 0;
        parsed = std::from_chars(parsed.ptr + 1, end, number);
        if (parsed.ec != std::errc())
            return;
        LaneState& lane = *lanes[index];

        const auto length = static_cast<std::size_t>(std::max(natsMsg_GetDataLength(message), 0));
        const PubAnswer answer = parsePubAnswer({natsMsg_GetData(message), length});
        if (answer.ack)
            acked(lane, number, *answer.ack);
        else if (answer.refusal)
            refused(lane, number, *answer.refusal);
    }

    void acked(LaneState& lane, std::uint64_t number, const PubAck& ack)
    {
        if (!ack.duplicate) {
            // A stream's sequences ascend: going back, it is one that was made anew.
            if (ack.sequence < stats.lastSequence)
                suspectStream = true;
            else
                stats.lastSequence = ack.sequence;
        }
        const std::size_t bytesBefore = lane.messages.outstandingBytes();
        if (!lane.messages.acked(number))
            return;
        outstandingBytes -= bytesBefore - lane.messages.outstandingBytes();
        --outstandingMessages;
        ++stats.acked;
        if (ack.duplicate)
            ++stats.duplicates;
        lane.lastProgress = now;
        if (lane.recovering) {
            lane.retryAfter = options.firstRetry;
            if (lane.probing) {
                lane.probing = false;
                lane.retryAt = now;
            }
            if (lane.messages.empty()) {
                lane.recovering = false;
                lane.probing = false;
            }
        }
        progressed();
    }

    void refused(LaneState& lane, std::uint64_t number, const PubRefusal& refusal)
    {
        if (!lane.messages.refused(number))
            return;
        ++stats.refused;
        if (refusal.isFinal()) {
            outstandingBytes -= lane.messages.outstandingBytes();
            outstandingMessages -= lane.messages.outstandingMessages();
            lane.error = refusalError(refusal, options.stream, firstSubject(lane));
            lane.messages.abandon();
            lane.recovering = false;
            return;
        }
        retryLater(lane, refusal);
    }

    void retryLater(LaneState& lane, const PubRefusal& refusal)
    {
        lane.lastProgress = now;
        // Is it still there, and still the same?
        if (refusal.code == 503)
            suspectStream = true;
        if (!lane.recovering || lane.retryAt <= now) {
            lane.retryAt = now + lane.retryAfter;
            lane.retryAfter = std::min(lane.retryAfter * 2, options.lastRetry);
        }
        lane.recovering = true;
        lane.probing = true;
        inTrouble(refusalError(refusal, options.stream, firstSubject(lane)));
    }

    static std::string_view firstSubject(const LaneState& lane)
    {
        natsMsg* const first = lane.messages.first();
        return first ? natsMsg_GetSubject(first) : "";
    }

    // ---- time --------------------------------------------------------------------------------------------

    void serveLanes()
    {
        for (const std::unique_ptr<LaneState>& lane : lanes) {
            if (lane && !lane->messages.empty())
                serve(*lane);
        }
    }

    void serve(LaneState& lane)
    {
        const bool silent = lane.messages.inFlight() > 0 && now - lane.lastProgress > options.ackWait;
        if (silent) {
            lane.messages.nothingInFlight();
            lane.recovering = true;
            lane.retryAt = now;
            inTrouble(Error(ErrorCode::Timeout,
                            fmt::format("stream {} does not answer", safeForDisplay(options.stream))));
        }
        if (!lane.recovering || lane.messages.inFlight() > 0 || now < lane.retryAt || suspectStream)
            return;
        lane.lastProgress = now;
        lane.messages.resend(lane.probing ? 1 : SIZE_MAX, [this](natsMsg* message) {
            if (natsConnection_PublishMsg(connection->handle(), message) != NATS_OK)
                return false;
            ++stats.resent;
            return true;
        });
    }

    Result<void> checkTimers()
    {
        now = steadyNow();
        if (now - timersAt < kTimerStep)
            return {};
        timersAt = now;
        if (natsConnection_IsClosed(connection->handle())) {
            lost();
            return {};
        }
        if (const std::optional<ConnectionEvent> denied = denials.take())
            return deniedError(*denied);
        if (suspectStream && now - verifiedAt > std::chrono::seconds(1)) {
            if (Result<void> verified = verify(); !verified)
                return verified;
        }
        if (outstandingMessages > 0)
            serveLanes();
        return checkPatience();
    }

    Result<void> verify()
    {
        verifiedAt = steadyNow();
        suspectStream = false;
        if (!options.verifyStream)
            return {};
        Result<void> verified = options.verifyStream(*connection);
        if (verified)
            return verified;
        if (verified.error().code() == ErrorCode::Conflict || verified.error().code() == ErrorCode::Denied)
            return verified;
        suspectStream = true; // ask again
        verifiedAt = steadyNow();
        inTrouble(verified.error());
        return {};
    }

    Error deniedError(const ConnectionEvent& denied) const
    {
        if (denied.kind == ConnectionEvent::Kind::SubscribeDenied)
            return {
                ErrorCode::Denied,
                fmt::format("this account may not subscribe to {}, where acks arrive: allow that subject, or "
                            "name an inbox_prefix in the context",
                            safeForDisplay(denied.subject))};
        return {ErrorCode::Denied,
                fmt::format("this account may not publish to {}: allow it, or use another prefix (--subject)",
                            safeForDisplay(denied.subject))};
    }

    void sleep(milliseconds wait, std::stop_token stop)
    {
        std::unique_lock lock(sleepMutex);
        sleeper.wait_for(lock, stop, wait, [] { return false; });
    }

    // ---- sending -----------------------------------------------------------------------------------------

    Result<MessageHandle> make(const OutgoingMessage& message, Lane lane, std::uint64_t number)
    {
        reply.resize(inbox.size() + 1); // keeps `<inbox>.`
        appendNumber(reply, lane);
        reply += '.';
        appendNumber(reply, number);

        natsMsg* raw = nullptr;
        natsStatus status = natsMsg_Create(&raw, message.subject.c_str(), reply.c_str(),
                                           message.payload.data(), static_cast<int>(message.payload.size()));
        MessageHandle made(raw);
        for (const OutgoingHeader& field : message.headers) {
            if (status == NATS_OK)
                status = natsMsgHeader_Set(raw, field.name.data(), field.value.c_str());
        }
        if (status != NATS_OK)
            return errorFromStatus(status, "making a message");
        return made;
    }

    Result<void> publish(Lane id, std::span<const OutgoingMessage> record)
    {
        LaneState& lane = *lanes[id];
        for (const OutgoingMessage& message : record) {
            if (message.wireBytes() > maxPayload)
                return Error(
                    ErrorCode::InvalidArgument,
                    fmt::format("a message of {} bytes is more than the server takes now (max_payload "
                                "{}): was that lowered? start the hook again",
                                message.wireBytes(), maxPayload));
        }
        if (lane.messages.empty()) {
            lane.lastProgress = steadyNow();
            lane.retryAfter = options.firstRetry;
        }
        bool broken = false;
        for (const OutgoingMessage& message : record) {
            Result<MessageHandle> made = make(message, id, lane.messages.nextNumber());
            if (!made)
                return std::move(made).error();
            natsMsg* const raw = made->get();
            const std::size_t bytes = message.wireBytes() + kMessageOverhead;
            lane.messages.append(std::move(*made), bytes, &message == &record.back());
            outstandingBytes += bytes;
            ++outstandingMessages;
            ++stats.messages;
            // After a failure the rest is only remembered: nothing may overtake what was not sent.
            broken = broken || natsConnection_PublishMsg(connection->handle(), raw) != NATS_OK;
        }
        if (broken)
            lost();
        return {};
    }
};

Publisher::Publisher(ConnectionProfile profile, PublisherOptions options)
    : m_state(std::make_unique<State>(std::move(profile), std::move(options)))
{}
Publisher::~Publisher() = default;

Result<void> Publisher::connect()
{
    return m_state->connect();
}

Connection* Publisher::connection() noexcept
{
    return m_state->connection.get();
}

std::size_t Publisher::maxMessageBytes() const noexcept
{
    return m_state->maxPayload;
}

Publisher::Lane Publisher::openLane()
{
    m_state->lanes.push_back(std::make_unique<LaneState>());
    return static_cast<Lane>(m_state->lanes.size() - 1);
}

void Publisher::closeLane(Lane lane)
{
    std::unique_ptr<LaneState>& state = m_state->lanes[lane];
    m_state->outstandingBytes -= state->messages.outstandingBytes();
    m_state->outstandingMessages -= state->messages.outstandingMessages();
    state.reset();
}

bool Publisher::hasRoom(Lane lane) const noexcept
{
    const LaneState& state = *m_state->lanes[lane];
    return m_state->connection && !state.recovering && !state.error &&
           state.messages.outstandingRecords() < m_state->options.windowRecords &&
           m_state->outstandingBytes < m_state->options.windowBytes;
}

Result<void> Publisher::publish(Lane lane, std::span<const OutgoingMessage> record)
{
    return m_state->publish(lane, record);
}

Result<void> Publisher::poll(std::chrono::milliseconds wait, std::stop_token stop)
{
    State& state = *m_state;
    state.now = steadyNow();
    if (!state.connection)
        return state.reconnect(wait, stop);
    if (state.outstandingMessages == 0) {
        if (wait.count() > 0)
            state.sleep(wait, stop);
    } else if (state.takeAnswers({}) == 0 && wait.count() > 0) {
        state.waitForAnswers(wait);
    }
    return state.checkTimers();
}

std::uint64_t Publisher::ackedRecords(Lane lane) const noexcept
{
    return m_state->lanes[lane]->messages.ackedRecords();
}

std::size_t Publisher::outstandingRecords(Lane lane) const noexcept
{
    return m_state->lanes[lane]->messages.outstandingRecords();
}

std::size_t Publisher::outstandingMessages() const noexcept
{
    return m_state->outstandingMessages;
}

const std::optional<Error>& Publisher::laneError(Lane lane) const noexcept
{
    return m_state->lanes[lane]->error;
}

const PublisherStats& Publisher::stats() const noexcept
{
    return m_state->stats;
}

const std::string& Publisher::trouble() const noexcept
{
    return m_state->trouble;
}

} // namespace jetlag
