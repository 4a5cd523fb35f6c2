// SPDX-License-Identifier: Apache-2.0
#include "model/service/result_format.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;

// Text from outside goes into JSON as it is where it is UTF-8; anything else would make the document
// invalid and comes out escaped.
std::string jsonText(std::string_view text)
{
    return isValidUtf8(text) ? std::string(text) : safeForDisplay(text);
}

struct CellToJson
{
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(double value) const { return std::isfinite(value) ? Json(value) : Json(nullptr); }
    Json operator()(const std::string& value) const { return jsonText(value); }
    Json operator()(const std::vector<std::string>& values) const
    {
        Json list = Json::array();
        for (const std::string& value : values)
            list.push_back(jsonText(value));
        return list;
    }
    template <typename Number>
    Json operator()(Number value) const
    {
        return value;
    }
};

Json rowsJson(const Table& table)
{
    Json rows = Json::array();
    for (const Row& row : table.rows()) {
        Json object = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i)
            object[table.schema().columns[i].name] = std::visit(CellToJson(), row[i]);
        rows.push_back(std::move(object));
    }
    return rows;
}

Json resultJson(const ReplayResult& result, const std::vector<std::string>& tables)
{
    const EngineCounters& counters = result.engine.counters;
    Json object = {{"analyzer", result.analyzer},
                   {"version", result.version},
                   {"events", counters.events()},
                   {"quarantined", counters.quarantined},
                   {"skipped", counters.skipped},
                   {"messages", counters.records.messages},
                   {"duplicates", counters.records.duplicates},
                   {"parked", counters.records.parked},
                   {"lost", counters.records.lost},
                   {"partial", result.engine.partial},
                   {"first_sequence", result.engine.firstSequence.value()},
                   {"last_sequence", result.engine.lastSequence.value()},
                   {"digest", result.engine.digest.toHex()}};
    if (result.cancelled)
        object["cancelled"] = true;
    Json shown = Json::object();
    for (const Table& table : result.engine.tables) {
        const std::string& name = table.schema().name;
        if (tables.empty() || std::find(tables.begin(), tables.end(), name) != tables.end())
            shown[name] = rowsJson(table);
    }
    object["result"] = std::move(shown);
    return object;
}

bool isUnknown(const Cell& cell)
{
    const auto* number = std::get_if<double>(&cell);
    return std::holds_alternative<std::monostate>(cell) || (number && !std::isfinite(*number));
}

std::string csvField(std::string text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

template <typename Value>
std::string joined(const std::vector<Value>& values)
{
    return fmt::format("{}", fmt::join(values, " "));
}

} // namespace

std::string replayResultJson(const ReplayResult& result, const std::vector<std::string>& tables)
{
    return resultJson(result, tables).dump();
}

std::string collectorJson(const CollectorSummary& summary)
{
    Json object = resultJson(summary.result, {});
    object["stream"] = jsonText(summary.stream);
    object["collector"] = jsonText(summary.collector);
    object["read_again"] = summary.readAgain;
    object["redelivered"] = summary.redelivered;
    return object.dump();
}

std::string tableJson(const Table& table)
{
    return rowsJson(table).dump();
}

std::string tableCsv(const Table& table)
{
    std::string csv;
    const auto line = [&csv](auto begin, auto end, auto toText) {
        for (auto it = begin; it != end; ++it) {
            if (it != begin)
                csv += ',';
            csv += csvField(toText(*it));
        }
        csv += "\r\n";
    };
    const std::vector<Column>& columns = table.schema().columns;
    line(columns.begin(), columns.end(), [](const Column& column) { return column.name; });
    for (const Row& row : table.rows()) {
        line(row.begin(), row.end(),
             [](const Cell& cell) { return isUnknown(cell) ? std::string() : cellText(cell); });
    }
    return csv;
}

std::string cellText(const Cell& cell)
{
    struct ToText
    {
        std::string operator()(std::monostate) const { return "–"; }
        std::string operator()(bool value) const { return value ? "true" : "false"; }
        std::string operator()(std::int64_t value) const { return fmt::to_string(value); }
        std::string operator()(std::uint64_t value) const { return fmt::to_string(value); }
        std::string operator()(double value) const
        {
            return std::isfinite(value) ? fmt::format("{:.6g}", value) : "–";
        }
        std::string operator()(const std::string& value) const { return safeForDisplay(value); }
        std::string operator()(const std::vector<std::string>& values) const
        {
            return safeForDisplay(joined(values));
        }
        std::string operator()(const std::vector<std::int64_t>& values) const { return joined(values); }
    };
    return std::visit(ToText(), cell);
}

std::string messageJson(const Message& message)
{
    Json object = {{"sequence", message.sequence.value()}, {"time", formatRfc3339(message.time)}};
    if (isValidUtf8(message.subject)) {
        object["subject"] = std::string(message.subject);
    } else {
        object["subject"] = percentEncode(message.subject, "._-");
        object["subject_encoded"] = true;
    }
    Json headers = Json::object();
    bool headersEncoded = false;
    for (const HeaderField& field : message.headers) {
        const bool plain = isValidUtf8(field.name) && isValidUtf8(field.value);
        headersEncoded = headersEncoded || !plain;
        const std::string name = plain ? std::string(field.name) : percentEncode(field.name, "-");
        headers[name].push_back(plain ? std::string(field.value) : percentEncode(field.value, " -:/"));
    }
    object["headers"] = std::move(headers);
    if (headersEncoded)
        object["headers_encoded"] = true;
    if (isValidUtf8(message.payload))
        object["body"] = std::string(message.payload);
    else
        object["body_base64"] = base64Encode(message.payload);
    return object.dump();
}

} // namespace jetlag
