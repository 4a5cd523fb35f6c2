// SPDX-License-Identifier: Apache-2.0
#include "nats/source/message_window.h"

#include "model/base/text.h"
#include "nats/client/api_calls.h"
#include "nats/client/api_error.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <condition_variable>
#include <mutex>

namespace jetlag {

namespace {

using Steady = std::chrono::steady_clock;

// A batch of so many payload bytes is handed over though more is ready.
constexpr std::size_t kBatchBytes = 4 * 1024 * 1024;
// So many gone ones in a row are taken for a run: then one question jumps it.
constexpr std::size_t kRunOfGone = 8;
// After an unanswered get: long enough for a leader to be elected, short enough to go on at once after it.
constexpr std::chrono::milliseconds kRetryPause{100};

void pauseFor(std::chrono::milliseconds pause, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, pause, [] { return false; });
}

} // namespace

struct MessageWindow::State
{
    enum class SlotState : std::uint8_t { Wanted, Asked, AskedLeader, WantedFromLeader, Here, Gone };
    struct Slot
    {
        SlotState state = SlotState::Wanted;
        MessageHandle direct;                ///< of a direct get
        std::unique_ptr<std::string> leader; ///< JSON of a message get
    };
    struct Request
    {
        std::uint64_t sequence = 0;
        bool leader = false;
        bool jump = false;
    };

    State(ReadOnlyApi& readApi, std::string streamName, bool direct, ReadSubject directTo,
          ReadSubject leaderTo, ReadRequester gets, StreamSequence first, WindowOptions windowOptions)
        : api(readApi)
        , stream(std::move(streamName))
        , allowDirect(direct)
        , directSubject(std::move(directTo))
        , leaderSubject(std::move(leaderTo))
        , requester(std::move(gets))
        , options(windowOptions)
        , head(first.value())
    {}

    Slot& slot(std::uint64_t sequence) { return slots[sequence - head]; }
    bool isInWindow(std::uint64_t sequence) const
    {
        return sequence >= head && sequence - head < slots.size();
    }

    [[nodiscard]] bool isPausing() const { return Steady::now() < pauseUntil; }

    Result<void> ask(std::uint64_t last)
    {
        if (isPausing())
            return {};
        for (std::size_t i = 0; i < slots.size() && requester.hasRoom() && unsent > 0 && !isPausing(); ++i) {
            const SlotState state = slots[i].state;
            if (state != SlotState::Wanted && state != SlotState::WantedFromLeader)
                continue;
            --unsent;
            if (Result<void> sent = send(head + i, state == SlotState::WantedFromLeader || !allowDirect);
                !sent)
                return sent;
        }
        // Topped up in strokes: a get sent alone costs a wake-up on both sides, a hundred together the same.
        const std::size_t room = options.window - std::min<std::size_t>(slots.size(), options.window);
        if (room < (options.window + 3) / 4 && !requests.empty())
            return {};
        while (head + slots.size() <= last && slots.size() < options.window && requester.hasRoom() &&
               !isPausing()) {
            slots.emplace_back();
            if (Result<void> sent = send(head + slots.size() - 1, !allowDirect); !sent)
                return sent;
        }
        return {};
    }

    Result<void> send(std::uint64_t sequence, bool leader)
    {
        slot(sequence).state = leader ? SlotState::AskedLeader : SlotState::Asked;
        const Request request{.sequence = sequence, .leader = leader};
        Result<void> posted = post(request, fmt::format(R"({{"seq":{}}})", sequence));
        if (!posted && posted.error().code() == ErrorCode::Unavailable)
            return takeFailure(request, posted.error()); // the connection is being found again
        return posted;
    }

    Result<void> post(Request request, const std::string& body)
    {
        const Result<std::uint64_t> id = requester.send(request.leader ? leaderSubject : directSubject, body);
        if (!id)
            return id.error();
        requests.emplace(*id, request);
        return {};
    }

    // One answer to its slot. An error here ends the reading.
    Result<void> take(RequestAnswer answer)
    {
        const auto found = requests.find(answer.id);
        if (found == requests.end())
            return {};
        const Request request = found->second;
        requests.erase(found);
        if (request.jump)
            return takeJump(std::move(answer));
        if (!isInWindow(request.sequence))
            return {}; // jumped meanwhile
        if (answer.error)
            return takeFailure(request, std::move(*answer.error));
        lastAnswer = Steady::now();
        return request.leader ? takeLeader(request.sequence, std::move(answer))
                              : takeDirect(request.sequence, std::move(answer));
    }

