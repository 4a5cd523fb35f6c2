// SPDX-License-Identifier: Apache-2.0
#include "nats/source/stream_lookup.h"

#include "model/base/text.h"
#include "nats/client/api_calls.h"
#include "nats/monitor/info_parser.h"

#include <fmt/format.h>

namespace jetlag {

Result<StreamSnapshot> lookUpStream(ReadOnlyApi& api, const std::string& stream, std::stop_token stop)
{
    const Result<std::string> call = streamCall("STREAM.INFO", stream);
    if (!call)
        return call.error();
    const Result<std::string> answer = api.request(*call, "", kApiPatience, stop);
    if (!answer) {
        if (answer.error().code() == ErrorCode::NotFound)
            return Error(ErrorCode::NotFound,
                         fmt::format("there is no stream \"{}\" in this account; `jetlagctl report` "
                                     "lists the streams that are there",
                                     safeForDisplay(stream)));
        return answer.error().whileDoing(fmt::format("looking up stream {}", safeForDisplay(stream)));
    }
    return InfoParser().stream(*answer);
}

Result<std::vector<SequenceGap>> lookUpDeleted(ReadOnlyApi& api, const std::string& stream,
                                               std::stop_token stop)
{
    const Result<std::string> call = streamCall("STREAM.INFO", stream);
    if (!call)
        return call.error();
    const Result<std::string> answer = api.request(*call, R"({"deleted_details":true})", kApiPatience, stop);
    if (!answer)
        return answer.error().whileDoing(
            fmt::format("asking what is deleted in stream {}", safeForDisplay(stream)));
    return InfoParser().deleted(*answer);
}

Result<ConsumerSnapshot> lookUpConsumer(ReadOnlyApi& api, const std::string& stream,
                                        const std::string& consumer, std::stop_token stop)
{
    const Result<std::string> call = consumerCall("CONSUMER.INFO", stream, consumer);
    if (!call)
        return call.error();
    const Result<std::string> answer = api.request(*call, "", kApiPatience, stop);
    if (!answer) {
        if (answer.error().code() == ErrorCode::NotFound)
            return Error(ErrorCode::NotFound, fmt::format("stream \"{}\" has no consumer \"{}\"",
                                                          safeForDisplay(stream), safeForDisplay(consumer)));
        return answer.error().whileDoing(fmt::format("looking up consumer {}", safeForDisplay(consumer)));
    }
    return InfoParser().consumer(*answer);
}

StreamIdentity identityOf(const StreamSnapshot& stream)
{
    StreamIdentity identity{.name = stream.name, .created = stream.created};
    if (stream.messages > 0) {
        identity.knownSequence = stream.lastSequence;
        identity.knownTime = stream.lastTime;
    }
    return identity;
}

namespace {

// The message that `body` asks for; nullopt when the leader has none.
Result<std::optional<FoundSequence>> getMessage(ReadOnlyApi& api, const std::string& stream,
                                                const std::string& body, std::stop_token stop)
{
    const Result<std::string> call = streamCall("STREAM.MSG.GET", stream);
    if (!call)
        return call.error();
    const Result<std::string> answer = api.request(*call, body, kApiPatience, stop);
    if (!answer) {
        if (answer.error().code() == ErrorCode::NotFound)
            return std::optional<FoundSequence>();
        return answer.error().whileDoing(
            fmt::format("reading a message of stream {}", safeForDisplay(stream)));
    }
    const Result<InfoParser::FoundMessage> message = InfoParser().message(*answer);
    if (!message)
        return message.error();
    return std::optional(FoundSequence{message->sequence, message->time});
}

} // namespace

Result<bool> isSameStream(ReadOnlyApi& api, const StreamIdentity& remembered, const StreamSnapshot& now,
                          std::stop_token stop)
{
    if (remembered.name != now.name)
        return false;
    if (remembered.created == now.created)
        return true;
    if (remembered.knownSequence.isZero())
        return false;
    const Result<std::optional<FoundSequence>> known =
        getMessage(api, now.name, fmt::format(R"({{"seq":{}}})", remembered.knownSequence.value()), stop);
    if (!known)
        return known.error();
    return known->has_value() && (*known)->time == remembered.knownTime;
}

Result<std::optional<FoundSequence>> firstMessageFrom(ReadOnlyApi& api, const std::string& stream,
                                                      StreamSequence from, std::stop_token stop)
{
    return getMessage(
        api, stream,
        fmt::format(R"({{"seq":{},"next_by_subj":">"}})", std::max<std::uint64_t>(1, from.value())), stop);
}

Result<StreamSequence> sequenceAtTime(ReadOnlyApi& api, const StreamSnapshot& stream, ServerTime time,
                                      std::stop_token stop)
{
    // Everything below `low` is too early, everything from `high` on is late enough.
    std::uint64_t low = std::max<std::uint64_t>(1, stream.firstSequence.value());
    std::uint64_t high = stream.lastSequence.value() + 1;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const Result<std::optional<FoundSequence>> found =
            firstMessageFrom(api, stream.name, StreamSequence(middle), stop);
        if (!found)
            return found.error();
        if (!*found || (*found)->sequence.value() >= high)
            high = middle; // nothing between: what lies at or after `middle` is known to be late enough
        else if ((*found)->time < time)
            low = (*found)->sequence.value() + 1;
        else
            high = middle;
    }
    // Where `low` itself was deleted the range begins with the gap behind it, which changes nothing.
    return StreamSequence(low);
}

} // namespace jetlag
