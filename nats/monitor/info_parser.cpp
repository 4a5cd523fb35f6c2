// SPDX-License-Identifier: Apache-2.0
#include "nats/monitor/info_parser.h"

#include <simdjson.h>

#include <cstring>
#include <limits>

namespace jetlag {

namespace {

namespace od = simdjson::ondemand;

// Readers of one value each: a wrong type leaves the target as it is. What is not read is skipped by the
// next step of the iteration.

void read(od::value value, std::string& into)
{
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS)
        into.assign(text);
}

void read(od::value value, bool& into)
{
    bool flag = false;
    if (value.get_bool().get(flag) == simdjson::SUCCESS)
        into = flag;
}

void read(od::value value, std::int64_t& into)
{
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS)
        into = number;
}

void read(od::value value, std::uint64_t& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS)
        into = number;
}

void read(od::value value, std::uint32_t& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS &&
        number <= std::numeric_limits<std::uint32_t>::max())
        into = static_cast<std::uint32_t>(number);
}

void read(od::value value, std::chrono::nanoseconds& into)
{
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS)
        into = std::chrono::nanoseconds(number);
}

template <typename Tag>
void read(od::value value, StrongId<Tag>& into)
{
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) == simdjson::SUCCESS)
        into = StrongId<Tag>(number);
}

void read(od::value value, ServerTime& into)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return;
    if (const Result<ServerTime> time = parseRfc3339(text))
        into = *time;
}

void read(od::value value, std::optional<ServerTime>& into)
{
    ServerTime time{};
    read(value, time);
    if (time != ServerTime{})
        into = time;
}

void read(od::value value, std::vector<std::string>& into)
{
    od::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
        return;
    for (auto element : array) {
        od::value item;
        if (element.get(item) != simdjson::SUCCESS)
            return;
        std::string text;
        read(item, text);
        into.push_back(std::move(text));
    }
}

/// Calls `each(key, value)` for every field. False when the text broke off. The key is given as it is
/// written: ours have no escapes, and undoing those of forty keys a row is a tenth of all parsing. One that
/// has some is none of ours, also where it is cut at an escaped quote: the backslash before it stays.
template <typename Each>
bool forFields(od::object object, Each each)
{
    for (auto entry : object) {
        od::field field;
        if (std::move(entry).get(field) != simdjson::SUCCESS)
            return false;
        const char* const key = field.key().raw();
        const char* const end = std::strchr(key, '"'); // the buffer ends with zeros
        if (end == nullptr)
            return false;
        each(std::string_view(key, static_cast<std::size_t>(end - key)), field.value());
    }
    return true;
}

template <typename Each>
bool forFields(od::value value, Each each)
{
    od::object object;
    return value.get_object().get(object) == simdjson::SUCCESS && forFields(object, each);
}

template <typename Each>
bool forObjects(od::value value, Each each)
{
    od::array array;
    if (const simdjson::error_code failure = value.get_array().get(array))
        return failure == simdjson::INCORRECT_TYPE; // `null` for an empty list
    for (auto element : array) {
        od::object object;
        if (element.get_object().get(object) == simdjson::SUCCESS && !each(object))
            return false;
    }
    return true;
}

/// The length of what base64 text stands for.
std::uint64_t bytesOfBase64(od::value value)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS || text.empty())
        return 0;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    return text.size() / 4 * 3 - padding;
}

void readReplicas(od::value value, std::vector<ReplicaSnapshot>& into)
{
    forObjects(value, [&](od::object object) {
        ReplicaSnapshot& replica = into.emplace_back();
        return forFields(object, [&](std::string_view key, od::value field) {
            if (key == "name")
                read(field, replica.name);
            else if (key == "current")
                read(field, replica.current);
            else if (key == "offline")
                read(field, replica.offline);
            else if (key == "active")
                read(field, replica.active);
            else if (key == "lag")
                read(field, replica.lag);
        });
    });
}

void readMetadata(od::value value, AssetMetadata& into)
{
    od::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return;
    for (auto entry : object) {
        od::field field;
        std::string_view key; // owners' own words: any
        if (std::move(entry).get(field) != simdjson::SUCCESS ||
            field.unescaped_key().get(key) != simdjson::SUCCESS)
            return;
        auto& [name, text] = into.emplace_back();
        name.assign(key);
        read(field.value(), text);
    }
}

