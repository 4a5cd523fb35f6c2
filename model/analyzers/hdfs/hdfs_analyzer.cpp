// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/hdfs_analyzer.h"

#include "model/analyzers/hdfs/audit_line.h"
#include "model/analyzers/hdfs/user_activity.h"
#include "model/analyzers/keyed_shard.h"
#include "model/analyzers/kind.h"
#include "model/base/time_zone.h"
#include "model/record/record_keys.h"

#include <limits>
#include <stdexcept>

namespace jetlag {

namespace {

/// Local times to moments. Lines of one minute are many and share one offset, so the zone's rules are asked
/// once per minute and zone (changes of clocks fall on whole minutes).
class LocalTimes final
{
public:
    /// Milliseconds UTC. Throws when this machine's database lacks the zone: the line is well-formed, only
    /// nobody here can tell when it was.
    std::int64_t toUnixMillis(const AuditLine& line, std::string_view zone)
    {
        if (zone != m_zone.name() && !(zone.empty() && m_zone.isUtc()))
            change(zone);
        if (m_zone.isUtc())
            return line.localSeconds * 1000 + line.milliseconds;
        const std::int64_t minute = line.localSeconds / 60;
        if (minute != m_minute) {
            m_offset = m_zone.toUnixSeconds(minute * 60) - minute * 60;
            m_minute = minute;
        }
        return (line.localSeconds + m_offset) * 1000 + line.milliseconds;
    }

private:
    void change(std::string_view zone)
    {
        Result<TimeZone> named = TimeZone::named(zone);
        if (!named)
            throw std::runtime_error(named.error().message());
        m_zone = *std::move(named);
        m_minute = kNoMinute;
    }

    static constexpr std::int64_t kNoMinute = std::numeric_limits<std::int64_t>::min();
    TimeZone m_zone;
    std::int64_t m_minute = kNoMinute;
    std::int64_t m_offset = 0; ///< seconds from local to UTC in that minute
};

enum TableIndex : std::size_t { Operations, Users, Hours, Denied };

class HdfsShard final : public KeyedShard<UserActivity>
{
public:
    bool decode(const Event& event) override
    {
        const std::optional<AuditLine> line = parseAuditLine(event.payload);
        if (!line)
            return false;
        m_time = m_times.toUnixMillis(*line, event.zone);
        m_line = *line;
        m_key = event.key;
        return true;
    }
    void apply() override { changing(m_key).add(m_time, m_line.denied, m_line.command, m_line.source); }

protected:
    void fillRows(std::string_view user, const UserActivity& activity,
                  std::vector<Table>& tables) const override
    {
        const auto addTally = [](Table& table, Cell name, const OperationTally& tally) {
            table.add({std::move(name), tally.count, tally.denied, tally.firstTime, tally.lastTime});
        };
        for (const UserActivity::Command& command : activity.commands())
            addTally(tables[Operations], command.name, command.tally);
        if (activity.otherCommands().count > 0)
            addTally(tables[Operations], Cell(), activity.otherCommands());

        addTally(tables[Users], std::string(user), activity.total());

        for (const UserActivity::Hour& hour : activity.hours())
            tables[Hours].add({hour.start, hour.count, hour.denied});
        if (const UserActivity::Hour& earlier = activity.earlierHours(); earlier.count > 0)
            tables[Hours].add({Cell(), earlier.count, earlier.denied});

        const auto addDenied = [&](Cell command, Cell path, const OperationTally& tally) {
            tables[Denied].add({std::string(user), std::move(command), std::move(path), tally.count,
                                tally.firstTime, tally.lastTime});
        };
        for (const auto& [access, tally] : activity.denied())
            addDenied(access.command, access.path, tally);
        if (activity.otherDenied().count > 0)
            addDenied(Cell(), Cell(), activity.otherDenied());
    }

private:
    LocalTimes m_times;
    AuditLine m_line;
    std::int64_t m_time = 0;
    std::string_view m_key;
};

std::vector<Column> tallyColumns(std::string keyColumn)
{
    return {{std::move(keyColumn), Unit::None, Merge::Key},
            {"count", Unit::Count, Merge::Sum},
            {"denied", Unit::Count, Merge::Sum},
            {"firstTime", Unit::UnixMillis, Merge::Min},
            {"lastTime", Unit::UnixMillis, Merge::Max}};
}

class HdfsAnalyzer final : public Analyzer
{
public:
    std::string_view name() const override { return "hdfs"; }
    std::uint32_t version() const override { return 1; }
    bool accepts(std::string_view subject) const override { return !belongsToAnotherKind(subject, name()); }
    std::string_view foreignKey(const Event& event) const override
    {
        const std::string_view user = hdfsAuditUser(event.payload);
        return user.empty() ? kNoKey : user.substr(0, kMaxKeyBytes);
    }
    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions&) const override
    {
        return std::make_unique<HdfsShard>();
    }
    std::vector<TableSchema> tables(const AnalyzerOptions&) const override
    {
        std::vector<TableSchema> schemas;
        schemas.push_back({"operations", tallyColumns("cmd")});
        schemas.push_back({"users", tallyColumns("user")});
        schemas.push_back({"hours",
                           {{"hour", Unit::UnixMillis, Merge::Key},
                            {"count", Unit::Count, Merge::Sum},
                            {"denied", Unit::Count, Merge::Sum}}});
        schemas.push_back({"denied",
                           {{"user", Unit::None, Merge::Key},
                            {"cmd", Unit::None, Merge::Key},
                            {"path", Unit::None, Merge::Key},
                            {"count", Unit::Count, Merge::Sum},
                            {"firstTime", Unit::UnixMillis, Merge::Min},
                            {"lastTime", Unit::UnixMillis, Merge::Max}}});
        return schemas;
    }
};

} // namespace

const Analyzer& hdfsAnalyzer()
{
    static const HdfsAnalyzer analyzer;
    return analyzer;
}

} // namespace jetlag