    Result<void> takeDirect(std::uint64_t sequence, RequestAnswer answer)
    {
        // A stored message may itself begin with a status line such as 404: only Nats-Sequence tells.
        const std::string_view answered = lastHeaderValue(answer.message.get(), "Nats-Sequence");
        const bool ours =
            parseU64(answered) == sequence && lastHeaderValue(answer.message.get(), "Nats-Stream") == stream;
        if (!ours) {
            // Nothing there, or a mirror's answer: the leader decides.
            slot(sequence).state = SlotState::WantedFromLeader;
            ++unsent;
            return {};
        }
        slot(sequence).direct = std::move(answer.message);
        slot(sequence).state = SlotState::Here;
        return {};
    }

    Result<void> takeLeader(std::uint64_t sequence, RequestAnswer answer)
    {
        if (const std::optional<ApiError> error = findApiError(answer.body())) {
            if (error->errCode == kApiNoMessageFound) {
                slot(sequence).state = SlotState::Gone;
                return {};
            }
            return takeFailure({.sequence = sequence, .leader = true}, error->toError());
        }
        slot(sequence).leader = std::make_unique<std::string>(answer.body());
        slot(sequence).state = SlotState::Here;
        return {};
    }

    Result<void> takeJump(RequestAnswer answer)
    {
        jumping = false;
        if (answer.error)
            return {}; // the run is read one by one until the next try
        if (const std::optional<ApiError> error = findApiError(answer.body())) {
            if (error->errCode == kApiNoMessageFound)
                jumpTo = UINT64_MAX; // nothing any more, up to whatever end
            return {};
        }
        simdjson::ondemand::parser parser;
        const simdjson::padded_string json(answer.body());
        simdjson::ondemand::document document;
        std::uint64_t sequence = 0;
        if (!parser.iterate(json).get(document) && !document["message"]["seq"].get(sequence))
            jumpTo = sequence;
        return {};
    }

    Result<void> takeFailure(Request request, Error error)
    {
        if (error.code() == ErrorCode::Denied && !request.leader) {
            // The leader's own get may be allowed where direct get is not.
            allowDirect = false;
            slot(request.sequence).state = SlotState::Wanted;
            ++unsent;
            return {};
        }
        if (error.code() == ErrorCode::Denied)
            return Error(ErrorCode::Denied,
                         fmt::format("this account may not read messages of stream {}: ask for publish "
                                     "permission on {} or {}",
                                     safeForDisplay(stream), directSubject.text(), leaderSubject.text()));
        if (error.code() == ErrorCode::NotFound)
            return Error(ErrorCode::NotFound,
                         fmt::format("stream {} was deleted while it was read", safeForDisplay(stream)));
        if (Steady::now() - lastAnswer > options.patience)
            return std::move(error).whileDoing(
                fmt::format("reading stream {} at sequence {}", safeForDisplay(stream), request.sequence));
        // Nobody answered: a server that restarts, a leader that is being elected. The leader is asked next,
        // for a stream whose direct get was switched off never answers there.
        slot(request.sequence).state =
            error.code() == ErrorCode::Timeout ? SlotState::WantedFromLeader : SlotState::Wanted;
        ++unsent;
        pauseUntil = Steady::now() + kRetryPause;
        return {};
    }

    bool headIsReady() const
    {
        return !slots.empty() &&
               (slots.front().state == SlotState::Here || slots.front().state == SlotState::Gone);
    }

    // The sequences below `jumpTo` do not exist.
    void applyJump(MessageBatch& batch, std::uint64_t last)
    {
        if (jumpTo <= head)
            return;
        const std::uint64_t to = std::min(jumpTo, last + 1);
        if (to <= head)
            return;
        addGap(batch, head, to - 1);
        dropBelow(to);
    }

    void dropBelow(std::uint64_t to)
    {
        goneInARow = 0;
        for (std::uint64_t sequence = head; sequence < to && !slots.empty(); ++sequence) {
            const SlotState state = slots.front().state;
            if (state == SlotState::Wanted || state == SlotState::WantedFromLeader)
                --unsent;
            slots.pop_front();
        }
        head = to;
    }

