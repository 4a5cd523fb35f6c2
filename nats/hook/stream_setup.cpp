// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/stream_setup.h"

#include "model/base/text.h"
#include "model/event/subject.h"
#include "nats/client/api_calls.h"
#include "nats/client/write_api.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace jetlag {

namespace {

namespace dom = simdjson::dom;

Error unexpectedAnswer()
{
    return {ErrorCode::Corrupt, "the server's answer about the stream is not what JetStream says"};
}

// Does `pattern` match every subject that `subject` matches? `subject` may hold `*` but no `>`.
bool covers(std::string_view pattern, std::string_view subject)
{
    while (true) {
        if (pattern == ">")
            return !subject.empty();
        const std::size_t patternDot = pattern.find('.');
        const std::size_t subjectDot = subject.find('.');
        const std::string_view patternToken = pattern.substr(0, patternDot);
        if (patternToken != "*" && patternToken != subject.substr(0, subjectDot))
            return false;
        const bool patternEnds = patternDot == std::string_view::npos;
        const bool subjectEnds = subjectDot == std::string_view::npos;
        if (patternEnds || subjectEnds)
            return patternEnds && subjectEnds;
        pattern.remove_prefix(patternDot + 1);
        subject.remove_prefix(subjectDot + 1);
    }
}

std::string listed(const std::vector<std::string>& subjects)
{
    std::string text;
    for (const std::string& subject : subjects) {
        if (!text.empty())
            text += ", ";
        text += safeForDisplay(subject);
    }
    return text.empty() ? "nothing" : text;
}

Result<void> checkUsable(const TargetStream& stream, const std::string& prefix, unsigned partitions)
{
    const std::string name = safeForDisplay(stream.name);
    if (stream.isMirror)
        return Error(
            ErrorCode::Conflict,
            fmt::format("stream {} is a mirror of another one and takes no messages: publish into its "
                        "origin",
                        name));
    if (stream.isSealed)
        return Error(ErrorCode::Conflict,
                     fmt::format("stream {} is sealed: it takes no messages any more", name));
    if (stream.noAck)
        return Error(ErrorCode::Conflict,
                     fmt::format("stream {} confirms nothing (no_ack), so nobody would know what it stored: "
                                 "name another --stream",
                                 name));
    if (!coversHookSubjects(stream.subjects, prefix, partitions))
        return Error(
            ErrorCode::Conflict,
            fmt::format("stream {} takes {}, but not {}.>: name another --stream, or give --subject a "
                        "prefix that it takes",
                        name, listed(stream.subjects), prefix));
    return {};
}

} // namespace

std::string streamTaking(Connection& connection, const std::string& subject,
                         std::chrono::milliseconds timeout)
{
    const Result<std::string> answer =
        connection.apiRequest("STREAM.NAMES", fmt::format(R"({{"subject":"{}"}})", subject), timeout);
    if (!answer)
        return {};
    dom::parser parser;
    std::string_view name;
    if (parser.parse(*answer)["streams"].at(0).get(name) != simdjson::SUCCESS)
        return {};
    return std::string(name);
}

Result<TargetStream> parseTargetStream(std::string_view answer)
{
    dom::parser parser;
    dom::object root;
    dom::object config;
    if (parser.parse(answer.data(), answer.size()).get(root) != simdjson::SUCCESS ||
        root["config"].get(config) != simdjson::SUCCESS)
        return unexpectedAnswer();

    TargetStream stream;
    std::string_view text;
    if (config["name"].get(text) != simdjson::SUCCESS)
        return unexpectedAnswer();
    stream.name = text;
    if (root["created"].get(text) != simdjson::SUCCESS)
        return unexpectedAnswer();
    const Result<ServerTime> created = parseRfc3339(text);
    if (!created)
        return created.error();
    stream.created = *created;
    dom::array subjects;
    if (config["subjects"].get(subjects) == simdjson::SUCCESS) {
        for (const dom::element subject : subjects) {
            if (subject.get(text) == simdjson::SUCCESS)
                stream.subjects.emplace_back(text);
        }
    }
    std::int64_t number = 0;
    if (config["max_msg_size"].get(number) == simdjson::SUCCESS && number > 0)
        stream.maxMessageBytes = static_cast<std::size_t>(number);
    bool flag = false;
    stream.noAck = config["no_ack"].get(flag) == simdjson::SUCCESS && flag;
    stream.isSealed = config["sealed"].get(flag) == simdjson::SUCCESS && flag;
    dom::object mirror;
    stream.isMirror = config["mirror"].get(mirror) == simdjson::SUCCESS;
    std::uint64_t last = 0;
    if (root["state"]["last_seq"].get(last) == simdjson::SUCCESS)
        stream.lastSequence = StreamSequence(last);
    return stream;
}

