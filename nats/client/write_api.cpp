// SPDX-License-Identifier: Apache-2.0
#include "nats/client/write_api.h"

#include "model/base/text.h"
#include "nats/client/api_calls.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

std::string_view retentionWord(NewStream::Retention retention) noexcept
{
    switch (retention) {
    case NewStream::Retention::Limits:
        return "limits";
    case NewStream::Retention::Interest:
        return "interest";
    case NewStream::Retention::WorkQueue:
        return "workqueue";
    }
    return "limits";
}

// A name that is no UTF-8 would make the library throw; such bytes are replaced and the server decides.
std::string written(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string streamConfig(const NewStream& stream)
{
    Json config;
    config["name"] = stream.name;
    config["subjects"] = stream.subjects;
    config["retention"] = retentionWord(stream.retention);
    config["storage"] = stream.memoryStorage ? "memory" : "file";
    config["num_replicas"] = stream.replicas;
    config["max_consumers"] = -1;
    config["max_msgs"] = stream.maxMessages ? Json(*stream.maxMessages) : Json(-1);
    config["max_bytes"] = stream.maxBytes ? Json(*stream.maxBytes) : Json(-1);
    config["max_age"] = stream.maxAge ? stream.maxAge->count() : 0;
    config["max_msg_size"] = -1;
    config["discard"] = stream.discardNew ? "new" : "old";
    config["duplicate_window"] = stream.duplicateWindow.count();
    config["allow_direct"] = true;
    return written(config);
}

std::string durableConfig(const NewDurable& durable)
{
    Json config;
    config["durable_name"] = durable.name;
    config["name"] = durable.name;
    config["deliver_policy"] = durable.startSequence ? "by_start_sequence" : "all";
    if (durable.startSequence)
        config["opt_start_seq"] = durable.startSequence->value();
    config["ack_policy"] = durable.ackAll ? "all" : "explicit";
    config["ack_wait"] = durable.ackWait.count();
    config["max_deliver"] = durable.maxDeliver;
    config["max_ack_pending"] = durable.maxAckPending;
    config["replay_policy"] = "instant";
    config["num_replicas"] = durable.replicas;
    if (durable.filters.size() == 1)
        config["filter_subject"] = durable.filters.front();
    else if (!durable.filters.empty())
        config["filter_subjects"] = durable.filters;
    Json request;
    request["stream_name"] = durable.stream;
    request["config"] = std::move(config);
    request["action"] = "create"; // 2.10+ then refuses to edit an existing one
    return written(request);
}

} // namespace

Result<std::string> WriteApi::createStream(const NewStream& stream, std::chrono::milliseconds timeout)
{
    const Result<std::string> call = streamCall("STREAM.CREATE", stream.name);
    if (!call)
        return call;
    return m_connection.apiRequest(*call, streamConfig(stream), timeout);
}

Result<std::string> WriteApi::createDurable(const NewDurable& durable, std::chrono::milliseconds timeout)
{
    const Result<std::string> info = consumerCall("CONSUMER.INFO", durable.stream, durable.name);
    const Result<std::string> create = consumerCall("CONSUMER.DURABLE.CREATE", durable.stream, durable.name);
    if (!info || !create)
        return create;
    const Result<std::string> existing = m_connection.apiRequest(*info, "", timeout);
    if (existing)
        return Error(ErrorCode::Exists,
                     fmt::format("the consumer {} of stream {} exists already", safeForDisplay(durable.name),
                                 safeForDisplay(durable.stream)));
    if (existing.error().code() != ErrorCode::NotFound)
        return existing;
    Result<std::string> answer = m_connection.apiRequest(*create, durableConfig(durable), timeout);
    // Servers before 2.10 ignore the list without a word and would deliver everything: take it back.
    if (answer && durable.filters.size() > 1 && answer->find("\"filter_subjects\"") == std::string::npos) {
        const Result<std::string> remove = consumerCall("CONSUMER.DELETE", durable.stream, durable.name);
        if (Result<std::string> removed = m_connection.apiRequest(*remove, "", timeout); !removed)
            return removed;
        return Error(ErrorCode::Unsupported, "this server takes one filter per consumer (several need 2.10)");
    }
    return answer;
}

Result<void> WriteApi::acknowledge(const std::string& replySubject)
{
    return m_connection.publish(replySubject, "+ACK");
}

Result<void> WriteApi::acknowledgeThrough(std::string_view stream, std::string_view durable,
                                          const DeliveredPosition& delivered)
{
    if (!isValidAssetName(stream) || !isValidAssetName(durable))
        return Error(ErrorCode::InvalidArgument, "no name of a stream and consumer");
    return m_connection.publish(fmt::format("$JS.ACK.{}.{}.1.{}.{}.0.0", stream, durable,
                                            delivered.stream.value(), delivered.consumer.value()),
                                "+ACK");
}

} // namespace jetlag