    static void addGap(MessageBatch& batch, std::uint64_t first, std::uint64_t last)
    {
        if (!batch.gaps.empty() && batch.gaps.back().last.next().value() == first &&
            (batch.messages.empty() || batch.messages.back().sequence < batch.gaps.back().first))
            batch.gaps.back().last = StreamSequence(last);
        else
            batch.gaps.push_back({StreamSequence(first), StreamSequence(last), GapReason::Deleted});
    }

    Result<void> considerJump(std::uint64_t last)
    {
        if (jumping || goneInARow < kRunOfGone || head > last || !requester.hasRoom())
            return {};
        if (isPausing())
            return {};
        Result<void> posted = post({.sequence = head, .leader = true, .jump = true},
                                   fmt::format(R"({{"seq":{},"next_by_subj":">"}})", head));
        jumping = static_cast<bool>(posted);
        if (!posted && posted.error().code() == ErrorCode::Unavailable)
            return {}; // read one by one until there is a connection
        return posted;
    }

    Result<void> append(MessageBatch& batch, std::vector<MessageHandle>& owners,
                        std::vector<HeaderField>& fields, std::vector<std::size_t>& fieldEnds)
    {
        Slot& first = slots.front();
        Message message{.sequence = StreamSequence(head)};
        if (first.direct) {
            natsMsg* raw = first.direct.get();
            const Result<ServerTime> time = parseRfc3339(lastHeaderValue(raw, "Nats-Time-Stamp"));
            if (!time)
                return time.error().whileDoing("reading the server's time");
            message.time = *time;
            message.subject = lastHeaderValue(raw, "Nats-Subject");
            message.payload = {natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))};
            liftHeaders(raw, options.headers, /*directGet=*/true, fields);
            owners.push_back(std::move(first.direct));
        } else if (Result<void> parsed = appendLeaderJson(*first.leader, message, batch, fields); !parsed) {
            return parsed;
        }
        fieldEnds.push_back(fields.size());
        batch.messages.push_back(message);
        return {};
    }

    Result<void> appendLeaderJson(const std::string& json, Message& message, MessageBatch& batch,
                                  std::vector<HeaderField>& fields)
    {
        const simdjson::padded_string padded(json);
        simdjson::dom::element document;
        std::string_view subject;
        std::string_view time;
        if (leaderParser.parse(padded).get(document) || document["message"]["subject"].get(subject) ||
            document["message"]["time"].get(time))
            return Error(ErrorCode::Corrupt,
                         fmt::format("the server's answer for sequence {} of stream {} is no message", head,
                                     safeForDisplay(stream)));
        const Result<ServerTime> parsedTime = parseRfc3339(time);
        if (!parsedTime)
            return parsedTime.error().whileDoing("reading the server's time");
        message.time = *parsedTime;
        message.subject = batch.arena.copy(subject);
        const auto decoded = [&document](const char* name) -> std::string {
            std::string_view text;
            if (document["message"][name].get(text))
                return {};
            return base64Decode(text).value_or(std::string());
        };
        message.payload = batch.arena.copy(decoded("data"));
        message.padded = true;
        parseHeaderBlock(batch.arena.copy(decoded("hdrs")), options.headers, fields);
        return {};
    }

    ReadOnlyApi& api;
    const std::string stream;
    bool allowDirect;
    ReadSubject directSubject;
    ReadSubject leaderSubject;
    ReadRequester requester;
    const WindowOptions options;
    std::uint64_t head; ///< sequence of slots.front()
    std::deque<Slot> slots;
    std::size_t goneInARow = 0; ///< handed over last
    std::size_t unsent = 0;     ///< slots that wait to be asked (again)
    std::unordered_map<std::uint64_t, Request> requests;
    bool jumping = false;
    std::uint64_t jumpTo = 0;
    Steady::time_point lastAnswer = Steady::now();
    Steady::time_point pauseUntil{};
    simdjson::dom::parser leaderParser;
};

