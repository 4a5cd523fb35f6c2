// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/sample_line.h"

#include "nats/monitor/info_parser.h"

#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::json;

constexpr int kSystemTemporary = 10008;
constexpr int kNoConsumer = 10014;

std::optional<ServerTime> timeOf(const Json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string())
        return std::nullopt;
    const Result<ServerTime> time = parseRfc3339(found->get_ref<const std::string&>());
    return time ? std::optional(*time) : std::nullopt;
}

/// `[sequence, server time, subject]` or null.
std::optional<FoundMessage> messageOf(const Json& one)
{
    if (!one.is_array() || one.size() < 2 || !one[0].is_number_unsigned() || !one[1].is_string())
        return std::nullopt;
    const Result<ServerTime> time = parseRfc3339(one[1].get_ref<const std::string&>());
    if (!time)
        return std::nullopt;
    FoundMessage message{.sequence = one[0].get<std::uint64_t>(), .time = *time};
    if (one.size() > 2 && one[2].is_string())
        message.subject = one[2].get<std::string>();
    return message;
}

std::optional<FoundMessage> messageOf(const Json& reads, const char* key)
{
    const auto found = reads.find(key);
    return found == reads.end() ? std::nullopt : messageOf(*found);
}

SampleError errorOf(const Json& line)
{
    const auto error = line.find("err");
    if (error == line.end() || !error->is_object())
        return SampleError::None;
    const auto code = error->find("err_code");
    if (code == error->end() || !code->is_number_integer())
        return SampleError::NoAnswer;
    switch (code->get<int>()) {
    case kSystemTemporary:
        return SampleError::SystemTemporary;
    case kNoConsumer:
        return SampleError::NoConsumer;
    default:
        return SampleError::NoAnswer;
    }
}

std::vector<AdvisoryNote> advisoriesOf(const Json& line)
{
    std::vector<AdvisoryNote> notes;
    const auto list = line.find("adv");
    if (list == line.end() || !list->is_array())
        return notes;
    for (const Json& one : *list) {
        if (!one.is_object())
            continue;
        AdvisoryNote note;
        const auto number = [&one](const char* key) {
            const auto found = one.find(key);
            return found != one.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
        };
        const auto text = [&one](const char* key) {
            const auto found = one.find(key);
            return found != one.end() && found->is_string() ? found->get<std::string>() : std::string();
        };
        notes.push_back({.kind = text("kind"),
                         .sequence = number("stream_seq"),
                         .deliveries = number("deliveries"),
                         .reason = text("reason")});
    }
    return notes;
}

/// Servers write their version into the metadata of STREAM.INFO.
bool canBeReset(const Json& streamInfo)
{
    const auto config = streamInfo.find("config");
    if (config == streamInfo.end() || !config->is_object())
        return false;
    const auto metadata = config->find("metadata");
    if (metadata == config->end() || !metadata->is_object())
        return false;
    const auto version = metadata->find("_nats.ver");
    if (version == metadata->end() || !version->is_string())
        return false;
    return canReset(version->get_ref<const std::string&>());
}

Json messageJson(const std::optional<FoundMessage>& message)
{
    if (!message)
        return nullptr;
    return Json::array({message->sequence, formatRfc3339(message->time), message->subject});
}

} // namespace

std::string sampleLine(const VerdictSample& sample)
{
    nlohmann::ordered_json line;
    line["t"] = sample.at;
    if (sample.connected)
        line["connected"] = true;
    if (sample.stream && !sample.stream->rawJson.empty())
        line["si"] = Json::parse(sample.stream->rawJson, nullptr, false);
    if (sample.consumer && !sample.consumer->rawJson.empty())
        line["ci"] = Json::parse(sample.consumer->rawJson, nullptr, false);
    if (sample.error == SampleError::NoConsumer)
        line["err"] = {{"code", 404}, {"err_code", kNoConsumer}};
    else if (sample.error == SampleError::SystemTemporary)
        line["err"] = {{"code", 503}, {"err_code", kSystemTemporary}};
    else if (sample.error == SampleError::NoAnswer)
        line["err"] = {{"code", "timeout"}};
    nlohmann::ordered_json reads = nlohmann::ordered_json::object();
    if (sample.unread)
        reads["unread"] = messageJson(sample.unread);
    if (sample.afterFloor)
        reads["floor"] = messageJson(sample.afterFloor);
    if (sample.first)
        reads["first"] = messageJson(sample.first);
    for (const FoundMessage& message : sample.leftBehind)
        reads["left"].emplace_back(messageJson(message));
    if (sample.matching)
        reads["matching"] = *sample.matching;
    line["reads"] = std::move(reads);
    nlohmann::ordered_json notes = nlohmann::ordered_json::array();
    for (const AdvisoryNote& note : sample.advisories) {
        nlohmann::ordered_json one = {{"kind", note.kind}};
        if (note.sequence > 0)
            one["stream_seq"] = note.sequence;
        if (note.deliveries > 0)
            one["deliveries"] = note.deliveries;
        if (!note.reason.empty())
            one["reason"] = note.reason;
        notes.push_back(std::move(one));
    }
    line["adv"] = std::move(notes);
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct SampleLineReader::Impl
{
    InfoParser parser;
};

SampleLineReader::SampleLineReader()
    : m_impl(std::make_unique<Impl>())
{}
SampleLineReader::~SampleLineReader() = default;

Result<VerdictSample> SampleLineReader::read(std::string_view text)
{
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object() || !line.contains("t") || !line["t"].is_number())
        return Error(ErrorCode::Corrupt, "this is no sample: a line is one JSON object with a time \"t\"");
    VerdictSample sample{
        .at = line["t"].get<double>(), .error = errorOf(line), .advisories = advisoriesOf(line)};
    sample.connected =
        line.contains("connected") && line["connected"].is_boolean() && line["connected"].get<bool>();
    if (line.contains("si") && line["si"].is_object()) {
        const Json& info = line["si"];
        Result<StreamSnapshot> stream = m_impl->parser.stream(info.dump());
        if (!stream)
            return stream.error();
        sample.stream = std::make_shared<const StreamSnapshot>(std::move(*stream));
        sample.canBeReset = canBeReset(info);
    }
    if (line.contains("ci") && line["ci"].is_object()) {
        const Json& info = line["ci"];
        Result<ConsumerSnapshot> consumer = m_impl->parser.consumer(info.dump());
        if (!consumer)
            return consumer.error();
        sample.consumer = std::make_shared<const ConsumerSnapshot>(std::move(*consumer));
        sample.serverNow = timeOf(info, "ts");
    }
    if (line.contains("reads") && line["reads"].is_object()) {
        const Json& reads = line["reads"];
        sample.unread = messageOf(reads, "unread");
        sample.afterFloor = messageOf(reads, "floor");
        sample.first = messageOf(reads, "first");
        if (reads.contains("left") && reads["left"].is_array()) {
            for (const Json& one : reads["left"]) {
                if (std::optional<FoundMessage> message = messageOf(one))
                    sample.leftBehind.push_back(std::move(*message));
            }
        }
        if (reads.contains("matching") && reads["matching"].is_number_unsigned())
            sample.matching = reads["matching"].get<std::uint64_t>();
    }
    return sample;
}

} // namespace jetlag
