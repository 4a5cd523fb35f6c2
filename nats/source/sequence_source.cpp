// SPDX-License-Identifier: Apache-2.0
#include "nats/source/sequence_source.h"

#include "model/base/text.h"
#include "model/event/subject.h"
#include "nats/client/api_calls.h"
#include "nats/monitor/info_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace jetlag {

namespace {

using Steady = std::chrono::steady_clock;

// How often the tail is asked for: soon after something came, rarely while nothing does.
constexpr std::chrono::milliseconds kBusyPoll{20};
constexpr std::chrono::milliseconds kIdlePoll{250};

// A JSON string; subjects of a filter have no control characters (isValidSubjectPattern).
std::string quoted(std::string_view text)
{
    std::string json = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\')
            json += '\\';
        json += c;
    }
    return json + '"';
}

} // namespace

struct SequenceSource::State
{
    State(ReadOnlyApi& readApi, StreamSnapshot streamSnapshot, SequenceSourceOptions sourceOptions,
          MessageWindow messages)
        : api(readApi)
        , stream(std::move(streamSnapshot))
        , options(std::move(sourceOptions))
        , window(std::move(messages))
    {}

    bool matches(std::string_view subject) const
    {
        return options.filters.empty() ||
               std::any_of(options.filters.begin(), options.filters.end(),
                           [subject](const std::string& filter) { return subjectMatches(filter, subject); });
    }

    // Where the tail is now; checks that it is still the same stream.
    Result<void> lookForMore(std::stop_token stop)
    {
        const Result<StreamSnapshot> now = lookUpStream(api, stream.name, stop);
        if (!now) {
            const ErrorCode code = now.error().code();
            const bool passing =
                code == ErrorCode::Timeout || code == ErrorCode::Unavailable || code == ErrorCode::Cancelled;
            if (passing && Steady::now() - lastLook < options.patience)
                return {};
            return code == ErrorCode::NotFound
                       ? Error(ErrorCode::NotFound, fmt::format("stream {} was deleted while it was read",
                                                                safeForDisplay(stream.name)))
                       : now.error();
        }
        lastLook = Steady::now();
        const Result<bool> same = isSameStream(api, identity(), *now, stop);
        if (!same)
            return same.error();
        if (!*same || now->lastSequence < end)
            return Error(ErrorCode::Conflict,
                         fmt::format("stream {} was made anew or put back while it was read",
                                     safeForDisplay(stream.name)));
        stream.created = now->created;
        end = now->lastSequence;
        if (now->messages > 0) {
            known = now->lastSequence;
            knownTime = now->lastTime;
        }
        return {};
    }

    StreamIdentity identity() const
    {
        return {
            .name = stream.name, .created = stream.created, .knownSequence = known, .knownTime = knownTime};
    }

    // After a stretch without a match one question finds the next one, however far it is.
    Result<void> jumpToNextMatch(MessageBatch& batch, std::stop_token stop)
    {
        if (options.filters.size() != 1 || window.position() > end)
            return {};
        const Result<std::string> call = streamCall("STREAM.MSG.GET", stream.name);
        if (!call)
            return call.error();
        const Result<std::string> answer =
            api.request(*call,
                        fmt::format(R"({{"seq":{},"next_by_subj":{}}})", window.position().value(),
                                    quoted(options.filters[0])),
                        kApiPatience, stop);
        if (!answer && answer.error().code() != ErrorCode::NotFound)
            return {}; // only a short cut
        StreamSequence next = end.next();
        if (answer) {
            const Result<InfoParser::FoundMessage> message = InfoParser().message(*answer);
            if (!message)
                return {};
            next = std::min(next, message->sequence);
        }
        window.skipTo(next);
        batch.coveredTo = window.position().previous();
        return {};
    }

    void keepMatching(MessageBatch& batch) const
    {
        std::erase_if(batch.messages, [this](const Message& message) { return !matches(message.subject); });
    }

