// SPDX-License-Identifier: Apache-2.0
#include "replay/source/record_time.h"

#include "model/analyzers/hdfs/audit_line.h"
#include "model/analyzers/hive/hive_event.h"
#include "model/event/event.h"

#include <simdjson.h>

#include <string>
#include <utility>

namespace jetlag {

namespace {

ServerTime fromMillis(std::int64_t millis)
{
    return ServerTime(std::chrono::milliseconds(millis));
}

/// Where Spark's events keep their time: in the event itself, or one level down.
struct SparkTimePlace
{
    std::string_view event;
    const char* object; ///< nullptr = the event itself
    const char* field;
};
constexpr SparkTimePlace kSparkTimePlaces[] = {
    {"SparkListenerTaskStart", "Task Info", "Launch Time"},
    {"SparkListenerTaskGettingResult", "Task Info", "Getting Result Time"},
    {"SparkListenerTaskEnd", "Task Info", "Finish Time"},
    {"SparkListenerStageSubmitted", "Stage Info", "Submission Time"},
    {"SparkListenerStageCompleted", "Stage Info", "Completion Time"},
    {"SparkListenerJobStart", nullptr, "Submission Time"},
    {"SparkListenerJobEnd", nullptr, "Completion Time"},
    {"SparkListenerSQLExecutionStart", nullptr, "time"},
    {"SparkListenerSQLExecutionEnd", nullptr, "time"},
};

} // namespace

struct RecordTimeReader::State
{
    State(RecordKind givenKind, TimeZone givenZone)
        : kind(givenKind)
        , zone(std::move(givenZone))
    {}

    RecordKind kind;
    TimeZone zone;
    simdjson::ondemand::parser json;
    HiveEventReader hive;

    std::optional<ServerTime> sparkTime(std::string_view record)
    {
        simdjson::ondemand::document document;
        simdjson::ondemand::object event;
        std::string_view name;
        if (json.iterate(record.data(), record.size(), record.size() + kPayloadPadding).get(document) ||
            document.get_object().get(event) || event["Event"].get_string().get(name))
            return std::nullopt;
        SparkTimePlace place{name, nullptr, "Timestamp"};
        for (const SparkTimePlace& known : kSparkTimePlaces) {
            // SQL events carry their package in front.
            if (name.ends_with(known.event))
                place = known;
        }
        std::int64_t millis = 0;
        const bool failed = place.object ? bool(event[place.object][place.field].get_int64().get(millis))
                                         : bool(event[place.field].get_int64().get(millis));
        if (failed || millis <= 0)
            return std::nullopt;
        return fromMillis(millis);
    }

    std::optional<ServerTime> auditTime(std::string_view record) const
    {
        const std::optional<AuditLine> line = parseAuditLine(record);
        if (!line)
            return std::nullopt;
        return fromMillis(zone.toUnixSeconds(line->localSeconds) * 1000 + line->milliseconds);
    }

    std::optional<ServerTime> hiveTime(std::string_view record)
    {
        Event from;
        from.payload = record;
        from.padded = true;
        HiveEvent event;
        if (!hive.read(from, event))
            return std::nullopt;
        for (const std::optional<std::int64_t>& time : {event.time, event.endTime, event.startTime}) {
            if (time)
                return fromMillis(*time);
        }
        return std::nullopt;
    }
};

RecordTimeReader::RecordTimeReader(RecordKind kind, TimeZone zone)
    : m_state(std::make_unique<State>(kind, std::move(zone)))
{}
RecordTimeReader::~RecordTimeReader() = default;
RecordTimeReader::RecordTimeReader(RecordTimeReader&&) noexcept = default;
RecordTimeReader& RecordTimeReader::operator=(RecordTimeReader&&) noexcept = default;

std::optional<ServerTime> RecordTimeReader::timeOf(std::string_view record)
{
    switch (m_state->kind) {
    case RecordKind::Spark:
        return m_state->sparkTime(record);
    case RecordKind::Hdfs:
        return m_state->auditTime(record);
    case RecordKind::Hive:
        return m_state->hiveTime(record);
    case RecordKind::Lines:
        // Any text: an RFC 3339 time in front, where there is one.
        if (const Result<ServerTime> time = parseRfc3339(record.substr(0, record.find_first_of(" \t"))))
            return *time;
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace jetlag