bool readSource(od::object object, std::vector<SourceSnapshot>& into)
{
    SourceSnapshot& source = into.emplace_back();
    return forFields(object, [&](std::string_view key, od::value field) {
        if (key == "name") {
            read(field, source.name);
        } else if (key == "lag") {
            read(field, source.lag);
        } else if (key == "active") {
            std::chrono::nanoseconds active{-1}; // -1: nothing heard yet
            read(field, active);
            if (active.count() >= 0)
                source.active = active;
        } else if (key == "error") {
            forFields(field, [&](std::string_view name, od::value part) {
                if (name == "description")
                    read(part, source.problem);
            });
        }
    });
}

void readPlacement(od::value value, PlacementSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "name")
            read(field, into.cluster);
        else if (key == "leader")
            read(field, into.leader);
        else if (key == "replicas")
            readReplicas(field, into.replicas);
    });
}

void readStreamConfig(od::value value, StreamSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "name")
            read(field, into.name);
        else if (key == "subjects")
            read(field, into.subjects);
        else if (key == "retention")
            read(field, into.retention);
        else if (key == "storage")
            read(field, into.storage);
        else if (key == "discard")
            read(field, into.discard);
        else if (key == "max_msgs")
            read(field, into.maxMessages);
        else if (key == "max_bytes")
            read(field, into.maxBytes);
        else if (key == "max_msgs_per_subject")
            read(field, into.maxMessagesPerSubject);
        else if (key == "max_age")
            read(field, into.maxAge);
        else if (key == "allow_direct")
            read(field, into.allowDirect);
        else if (key == "sealed")
            read(field, into.sealed);
        else if (key == "num_replicas")
            read(field, into.configuredReplicas);
        else if (key == "metadata")
            readMetadata(field, into.metadata);
    });
}

void readStreamState(od::value value, StreamSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "messages")
            read(field, into.messages);
        else if (key == "bytes")
            read(field, into.bytes);
        else if (key == "first_seq")
            read(field, into.firstSequence);
        else if (key == "last_seq")
            read(field, into.lastSequence);
        else if (key == "first_ts")
            read(field, into.firstTime);
        else if (key == "last_ts")
            read(field, into.lastTime);
        else if (key == "num_subjects")
            read(field, into.subjectCount);
        else if (key == "num_deleted")
            read(field, into.deleted);
        else if (key == "consumer_count")
            read(field, into.consumerCount);
    });
}

void readMirror(od::value value, std::vector<SourceSnapshot>& into)
{
    od::object object;
    if (value.get_object().get(object) == simdjson::SUCCESS)
        readSource(object, into);
}

bool readStream(od::object object, StreamSnapshot& into, ServerTime& latest)
{
    const bool whole = forFields(object, [&](std::string_view key, od::value field) {
        if (key == "config")
            readStreamConfig(field, into);
        else if (key == "state")
            readStreamState(field, into);
        else if (key == "created")
            read(field, into.created);
        else if (key == "cluster")
            readPlacement(field, into.placement);
        else if (key == "sources")
            forObjects(field, [&](od::object source) { return readSource(source, into.sources); });
        else if (key == "mirror")
            readMirror(field, into.sources);
        else if (key == "ts")
            read(field, into.answered);
    });
    latest = std::max({latest, into.answered.value_or(ServerTime{}), into.lastTime, into.created});
    return whole;
}

template <typename Position>
void readPosition(od::value value, Position& into, std::optional<ServerTime>& lastActive)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "consumer_seq")
            read(field, into.consumer);
        else if (key == "stream_seq")
            read(field, into.stream);
        else if (key == "last_active")
            read(field, lastActive);
    });
}

