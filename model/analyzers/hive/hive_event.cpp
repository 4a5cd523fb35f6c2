// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/hive_event.h"

#include "model/base/byte_arena.h"
#include "model/event/event.h"

#include <simdjson.h>

#include <charconv>

namespace jetlag {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

static_assert(kPayloadPadding >= simdjson::SIMDJSON_PADDING);

std::string_view textOf(const element& value)
{
    std::string_view text;
    return value.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// Milliseconds. Numbers of 64 bits are strings where protobuf wrote the JSON. What is no time of a calendar
// with four digits for the year counts as not given: differences of two times then always fit.
std::optional<std::int64_t> timeOf(const element& value)
{
    constexpr std::int64_t kLatest = 253'402'300'799'999; // the last millisecond of the year 9999
    std::int64_t number = 0;
    if (value.get_int64().get(number) != simdjson::SUCCESS) {
        const std::string_view text = textOf(value);
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (text.empty() || failure != std::errc() || end != text.data() + text.size())
            return std::nullopt;
    }
    return number >= 0 && number <= kLatest ? std::optional(number) : std::nullopt;
}

HiveOutcome outcomeOf(const element& value)
{
    bool succeeded = false;
    if (value.get_bool().get(succeeded) != simdjson::SUCCESS) {
        const std::string_view text = textOf(value);
        if (text != "true" && text != "false")
            return HiveOutcome::Unknown;
        succeeded = text == "true";
    }
    return succeeded ? HiveOutcome::Succeeded : HiveOutcome::Failed;
}

void takeNames(const element& value, std::optional<std::vector<std::string_view>>& names)
{
    simdjson::dom::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return;
    names.emplace();
    for (const element& each : list) {
        const std::string_view name = textOf(each);
        if (!name.empty())
            names->push_back(name);
    }
}

// A parser keeps memory for several times the largest text it saw: one huge record must not pin it.
void dropLargeMemory(simdjson::dom::parser& parser)
{
    constexpr std::size_t kKept = 4 * 1024 * 1024;
    if (parser.capacity() > kKept)
        parser = simdjson::dom::parser();
}

} // namespace

struct HiveEventReader::Parsers
{
    simdjson::dom::parser record;
    simdjson::dom::parser query; ///< for JSON text inside the record

    // `QUERY` is an object, or the same as JSON text in a string, which is what Hive's hook writes; a
    // string that is no JSON object is taken as the query's own text.
    std::string_view queryTextOf(const element& value)
    {
        object holder;
        if (value.get_object().get(holder) == simdjson::SUCCESS)
            return queryTextIn(holder);
        const std::string_view text = textOf(value);
        if (text.empty() || text.find('{') == std::string_view::npos)
            return text;
        element inner;
        if (query.parse(text.data(), text.size()).get(inner) != simdjson::SUCCESS ||
            inner.get_object().get(holder) != simdjson::SUCCESS)
            return text;
        return queryTextIn(holder);
    }

    static std::string_view queryTextIn(const object& holder)
    {
        element text;
        return holder.at_key("queryText").get(text) == simdjson::SUCCESS ? textOf(text) : std::string_view();
    }

    void takeOther(std::string_view key, const element& value, HiveEvent& event)
    {
        if (key == "QUERY")
            event.queryText = queryTextOf(value);
        else if (key == "STATUS")
            event.outcome = outcomeOf(value);
        else if (key == "ERROR_MESSAGE")
            event.error = textOf(value);
    }

    // A map, or a list of `{"key","value"}` where protobuf wrote the JSON.
    void takeOthers(const element& value, HiveEvent& event)
    {
        if (object map; value.get_object().get(map) == simdjson::SUCCESS) {
            for (const simdjson::dom::key_value_pair& field : map)
                takeOther(field.key, field.value, event);
            return;
        }
        simdjson::dom::array list;
        if (value.get_array().get(list) != simdjson::SUCCESS)
            return;
        for (const element& entry : list) {
            element key;
            element inner;
            if (entry.at_key("key").get(key) == simdjson::SUCCESS &&
                entry.at_key("value").get(inner) == simdjson::SUCCESS)
                takeOther(textOf(key), inner, event);
        }
    }

    void takeHookField(std::string_view key, const element& value, HiveEvent& event)
    {
        if (key == "eventType")
            event.eventType = textOf(value);
        else if (key == "hiveQueryId")
            event.queryId = event.queryId.empty() ? textOf(value) : event.queryId; // what the routing key is
        else if (key == "timestamp")
            event.time = timeOf(value);
        else if (key == "executionMode")
            event.executionMode = textOf(value);
        else if (key == "requestUser")
            event.requestUser = textOf(value);
        else if (key == "queue")
            event.queue = textOf(value);
        else if (key == "user")
            event.user = textOf(value);
        else if (key == "operationType")
            event.operation = textOf(value);
        else if (key == "tablesWritten")
            takeNames(value, event.tablesWritten);
        else if (key == "tablesRead")
            takeNames(value, event.tablesRead);
        else if (key == "otherInfo")
            takeOthers(value, event);
    }

    static void takeAtlasField(std::string_view key, const element& value, HiveEvent& event)
    {
        if (key == "queryId")
            event.queryId = textOf(value);
        else if (key == "userName")
            event.user = textOf(value);
        else if (key == "operationType")
            event.operation = textOf(value);
        else if (key == "queryText")
            event.queryText = textOf(value);
        else if (key == "startTime")
            event.startTime = timeOf(value);
        else if (key == "endTime")
            event.endTime = timeOf(value);
    }
};

HiveEventReader::HiveEventReader()
    : m_parsers(std::make_unique<Parsers>())
{}
HiveEventReader::~HiveEventReader() = default;

bool HiveEventReader::read(const Event& from, HiveEvent& event)
{
    event = {};
    dropLargeMemory(m_parsers->record); // here, not behind the parsing: the last event's views are over now
    dropLargeMemory(m_parsers->query);
    element root;
    if (m_parsers->record.parse(from.payload.data(), from.payload.size(), /*realloc_if_needed=*/!from.padded)
            .get(root) != simdjson::SUCCESS)
        return false;
    object record;
    if (root.get_object().get(record) != simdjson::SUCCESS)
        return true;

    std::optional<element> attributes;
    bool isAtlas = false;
    for (const simdjson::dom::key_value_pair& field : record) {
        m_parsers->takeHookField(field.key, field.value, event);
        if (field.key == "typeName")
            isAtlas = textOf(field.value) == "hive_process";
        else if (field.key == "attributes")
            attributes = field.value;
    }

    if (event.eventType == "QUERY_SUBMITTED") {
        event.phase = HivePhase::Submitted;
        event.startTime = event.time;
    } else if (event.eventType == "QUERY_COMPLETED") {
        event.phase = HivePhase::Completed;
        event.endTime = event.time;
    } else if (event.eventType == "COMPILE_FAILED") {
        event.phase = HivePhase::Completed;
        event.outcome = HiveOutcome::Failed;
        event.endTime = event.time;
    } else if (object inner;
               isAtlas && attributes && attributes->get_object().get(inner) == simdjson::SUCCESS) {
        // Atlas hears of a query once, when it has succeeded.
        event.eventType = "hive_process";
        event.phase = HivePhase::Completed;
        event.outcome = HiveOutcome::Succeeded;
        for (const simdjson::dom::key_value_pair& field : inner)
            Parsers::takeAtlasField(field.key, field.value, event);
        event.time = event.endTime ? event.endTime : event.startTime;
    }
    return true;
}

} // namespace jetlag
