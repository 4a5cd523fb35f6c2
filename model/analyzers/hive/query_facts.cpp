// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/query_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <unordered_set>

namespace jetlag {

namespace {

// Names of users, queues, tables: Hive's metastore allows 128 to 256 characters each.
constexpr std::size_t kMaxNameBytes = 1024;
// The longest query text seen in Hive's own tests has 203 KB, one in ten thousand more than 64 KB.
constexpr std::size_t kMaxTextBytes = 64 * 1024;
constexpr std::size_t kMaxErrorBytes = 4 * 1024;
constexpr std::size_t kMaxTables = 1'000;

enum Flag : std::uint8_t {
    Submitted = 1,
    Completed = 2,
    HasStart = 4,
    HasEnd = 8,
    HasTablesRead = 16,
    HasTablesWritten = 32,
    AllFlags = 63,
};

void packText(ByteWriter& writer, std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        writer.string(text);
    else
        writer.string(clipped(text, limit));
}

// Distinct names in the order given; names of a list that was cut come out as they went in.
void packNames(ByteWriter& writer, const std::vector<std::string_view>& names)
{
    std::vector<std::string_view> distinct;
    distinct.reserve(names.size());
    std::unordered_set<std::string_view> seen; // of long lists only: most hold one or two names
    std::list<std::string> cut;
    constexpr std::size_t kShort = 16;
    for (std::string_view name : names) {
        if (name.size() > kMaxNameBytes)
            name = cut.emplace_back(clipped(name, kMaxNameBytes));
        const bool isNew = names.size() > kShort
                               ? seen.insert(name).second
                               : std::find(distinct.begin(), distinct.end(), name) == distinct.end();
        if (isNew)
            distinct.push_back(name);
    }
    if (distinct.size() > kMaxTables) {
        cut.push_back(fmt::format("... [{} more]", distinct.size() - (kMaxTables - 1)));
        distinct.resize(kMaxTables - 1);
        distinct.push_back(cut.back());
    }
    writer.u32(static_cast<std::uint32_t>(distinct.size()));
    for (std::string_view name : distinct)
        writer.string(name);
}

bool unpackNames(ByteReader& reader, std::vector<std::string_view>& names)
{
    const std::uint32_t count = reader.u32();
    if (count > kMaxTables)
        return false;
    names.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
        names.push_back(reader.string());
    return true;
}

} // namespace

void QueryFacts::add(const HiveEvent& event)
{
    const bool first = event.phase == HivePhase::Submitted   ? !submitted
                       : event.phase == HivePhase::Completed ? !completed
                                                             : true;
    if (!first)
        return;
    const bool wins = event.phase == HivePhase::Submitted;
    const auto take = [wins](auto& known, const auto& told, bool isTold, bool isKnown) {
        if (isTold && (wins || !isKnown))
            known = told;
    };
    const auto takeText = [&take](std::string_view& known, std::string_view told) {
        take(known, told, !told.empty(), !known.empty());
    };
    takeText(user, event.user);
    takeText(requestUser, event.requestUser);
    takeText(queue, event.queue);
    takeText(executionMode, event.executionMode);
    takeText(operation, event.operation);
    takeText(error, event.error);
    takeText(queryText, event.queryText);
    take(tablesRead, event.tablesRead, event.tablesRead.has_value(), tablesRead.has_value());
    take(tablesWritten, event.tablesWritten, event.tablesWritten.has_value(), tablesWritten.has_value());
    take(startTime, event.startTime, event.startTime.has_value(), startTime.has_value());

    submitted = submitted || event.phase == HivePhase::Submitted;
    if (event.phase == HivePhase::Completed) {
        completed = true;
        outcome = event.outcome;
        endTime = event.endTime;
    }
}

void QueryFacts::pack(ByteWriter& writer) const
{
    unsigned flags = 0;
    const auto flag = [&flags](Flag which, bool on) {
        if (on)
            flags |= which;
    };
    flag(Submitted, submitted);
    flag(Completed, completed);
    flag(HasStart, startTime.has_value());
    flag(HasEnd, endTime.has_value());
    flag(HasTablesRead, tablesRead.has_value());
    flag(HasTablesWritten, tablesWritten.has_value());
    writer.u8(static_cast<std::uint8_t>(flags));
    writer.u8(static_cast<std::uint8_t>(outcome));
    if (startTime)
        writer.i64(*startTime);
    if (endTime)
        writer.i64(*endTime);
    for (std::string_view name : {user, requestUser, queue, executionMode, operation})
        packText(writer, name, kMaxNameBytes);
    packText(writer, error, kMaxErrorBytes);
    packText(writer, queryText, kMaxTextBytes);
    if (tablesRead)
        packNames(writer, *tablesRead);
    if (tablesWritten)
        packNames(writer, *tablesWritten);
}

bool QueryFacts::unpack(ByteReader& reader)
{
    const std::uint8_t flags = reader.u8();
    const std::uint8_t outcomeByte = reader.u8();
    if (flags > AllFlags || outcomeByte > static_cast<std::uint8_t>(HiveOutcome::Failed))
        return false;
    submitted = (flags & Submitted) != 0;
    completed = (flags & Completed) != 0;
    outcome = static_cast<HiveOutcome>(outcomeByte);
    if ((flags & HasStart) != 0)
        startTime = reader.i64();
    if ((flags & HasEnd) != 0)
        endTime = reader.i64();
    for (std::string_view* name :
         {&user, &requestUser, &queue, &executionMode, &operation, &error, &queryText})
        *name = reader.string();
    if ((flags & HasTablesRead) != 0 && !unpackNames(reader, tablesRead.emplace()))
        return false;
    if ((flags & HasTablesWritten) != 0 && !unpackNames(reader, tablesWritten.emplace()))
        return false;
    return reader.ok();
}

std::string clipped(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return std::string(text);
    constexpr std::size_t kMarkerBytes = 32; // "... [18446744073709551615 bytes]"
    std::size_t end = limit > kMarkerBytes ? limit - kMarkerBytes : 0;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return fmt::format("{}... [{} bytes]", text.substr(0, end), text.size());
}

} // namespace jetlag