void readConsumerConfig(od::value value, ConsumerSnapshot& into)
{
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "durable_name") {
            read(field, into.durable);
        } else if (key == "deliver_subject") {
            read(field, into.deliverSubject);
        } else if (key == "deliver_group") {
            read(field, into.deliverGroup);
        } else if (key == "deliver_policy") {
            read(field, into.deliverPolicy);
        } else if (key == "ack_policy") {
            read(field, into.ackPolicy);
        } else if (key == "filter_subject") {
            std::string filter;
            read(field, filter);
            if (!filter.empty())
                into.filters.push_back(std::move(filter));
        } else if (key == "filter_subjects") {
            read(field, into.filters);
        } else if (key == "ack_wait") {
            read(field, into.ackWait);
        } else if (key == "max_deliver") {
            read(field, into.maxDeliver);
        } else if (key == "max_ack_pending") {
            read(field, into.maxAckPending);
        } else if (key == "max_waiting") {
            read(field, into.maxWaiting);
        } else if (key == "metadata") {
            readMetadata(field, into.metadata);
        }
    });
}

bool readConsumer(od::object object, ConsumerSnapshot& into, ServerTime& latest)
{
    const bool whole = forFields(object, [&](std::string_view key, od::value field) {
        if (key == "stream_name")
            read(field, into.stream);
        else if (key == "name")
            read(field, into.name);
        else if (key == "created")
            read(field, into.created);
        else if (key == "config")
            readConsumerConfig(field, into);
        else if (key == "delivered")
            readPosition(field, into.delivered, into.lastDelivered);
        else if (key == "ack_floor")
            readPosition(field, into.ackFloor, into.lastAcked);
        else if (key == "num_ack_pending")
            read(field, into.ackPending);
        else if (key == "num_redelivered")
            read(field, into.redelivered);
        else if (key == "num_waiting")
            read(field, into.waiting);
        else if (key == "num_pending")
            read(field, into.pending);
        else if (key == "push_bound")
            read(field, into.pushBound);
        else if (key == "paused")
            read(field, into.paused);
        else if (key == "pause_remaining")
            read(field, into.pauseRemaining);
        else if (key == "cluster")
            readPlacement(field, into.placement);
        else if (key == "ts")
            read(field, into.answered);
    });
    latest = std::max({latest, into.answered.value_or(ServerTime{}),
                       into.lastDelivered.value_or(ServerTime{}), into.lastAcked.value_or(ServerTime{})});
    return whole;
}

ApiError readError(od::value value)
{
    ApiError error;
    std::int64_t code = 0;
    std::int64_t errCode = 0;
    forFields(value, [&](std::string_view key, od::value field) {
        if (key == "code")
            read(field, code);
        else if (key == "err_code")
            read(field, errCode);
        else if (key == "description")
            read(field, error.description);
    });
    error.code = code ? static_cast<int>(code) : 500;
    error.errCode = static_cast<int>(errCode);
    return error;
}

Error cutShort()
{
    return {ErrorCode::Corrupt, "the server's answer is no whole JSON object"};
}

// Called for fields that pages of both kinds have. True when it was one.
template <typename Page>
bool readPageField(std::string_view key, od::value field, Page& into)
{
    if (key == "total")
        read(field, into.page.total);
    else if (key == "limit")
        read(field, into.page.limit);
    else if (key == "missing")
        read(field, into.missing);
    else if (key == "error")
        into.error = readError(field);
    else
        return false;
    return true;
}

} // namespace

struct InfoParser::Impl
{
    od::parser parser;
    std::vector<char> buffer; // the answer with the room behind it that simdjson reads
    od::document document;

    Result<od::object> open(std::string_view answer)
    {
        if (buffer.size() < answer.size() + simdjson::SIMDJSON_PADDING)
            buffer.resize((answer.size() + simdjson::SIMDJSON_PADDING) * 2);
        if (!answer.empty())
            std::memcpy(buffer.data(), answer.data(), answer.size());
        std::memset(buffer.data() + answer.size(), 0, simdjson::SIMDJSON_PADDING);
        od::object root;
        if (parser.iterate(buffer.data(), answer.size(), buffer.size()).get(document) != simdjson::SUCCESS ||
            document.get_object().get(root) != simdjson::SUCCESS)
            return cutShort();
        return root;
    }