MessageWindow::MessageWindow(std::unique_ptr<State> state)
    : m_state(std::move(state))
{}
MessageWindow::MessageWindow(MessageWindow&&) noexcept = default;
MessageWindow& MessageWindow::operator=(MessageWindow&&) noexcept = default;
MessageWindow::~MessageWindow() = default;

Result<MessageWindow> MessageWindow::create(ReadOnlyApi& api, std::string stream, bool allowDirect,
                                            StreamSequence first, WindowOptions options)
{
    const Result<std::string> directCall = streamCall("DIRECT.GET", stream);
    const Result<std::string> leaderCall = streamCall("STREAM.MSG.GET", stream);
    if (!directCall || !leaderCall)
        return directCall.error();
    Result<ReadSubject> direct = api.subject(*directCall);
    Result<ReadSubject> leader = api.subject(*leaderCall);
    if (!direct || !leader)
        return direct.error();
    // One more than the window: the question that jumps a run.
    Result<ReadRequester> requester =
        api.requester({.window = options.window + 1, .timeout = std::chrono::seconds(5)});
    if (!requester)
        return requester.error();
    return MessageWindow(std::make_unique<State>(api, std::move(stream), allowDirect, std::move(*direct),
                                                 std::move(*leader), std::move(*requester), first, options));
}

void MessageWindow::skipTo(StreamSequence sequence)
{
    if (sequence.value() > m_state->head)
        m_state->dropBelow(sequence.value());
}

StreamSequence MessageWindow::position() const noexcept
{
    return StreamSequence(m_state->head);
}

Result<bool> MessageWindow::read(MessageBatch& batch, StreamSequence last, std::size_t most,
                                 std::chrono::milliseconds wait, std::stop_token stop)
{
    State& state = *m_state;
    const Steady::time_point deadline = Steady::now() + wait;
    if (state.requests.empty() && state.unsent == 0)
        state.lastAnswer = Steady::now(); // nothing was asked meanwhile: silence proves nothing
    std::vector<MessageHandle> owners;
    std::vector<HeaderField> fields;
    std::vector<std::size_t> fieldEnds;
    std::size_t bytes = 0;
    bool any = false;
    while (state.head <= last.value() && batch.messages.size() < most && bytes < kBatchBytes) {
        if (Result<void> asked = state.ask(last.value()); !asked)
            return asked.error();
        const std::uint64_t before = state.head;
        state.applyJump(batch, last.value());
        if (Result<void> jump = state.considerJump(last.value()); !jump)
            return jump.error();
        any = any || state.head != before;
        if (state.headIsReady()) {
            if (state.slots.front().state == State::SlotState::Gone) {
                State::addGap(batch, state.head, state.head);
                ++state.goneInARow;
            } else {
                state.goneInARow = 0;
                if (Result<void> appended = state.append(batch, owners, fields, fieldEnds); !appended)
                    return appended.error();
                bytes += batch.messages.back().payload.size();
            }
            state.slots.pop_front();
            ++state.head;
            any = true;
            continue;
        }
        // Whatever is here already is taken without waiting; once something is in hand, nothing is waited
        // for.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
        std::chrono::milliseconds patience =
            any ? std::chrono::milliseconds(0) : std::max(left, std::chrono::milliseconds(0));
        if (state.isPausing())
            patience = std::min(patience, kRetryPause);
        if (state.requester.inFlight() == 0 && patience.count() > 0)
            pauseFor(patience, stop);
        std::optional<RequestAnswer> answer = state.requester.next(patience, stop);
        if (answer) {
            if (Result<void> taken = state.take(std::move(*answer)); !taken)
                return taken.error();
            continue;
        }
        if (any || stop.stop_requested() || Steady::now() >= deadline)
            break;
    }
    if (!owners.empty())
        batch.keep(std::move(owners));
    if (!fields.empty()) {
        const HeaderFields kept = batch.keepHeaders(std::move(fields));
        const std::size_t firstMessage = batch.messages.size() - fieldEnds.size();
        std::size_t begin = 0;
        for (std::size_t i = 0; i < fieldEnds.size(); ++i) {
            batch.messages[firstMessage + i].headers = kept.subspan(begin, fieldEnds[i] - begin);
            begin = fieldEnds[i];
        }
    }
    if (any)
        batch.coveredTo = StreamSequence(state.head - 1);
    return any;
}

} // namespace jetlag
