// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_rows.h"

#include "replay/capture/capture_format.h"

#include <nlohmann/json.hpp>

namespace jetlag::capture {

namespace {

std::int64_t asInteger(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

std::int64_t asInteger(StreamSequence sequence)
{
    return asInteger(sequence.value());
}

StreamSequence sequenceAt(const sqlite::Statement& row, int column)
{
    return StreamSequence(row.unsignedInteger(column));
}

ServerTime timeAt(const sqlite::Statement& row, int column)
{
    return ServerTime(std::chrono::nanoseconds(row.integer(column)));
}

GapReason reasonFrom(std::string_view word)
{
    for (const GapReason reason : {GapReason::Denied, GapReason::Damaged, GapReason::NotRecorded}) {
        if (word == toString(reason))
            return reason;
    }
    return GapReason::Deleted;
}

std::int64_t gapChecksum(const GapRow& row, std::string_view reason)
{
    return RowChecksum()
        .integer(row.id)
        .integer(row.stream)
        .integer(asInteger(row.gap.first))
        .integer(asInteger(row.gap.last))
        .bytes(reason)
        .value();
}

} // namespace

std::int64_t nanosOf(ServerTime time) noexcept
{
    return time.time_since_epoch().count();
}

std::int64_t checksumOf(const StreamRow& row)
{
    return RowChecksum()
        .integer(row.id)
        .bytes(row.identity.name)
        .integer(nanosOf(row.identity.created))
        .integer(asInteger(row.identity.knownSequence))
        .integer(nanosOf(row.identity.knownTime))
        .bytes(row.config)
        .bytes(row.filters)
        .integer(asInteger(row.askedFrom))
        .integer(asInteger(row.coveredTo))
        .integer(asInteger(row.messages))
        .integer(asInteger(row.bytes))
        .integer(asInteger(row.firstSequence))
        .integer(asInteger(row.lastSequence))
        .integer(nanosOf(row.firstTime))
        .integer(nanosOf(row.lastTime))
        .value();
}

std::int64_t checksumOf(const SubjectRow& row)
{
    return RowChecksum()
        .integer(row.id)
        .integer(row.stream)
        .bytes(row.subject)
        .integer(asInteger(row.messages))
        .integer(asInteger(row.bytes))
        .integer(asInteger(row.firstSequence))
        .integer(asInteger(row.lastSequence))
        .value();
}

std::int64_t checksumOf(const ChunkHead& head, std::string_view data)
{
    return RowChecksum()
        .integer(head.id)
        .integer(head.stream)
        .integer(asInteger(head.row.firstSequence))
        .integer(asInteger(head.row.lastSequence))
        .integer(nanosOf(head.firstTime))
        .integer(nanosOf(head.lastTime))
        .integer(asInteger(head.before))
        .integer(asInteger(head.row.count))
        .integer(asInteger(head.row.payloadBytes))
        .integer(asInteger(head.row.bodyBytes))
        .dataBytes(data)
        .value();
}

std::int64_t checksumOf(const GapRow& row)
{
    return gapChecksum(row, toString(row.gap.reason));
}

std::int64_t checksumOfMeta(std::string_view key, std::string_view value)
{
    return RowChecksum().bytes(key).bytes(value).value();
}

std::optional<StreamRow> readStream(const sqlite::Statement& row)
{
    StreamRow stream;
    stream.id = row.integer(0);
    stream.identity.name = row.blob(1);
    stream.identity.created = timeAt(row, 2);
    stream.identity.knownSequence = sequenceAt(row, 3);
    stream.identity.knownTime = timeAt(row, 4);
    stream.config = row.text(5);
    stream.filters = row.text(6);
    stream.askedFrom = sequenceAt(row, 7);
    stream.coveredTo = sequenceAt(row, 8);
    stream.messages = row.unsignedInteger(9);
    stream.bytes = row.unsignedInteger(10);
    stream.firstSequence = sequenceAt(row, 11);
    stream.lastSequence = sequenceAt(row, 12);
    stream.firstTime = timeAt(row, 13);
    stream.lastTime = timeAt(row, 14);
    if (row.integer(15) != checksumOf(stream))
        return std::nullopt;
    return stream;
}

std::optional<SubjectRow> readSubject(const sqlite::Statement& row)
{
    SubjectRow subject;
    subject.id = row.integer(0);
    subject.stream = row.integer(1);
    subject.subject = row.blob(2);
    subject.messages = row.unsignedInteger(3);
    subject.bytes = row.unsignedInteger(4);
    subject.firstSequence = sequenceAt(row, 5);
    subject.lastSequence = sequenceAt(row, 6);
    if (row.integer(7) != checksumOf(subject))
        return std::nullopt;
    return subject;
}

std::optional<ChunkHead> readChunk(const sqlite::Statement& row)
{
    ChunkHead head;
    head.id = row.integer(0);
    head.stream = row.integer(1);
    head.row.firstSequence = row.unsignedInteger(2);
    head.row.lastSequence = row.unsignedInteger(3);
    head.firstTime = timeAt(row, 4);
    head.lastTime = timeAt(row, 5);
    head.before = row.unsignedInteger(6);
    head.row.count = row.unsignedInteger(7);
    head.row.payloadBytes = row.unsignedInteger(8);
    head.row.bodyBytes = row.unsignedInteger(9);
    if (row.integer(10) != checksumOf(head, row.blob(11)))
        return std::nullopt;
    return head;
}

std::optional<GapRow> readGap(const sqlite::Statement& row)
{
    GapRow gap{
        row.integer(0), row.integer(1), {sequenceAt(row, 2), sequenceAt(row, 3), reasonFrom(row.text(4))}};
    if (row.integer(5) != gapChecksum(gap, row.text(4)))
        return std::nullopt;
    return gap;
}

std::string filtersToJson(const std::vector<std::string>& filters)
{
    // Replace: a pattern that is no UTF-8 must not throw; it is shown, the chunks are what counts.
    return nlohmann::json(filters).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> filtersFromJson(std::string_view json)
{
    const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    std::vector<std::string> filters;
    if (!parsed.is_array())
        return filters;
    for (const nlohmann::json& filter : parsed) {
        if (!filter.is_string())
            return {};
        filters.push_back(filter.get<std::string>());
    }
    return filters;
}

} // namespace jetlag::capture