    /// Reads the whole answer as one object, unless it holds an API error.
    template <typename Row, typename ReadRow>
    Result<Row> single(std::string_view answer, ReadRow readRow)
    {
        if (const std::optional<ApiError> error = findApiError(answer))
            return error->toError();
        Result<od::object> root = open(answer);
        if (!root)
            return std::move(root).error();
        Row row;
        ServerTime ignored{};
        if (!readRow(*root, row, ignored))
            return cutShort();
        return row;
    }
};

InfoParser::InfoParser()
    : m_impl(std::make_unique<Impl>())
{}
InfoParser::~InfoParser() = default;

Result<StreamPage> InfoParser::streamList(std::string_view answer)
{
    Result<od::object> root = m_impl->open(answer);
    if (!root)
        return std::move(root).error();
    StreamPage page;
    bool whole = true;
    whole = forFields(*root,
                      [&](std::string_view key, od::value field) {
                          if (!readPageField(key, field, page) && key == "streams")
                              whole = forObjects(field,
                                                 [&](od::object object) {
                                                     return readStream(object, page.streams.emplace_back(),
                                                                       page.latest);
                                                 }) &&
                                      whole;
                      }) &&
            whole;
    if (!whole && !page.error)
        return cutShort();
    std::erase_if(page.streams, [](const StreamSnapshot& stream) { return stream.name.empty(); });
    page.page.items = page.streams.size();
    return page;
}

Result<ConsumerPage> InfoParser::consumerList(std::string_view answer, std::vector<ConsumerSnapshot>& into)
{
    Result<od::object> root = m_impl->open(answer);
    if (!root)
        return std::move(root).error();
    ConsumerPage page;
    const std::size_t before = into.size();
    bool whole = true;
    const auto readRow = [&](od::object object) {
        const bool rowIsWhole = readConsumer(object, into.emplace_back(), page.latest);
        if (into.back().name.empty())
            into.pop_back();
        return rowIsWhole;
    };
    whole = forFields(*root,
                      [&](std::string_view key, od::value field) {
                          if (!readPageField(key, field, page) && key == "consumers")
                              whole = forObjects(field, readRow) && whole;
                      }) &&
            whole;
    if (!whole && !page.error) {
        into.resize(before);
        return cutShort();
    }
    page.page.items = into.size() - before;
    return page;
}

Result<StreamSnapshot> InfoParser::stream(std::string_view answer)
{
    return m_impl->single<StreamSnapshot>(answer, readStream);
}

Result<ConsumerSnapshot> InfoParser::consumer(std::string_view answer)
{
    return m_impl->single<ConsumerSnapshot>(answer, readConsumer);
}

Result<InfoParser::FoundMessage> InfoParser::message(std::string_view answer)
{
    return m_impl->single<FoundMessage>(answer, [](od::object root, FoundMessage& into, ServerTime&) {
        return forFields(root, [&](std::string_view key, od::value field) {
            if (key != "message")
                return;
            forFields(field, [&](std::string_view name, od::value part) {
                if (name == "seq")
                    read(part, into.sequence);
                else if (name == "time")
                    read(part, into.time);
                else if (name == "subject")
                    read(part, into.subject);
                else if (name == "data")
                    into.bytes = bytesOfBase64(part);
            });
        });
    });
}

Result<std::uint64_t> InfoParser::subjectMessages(std::string_view answer)
{
    struct Counted
    {
        std::uint64_t messages = 0;
        std::uint64_t subjects = 0;
        std::uint64_t total = 0;
    };
    const Result<Counted> counted =
        m_impl->single<Counted>(answer, [](od::object root, Counted& into, ServerTime&) {
            return forFields(root, [&](std::string_view key, od::value field) {
                if (key == "total")
                    read(field, into.total);
                if (key != "state")
                    return;
                forFields(field, [&](std::string_view name, od::value part) {
                    if (name != "subjects")
                        return;
                    forFields(part, [&](std::string_view, od::value count) {
                        std::uint64_t messages = 0;
                        read(count, messages);
                        into.messages += messages;
                        ++into.subjects;
                    });
                });
            });
        });
    if (!counted)
        return counted.error();
    if (counted->total > counted->subjects)
        return Error(ErrorCode::Unsupported,
                     "the filter matches more subjects than the server tells at once");
    return counted->messages;
}

} // namespace jetlag
