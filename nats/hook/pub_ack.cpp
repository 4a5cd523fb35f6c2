// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/pub_ack.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <cstring>

namespace jetlag {

namespace {

// `{"stream":"S", "seq":123}` and `{"stream":"S", "seq":123,"duplicate": true}` are all that servers from
// 2.9 to 2.15 say to an ordinary publish (a domain stands between); the blanks differ by version.
std::optional<PubAck> parseUsualAck(std::string_view body)
{
    constexpr std::string_view kStart = "{\"stream\":";
    constexpr std::string_view kSequence = "\"seq\":";
    constexpr std::string_view kDuplicate = "\"duplicate\":";
    if (!body.starts_with(kStart) || body.back() != '}')
        return std::nullopt;
    // From the right, because the stream's name may hold anything.
    const std::size_t at = body.rfind(kSequence);
    if (at == std::string_view::npos)
        return std::nullopt;
    const char* const end = body.data() + body.size() - 1;
    std::uint64_t sequence = 0;
    const auto [rest, status] = std::from_chars(body.data() + at + kSequence.size(), end, sequence);
    if (status != std::errc())
        return std::nullopt;
    PubAck ack{StreamSequence(sequence), false};
    std::string_view tail(rest, static_cast<std::size_t>(end - rest));
    if (tail.empty())
        return ack;
    if (tail.front() != ',' || !tail.substr(1).starts_with(kDuplicate))
        return std::nullopt; // something more: let the parser look
    tail.remove_prefix(1 + kDuplicate.size());
    if (tail.starts_with(' '))
        tail.remove_prefix(1);
    if (tail != "true")
        return std::nullopt;
    ack.duplicate = true;
    return ack;
}

PubAnswer parseAnyAnswer(std::string_view body)
{
    PubAnswer answer;
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string(body)).get_object().get(object) != simdjson::SUCCESS)
        return answer;

    simdjson::dom::object error;
    if (object["error"].get_object().get(error) == simdjson::SUCCESS) {
        PubRefusal refusal;
        std::int64_t number = 0;
        std::string_view text;
        if (error["code"].get(number) == simdjson::SUCCESS)
            refusal.code = static_cast<int>(number);
        if (error["err_code"].get(number) == simdjson::SUCCESS)
            refusal.errorCode = static_cast<int>(number);
        if (error["description"].get(text) == simdjson::SUCCESS)
            refusal.description = text;
        answer.refusal = std::move(refusal);
        return answer;
    }

    std::uint64_t sequence = 0;
    if (object["seq"].get(sequence) != simdjson::SUCCESS)
        return answer;
    bool duplicate = false;
    if (object["duplicate"].get(duplicate) != simdjson::SUCCESS)
        duplicate = false;
    answer.ack = PubAck{StreamSequence(sequence), duplicate};
    return answer;
}

} // namespace

bool PubRefusal::isFinal() const noexcept
{
    return errorCode == kErrorOtherStream || errorCode == kErrorMessageTooLarge || errorCode == kErrorSealed;
}

Error refusalError(const PubRefusal& refusal, std::string_view streamName, std::string_view subject)
{
    const std::string stream = safeForDisplay(streamName);
    const std::string words = safeForDisplay(refusal.description);
    switch (refusal.errorCode) {
    case kErrorStreamFull:
        return {ErrorCode::NoSpace,
                fmt::format("stream {} takes no more messages ({}): raise its limits, or let its consumers "
                            "catch up",
                            stream, words)};
    case kErrorOtherStream:
        return {ErrorCode::Conflict,
                fmt::format(
                    "messages for {} go to another stream than {}: give --subject a prefix that {} takes, "
                    "or name the right --stream",
                    safeForDisplay(subject), stream, stream)};
    case kErrorMessageTooLarge:
        return {ErrorCode::InvalidArgument,
                fmt::format("a message is larger than stream {} takes (its max_msg_size)", stream)};
    case kErrorSealed:
        return {ErrorCode::Denied, fmt::format("stream {} is sealed: it takes no messages any more", stream)};
    default:
        break;
    }
    if (refusal.errorCode == 0 && refusal.code == 503)
        return {
            ErrorCode::NotFound,
            fmt::format("no stream takes messages for {}: was {} deleted, or do its subjects no longer cover "
                        "that?",
                        safeForDisplay(subject), stream)};
    return {ErrorCode::Unavailable, fmt::format("stream {} does not take messages: {} (JetStream error {})",
                                                stream, words, refusal.errorCode)};
}

PubAnswer parsePubAnswer(std::string_view body)
{
    if (body.empty())
        return {};
    if (const std::optional<PubAck> ack = parseUsualAck(body))
        return {ack, std::nullopt};
    return parseAnyAnswer(body);
}

} // namespace jetlag