Result<TargetStream> readTargetStream(Connection& connection, std::string_view name,
                                      std::chrono::milliseconds timeout)
{
    const Result<std::string> call = streamCall("STREAM.INFO", name);
    if (!call)
        return call.error();
    const Result<std::string> answer = connection.apiRequest(*call, {}, timeout);
    if (!answer)
        return answer.error();
    return parseTargetStream(*answer);
}

bool coversHookSubjects(const std::vector<std::string>& patterns, std::string_view prefix,
                        unsigned partitions)
{
    for (unsigned partition = 0; partition < partitions; ++partition) {
        const std::string subject = fmt::format("{}.{}.*", prefix, partition);
        if (std::none_of(patterns.begin(), patterns.end(),
                         [&](const std::string& pattern) { return covers(pattern, subject); }))
            return false;
    }
    return true;
}

bool isValidSubjectPrefix(std::string_view prefix) noexcept
{
    return prefix.find_first_of("*>") == std::string_view::npos && isValidSubjectPattern(prefix);
}

Result<PreparedStream> prepareStream(Connection& connection, const std::string& name,
                                     const std::string& prefix, unsigned partitions,
                                     std::chrono::milliseconds timeout)
{
    if (!isValidAssetName(name))
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("`{}` cannot be the name of a stream: no dots, blanks, `*` or `>`",
                                 safeForDisplay(name)));
    if (!isValidSubjectPrefix(prefix))
        return Error(
            ErrorCode::InvalidArgument,
            fmt::format("`{}` cannot be what subjects begin with: words with single dots between them, "
                        "no blanks, `*` or `>`",
                        safeForDisplay(prefix)));

    PreparedStream prepared;
    Result<TargetStream> found = readTargetStream(connection, name, timeout);
    if (!found && found.error().code() != ErrorCode::NotFound)
        return std::move(found).error().whileDoing("looking for stream " + safeForDisplay(name));
    if (!found) {
        NewStream wanted;
        wanted.name = name;
        wanted.subjects = {prefix + ".>"};
        const Result<std::string> answer = WriteApi(connection).createStream(wanted, timeout);
        if (answer) {
            found = parseTargetStream(*answer);
            prepared.created = fmt::format(
                "created stream {} (subjects {}.>, file storage, duplicate window 30 s)", name, prefix);
        } else if (answer.error().code() == ErrorCode::Exists) {
            found = readTargetStream(connection, name, timeout); // another hook was faster
        } else {
            const std::string owner = streamTaking(connection, prefix + ".>", timeout);
            if (!owner.empty())
                return Error(
                    ErrorCode::Conflict,
                    fmt::format("there is no stream {}, and it cannot be made because {}.> belongs to "
                                "stream {}: use --stream {}, or another prefix (--subject)",
                                name, prefix, safeForDisplay(owner), safeForDisplay(owner)));
            return answer.error().whileDoing("creating stream " + name);
        }
    }
    if (!found)
        return std::move(found).error().whileDoing("looking for stream " + name);
    if (Result<void> usable = checkUsable(*found, prefix, partitions); !usable)
        return std::move(usable).error();
    prepared.stream = std::move(*found);
    return prepared;
}

Result<ServerTime> messageTime(Connection& connection, std::string_view stream, StreamSequence sequence,
                               std::chrono::milliseconds timeout)
{
    const Result<std::string> call = streamCall("STREAM.MSG.GET", stream);
    if (!call)
        return call.error();
    const Result<std::string> answer =
        connection.apiRequest(*call, fmt::format(R"({{"seq":{}}})", sequence.value()), timeout);
    if (!answer)
        return answer.error();
    dom::parser parser;
    std::string_view time;
    if (parser.parse(*answer)["message"]["time"].get(time) != simdjson::SUCCESS)
        return unexpectedAnswer();
    return parseRfc3339(time);
}

Result<bool> isSameStream(Connection& connection, const StreamIdentity& remembered, const TargetStream& now,
                          std::chrono::milliseconds timeout)
{
    if (remembered.name != now.name)
        return false;
    if (remembered.created == now.created)
        return true;
    if (remembered.knownSequence.isZero() || remembered.knownSequence > now.lastSequence)
        return false;
    const Result<ServerTime> time = messageTime(connection, now.name, remembered.knownSequence, timeout);
    if (time)
        return *time == remembered.knownTime;
    if (time.error().code() == ErrorCode::NotFound)
        return false;
    return time.error();
}

} // namespace jetlag
