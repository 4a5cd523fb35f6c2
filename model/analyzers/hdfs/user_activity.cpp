// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/user_activity.h"

#include <algorithm>

namespace jetlag {

void OperationTally::add(std::int64_t time, bool wasDenied)
{
    ++count;
    denied += wasDenied ? 1 : 0;
    firstTime = std::min(firstTime, time);
    lastTime = std::max(lastTime, time);
}

void OperationTally::snapshot(ByteWriter& writer) const
{
    writer.u64(count);
    writer.u64(denied);
    writer.i64(firstTime);
    writer.i64(lastTime);
}

void OperationTally::restore(ByteReader& reader)
{
    count = reader.u64();
    denied = reader.u64();
    firstTime = reader.i64();
    lastTime = reader.i64();
}

void UserActivity::add(std::int64_t time, bool wasDenied, std::string_view command, std::string_view path)
{
    m_total.add(time, wasDenied);
    tallyOf(command).add(time, wasDenied);
    Hour& hour = hourOf(time);
    ++hour.count;
    hour.denied += wasDenied ? 1 : 0;
    if (wasDenied)
        deniedTallyOf(command, path).add(time, true);
}

OperationTally& UserActivity::tallyOf(std::string_view command)
{
    const auto known = std::find_if(m_commands.begin(), m_commands.end(),
                                    [command](const Command& each) { return each.name == command; });
    if (known != m_commands.end())
        return known->tally;
    if (m_commands.size() == kMaxCommands || command.size() > kMaxCommandBytes)
        return m_otherCommands;
    return m_commands.emplace_back(Command{std::string(command), {}}).tally;
}

UserActivity::Hour& UserActivity::hourOf(std::int64_t time)
{
    const std::int64_t remainder = time % kHourMillis;
    const std::int64_t start = time - remainder - (remainder < 0 ? kHourMillis : 0);
    if (!m_hours.empty() && m_hours.back().start == start)
        return m_hours.back();
    auto place = std::lower_bound(m_hours.begin(), m_hours.end(), start,
                                  [](const Hour& hour, std::int64_t wanted) { return hour.start < wanted; });
    if (place != m_hours.end() && place->start == start)
        return *place;
    if (m_hours.size() == kMaxHours) {
        if (place == m_hours.begin())
            return m_earlierHours;
        m_earlierHours.count += m_hours.front().count;
        m_earlierHours.denied += m_hours.front().denied;
        place = std::move(std::next(m_hours.begin()), place, m_hours.begin());
        *place = Hour{start, 0, 0};
        return *place;
    }
    return *m_hours.insert(place, Hour{start, 0, 0});
}

OperationTally& UserActivity::deniedTallyOf(std::string_view command, std::string_view path)
{
    struct
    {
        std::string_view command;
        std::string_view path;
    } const wanted{command, path};
    const auto known = m_denied.find(wanted);
    if (known != m_denied.end())
        return known->second;
    const std::size_t bytes = command.size() + path.size();
    if (m_denied.size() == kMaxDenied || bytes > kMaxDeniedBytes - m_deniedBytes)
        return m_otherDenied;
    m_deniedBytes += bytes;
    return m_denied[DeniedAccess{std::string(command), std::string(path)}];
}

void UserActivity::snapshot(ByteWriter& writer) const
{
    m_total.snapshot(writer);

    std::vector<const Command*> sorted;
    sorted.reserve(m_commands.size());
    for (const Command& command : m_commands)
        sorted.push_back(&command);
    std::sort(sorted.begin(), sorted.end(),
              [](const Command* a, const Command* b) { return a->name < b->name; });
    writer.u32(static_cast<std::uint32_t>(sorted.size()));
    for (const Command* command : sorted) {
        writer.string(command->name);
        command->tally.snapshot(writer);
    }
    m_otherCommands.snapshot(writer);

    writer.u32(static_cast<std::uint32_t>(m_hours.size()));
    for (const Hour& hour : m_hours) {
        writer.i64(hour.start);
        writer.u64(hour.count);
        writer.u64(hour.denied);
    }
    writer.u64(m_earlierHours.count);
    writer.u64(m_earlierHours.denied);

    writer.u32(static_cast<std::uint32_t>(m_denied.size()));
    for (const auto& [access, tally] : m_denied) {
        writer.string(access.command);
        writer.string(access.path);
        tally.snapshot(writer);
    }
    m_otherDenied.snapshot(writer);
}

bool UserActivity::restore(ByteReader& reader)
{
    m_total.restore(reader);

    const std::uint32_t commands = reader.u32();
    if (commands > kMaxCommands)
        return false;
    for (std::uint32_t i = 0; i < commands; ++i) {
        Command& command = m_commands.emplace_back();
        command.name = reader.string();
        command.tally.restore(reader);
    }
    m_otherCommands.restore(reader);

    const std::uint32_t hours = reader.u32();
    if (hours > kMaxHours)
        return false;
    for (std::uint32_t i = 0; i < hours; ++i) {
        Hour& hour = m_hours.emplace_back();
        hour.start = reader.i64();
        hour.count = reader.u64();
        hour.denied = reader.u64();
    }
    m_earlierHours.count = reader.u64();
    m_earlierHours.denied = reader.u64();

    const std::uint32_t denied = reader.u32();
    if (denied > kMaxDenied)
        return false;
    for (std::uint32_t i = 0; i < denied; ++i) {
        DeniedAccess access;
        access.command = reader.string();
        access.path = reader.string();
        m_deniedBytes += access.command.size() + access.path.size();
        m_denied[std::move(access)].restore(reader);
    }
    m_otherDenied.restore(reader);

    // Hours are searched: out of order they would be counted twice.
    return m_deniedBytes <= kMaxDeniedBytes && m_denied.size() == denied &&
           std::is_sorted(m_hours.begin(), m_hours.end(),
                          [](const Hour& a, const Hour& b) { return a.start <= b.start; });
}

} // namespace jetlag