    ReadOnlyApi& api;
    StreamSnapshot stream;
    const SequenceSourceOptions options;
    MessageWindow window;
    SourceInfo sourceInfo;
    StreamSequence end; ///< read up to here
    StreamSequence known;
    ServerTime knownTime{};
    Steady::time_point lastLook = Steady::now();
    bool busy = true;
};

SequenceSource::SequenceSource(std::unique_ptr<State> state)
    : m_state(std::move(state))
{}
SequenceSource::~SequenceSource() = default;

Result<std::unique_ptr<SequenceSource>> SequenceSource::open(ReadOnlyApi& api, const std::string& stream,
                                                             SequenceSourceOptions options,
                                                             std::stop_token stop)
{
    for (const std::string& filter : options.filters) {
        if (!isValidSubjectPattern(filter))
            return Error(ErrorCode::InvalidArgument,
                         fmt::format("\"{}\" is no subject or pattern", safeForDisplay(filter)));
    }
    Result<StreamSnapshot> snapshot = lookUpStream(api, stream, stop);
    if (!snapshot)
        return snapshot.error();
    const StreamSequence firstThere = std::max(StreamSequence(1), snapshot->firstSequence);
    const StreamSequence first = std::max(options.from.value_or(firstThere), StreamSequence(1));
    // Asking for what lies before the first one costs nothing: it is known to be gone.
    Result<MessageWindow> window = MessageWindow::create(
        api, stream, snapshot->allowDirect, std::max(first, firstThere),
        {.window = options.window, .headers = options.headers, .patience = options.patience});
    if (!window)
        return window.error();

    auto state = std::make_unique<State>(api, std::move(*snapshot), std::move(options), std::move(*window));
    state->known = identityOf(state->stream).knownSequence;
    state->knownTime = identityOf(state->stream).knownTime;
    state->end = state->stream.lastSequence;
    if (state->options.to)
        state->end = std::min(state->end, *state->options.to);
    state->sourceInfo.stream = state->identity();
    state->sourceInfo.filters = state->options.filters;
    state->sourceInfo.first = std::max(first, firstThere);
    if (!state->options.follow)
        state->sourceInfo.last = state->end;
    return std::unique_ptr<SequenceSource>(new SequenceSource(std::move(state)));
}

const SourceInfo& SequenceSource::info() const
{
    return m_state->sourceInfo;
}

const StreamSnapshot& SequenceSource::stream() const noexcept
{
    return m_state->stream;
}

Result<SourceOutcome> SequenceSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                           std::stop_token stop)
{
    State& state = *m_state;
    const Steady::time_point deadline = Steady::now() + wait;
    while (!stop.stop_requested()) {
        if (state.window.position() > state.end) {
            if (!state.options.follow)
                return SourceOutcome::End;
            const std::chrono::milliseconds pause = state.busy ? kBusyPoll : kIdlePoll;
            const auto until = std::min(deadline, state.lastLook + pause);
            std::mutex mutex;
            std::condition_variable_any never;
            std::unique_lock lock(mutex);
            never.wait_until(lock, stop, until, [] { return false; });
            if (Steady::now() < state.lastLook + pause)
                return SourceOutcome::Idle;
            const StreamSequence before = state.end;
            if (Result<void> looked = state.lookForMore(stop); !looked)
                return looked.error();
            state.busy = state.end != before;
            if (!state.busy && Steady::now() >= deadline)
                return SourceOutcome::Idle;
            continue;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
        const Result<bool> any = state.window.read(batch, state.end, state.options.batchMessages,
                                                   std::max(left, std::chrono::milliseconds(1)), stop);
        if (!any)
            return any.error();
        if (!*any)
            return SourceOutcome::Idle;
        const std::size_t seen = batch.messages.size();
        state.keepMatching(batch);
        if (seen > 0 && batch.messages.empty()) {
            if (Result<void> jumped = state.jumpToNextMatch(batch, stop); !jumped)
                return jumped.error();
        }
        return SourceOutcome::Batch;
    }
    return SourceOutcome::Idle;
}

} // namespace jetlag
