// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/unjoined_events.h"

#include "model/analyzers/hive/query_facts.h"

#include <algorithm>

namespace jetlag {

namespace {

void snapshotTally(ByteWriter& writer, const UnjoinedEvents::Tally& tally)
{
    writer.u64(tally.count);
    writer.boolean(tally.firstTime.has_value());
    writer.i64(tally.firstTime.value_or(0));
    writer.i64(tally.lastTime.value_or(0));
}

UnjoinedEvents::Tally restoreTally(ByteReader& reader)
{
    UnjoinedEvents::Tally tally;
    tally.count = reader.u64();
    const bool dated = reader.boolean();
    const std::int64_t first = reader.i64();
    const std::int64_t last = reader.i64();
    if (dated) {
        tally.firstTime = first;
        tally.lastTime = last;
    }
    return tally;
}

} // namespace

void UnjoinedEvents::Tally::add(std::optional<std::int64_t> time)
{
    ++count;
    if (!time)
        return;
    firstTime = std::min(firstTime.value_or(*time), *time);
    lastTime = std::max(lastTime.value_or(*time), *time);
}

void UnjoinedEvents::add(std::string_view eventType, std::string_view error, std::optional<std::int64_t> time)
{
    Group group(clipped(eventType, kMaxTextBytes), clipped(error, kMaxTextBytes));
    auto known = m_groups.find(group);
    if (known == m_groups.end()) {
        if (m_groups.size() == kMaxGroups)
            return m_others.add(time);
        known = m_groups.try_emplace(std::move(group)).first;
    }
    known->second.add(time);
}

void UnjoinedEvents::snapshot(ByteWriter& writer) const
{
    writer.u32(static_cast<std::uint32_t>(m_groups.size()));
    for (const auto& [group, tally] : m_groups) {
        writer.string(group.first);
        writer.string(group.second);
        snapshotTally(writer, tally);
    }
    snapshotTally(writer, m_others);
}

bool UnjoinedEvents::restore(ByteReader& reader)
{
    const std::uint32_t groups = reader.u32();
    if (groups > kMaxGroups)
        return false;
    for (std::uint32_t i = 0; i < groups; ++i) {
        std::string eventType(reader.string());
        std::string error(reader.string());
        m_groups[Group(std::move(eventType), std::move(error))] = restoreTally(reader);
    }
    m_others = restoreTally(reader);
    return m_groups.size() == groups;
}

} // namespace jetlag
