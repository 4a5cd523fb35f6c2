// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/hive_analyzer.h"

#include "model/analyzers/hive/hive_event.h"
#include "model/analyzers/hive/query_facts.h"
#include "model/analyzers/hive/unjoined_events.h"
#include "model/analyzers/keyed_shard.h"
#include "model/analyzers/kind.h"
#include "model/base/byte_arena.h"
#include "model/record/record_keys.h"

#include <algorithm>
#include <memory>

namespace jetlag {

namespace {

constexpr std::string_view kRunning = "RUNNING";
constexpr std::string_view kUnknown = "UNKNOWN";

/// Nearly all keys are a query and nothing else.
struct HiveKeyState
{
    std::string query; ///< packed QueryFacts; empty = no event of a query yet
    std::unique_ptr<UnjoinedEvents> unjoined;

    void snapshot(ByteWriter& writer) const
    {
        writer.string(query);
        writer.boolean(unjoined != nullptr);
        if (unjoined)
            unjoined->snapshot(writer);
    }
    bool restore(ByteReader& reader)
    {
        query = reader.string();
        ByteReader queryReader(query);
        QueryFacts facts;
        if (!query.empty() && (!facts.unpack(queryReader) || !queryReader.atEnd()))
            return false;
        if (!reader.boolean())
            return true;
        unjoined = std::make_unique<UnjoinedEvents>();
        return unjoined->restore(reader);
    }
};

enum TableIndex : std::size_t { Queries, WithoutQueryId };
enum QueryColumn : std::size_t { Status = 6, StartTime = 7, EndTime = 8 };

std::string_view statusOf(const QueryFacts& facts)
{
    if (!facts.completed)
        return facts.submitted ? kRunning : kUnknown;
    switch (facts.outcome) {
    case HiveOutcome::Succeeded:
        return "SUCCEEDED";
    case HiveOutcome::Failed:
        return "FAILED";
    case HiveOutcome::Unknown:
        break;
    }
    return kUnknown;
}

Cell textCell(std::string_view text)
{
    return text.empty() ? Cell() : Cell(std::string(text));
}

Cell timeCell(const std::optional<std::int64_t>& time)
{
    return time ? Cell(*time) : Cell();
}

Cell namesCell(const std::optional<std::vector<std::string_view>>& names)
{
    return names ? Cell(std::vector<std::string>(names->begin(), names->end())) : Cell();
}

Cell durationCell(const QueryFacts& facts)
{
    if (!facts.startTime || !facts.endTime)
        return {};
    return *facts.endTime - *facts.startTime;
}

Row queryRow(std::string_view id, const QueryFacts& facts)
{
    Row row;
    row.reserve(14);
    row.emplace_back(std::string(id));
    for (std::string_view name :
         {facts.user, facts.requestUser, facts.queue, facts.executionMode, facts.operation, statusOf(facts)})
        row.push_back(textCell(name));
    row.push_back(timeCell(facts.startTime));
    row.push_back(timeCell(facts.endTime));
    row.push_back(durationCell(facts));
    row.push_back(namesCell(facts.tablesRead));
    row.push_back(namesCell(facts.tablesWritten));
    row.push_back(textCell(facts.error));
    row.push_back(textCell(facts.queryText));
    return row;
}

class HiveShard final : public KeyedShard<HiveKeyState>
{
public:
    bool decode(const Event& event) override
    {
        m_key = event.key;
        return m_reader.read(event, m_event);
    }

    void apply() override
    {
        HiveKeyState& state = changing(m_key);
        if (m_event.queryId != m_key || m_key == kNoKey) {
            if (!state.unjoined)
                state.unjoined = std::make_unique<UnjoinedEvents>();
            state.unjoined->add(m_event.eventType, m_event.error, m_event.time);
            return;
        }
        QueryFacts facts;
        ByteReader reader(state.query);
        if (!state.query.empty())
            static_cast<void>(facts.unpack(reader)); // our own bytes
        facts.add(m_event);
        m_packed.clear();
        facts.pack(m_packed);                       // still reads the old bytes
        state.query = std::string(m_packed.view()); // of exactly this size, unlike assign()
    }

protected:
    void fillRows(std::string_view key, const HiveKeyState& state, std::vector<Table>& tables) const override
    {
        if (!state.query.empty()) {
            QueryFacts facts;
            ByteReader reader(state.query);
            static_cast<void>(facts.unpack(reader));
            tables[Queries].add(queryRow(key, facts));
        }
        if (!state.unjoined)
            return;
        const auto addGroup = [&tables](Cell type, Cell error, const UnjoinedEvents::Tally& tally) {
            tables[WithoutQueryId].add({std::move(type), std::move(error), tally.count,
                                        timeCell(tally.firstTime), timeCell(tally.lastTime)});
        };
        for (const auto& [group, tally] : state.unjoined->groups())
            addGroup(textCell(group.first), textCell(group.second), tally);
        if (const UnjoinedEvents::Tally& others = state.unjoined->others(); others.count > 0)
            addGroup(std::string("(others)"), Cell(), others);
    }

private:
    HiveEventReader m_reader;
    HiveEvent m_event;
    std::string_view m_key;
    ByteWriter m_packed;
};

class HiveAnalyzer final : public Analyzer
{
public:
    std::string_view name() const override { return "hive"; }
    std::uint32_t version() const override { return 1; }
    bool accepts(std::string_view subject) const override { return !belongsToAnotherKind(subject, name()); }
    std::string_view foreignKey(const Event& event) const override;
    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions&) const override
    {
        return std::make_unique<HiveShard>();
    }
    std::vector<TableSchema> tables(const AnalyzerOptions&) const override
    {
        return {{"queries",
                 {{"hiveQueryId", Unit::None, Merge::Key},
                  {"user"},
                  {"requestUser"},
                  {"queue"},
                  {"executionMode"},
                  {"operation"},
                  {"status"},
                  {"startTime", Unit::UnixMillis},
                  {"endTime", Unit::UnixMillis},
                  {"duration", Unit::Milliseconds},
                  {"tablesRead"},
                  {"tablesWritten"},
                  {"error"},
                  {"queryText"}}},
                {"withoutQueryId",
                 {{"eventType", Unit::None, Merge::Key},
                  {"error", Unit::None, Merge::Key},
                  {"count", Unit::Count, Merge::Sum},
                  {"firstTime", Unit::UnixMillis, Merge::Min},
                  {"lastTime", Unit::UnixMillis, Merge::Max}}}};
    }
    void finishTables(std::vector<Table>& tables) const override;
};

std::string_view HiveAnalyzer::foreignKey(const Event& event) const
{
    thread_local JsonKeyReader reader;
    std::string_view line = event.payload;
    ByteArena padded;
    if (!event.padded)
        line = padded.copy(line);
    const std::string_view id = reader.hiveNames(line).queryId;
    // The reader's bytes are gone with the next call, those of the event stay. They differ where the id is
    // written with escapes, which no id of Hive's is.
    const std::size_t at = id.empty() ? std::string_view::npos : event.payload.find(id);
    return at == std::string_view::npos || id.size() > kMaxKeyBytes ? kNoKey
                                                                    : event.payload.substr(at, id.size());
}

// Against the newest time of all queries, which no shard knows, and never while events are applied: the
// state stays what the events say.
void HiveAnalyzer::finishTables(std::vector<Table>& tables) const
{
    std::vector<Row>& rows = tables[Queries].editableRows();
    std::optional<std::int64_t> newest;
    for (const Row& row : rows) {
        for (std::size_t column : {StartTime, EndTime}) {
            if (const auto* time = std::get_if<std::int64_t>(&row[column]))
                newest = std::max(newest.value_or(*time), *time);
        }
    }
    constexpr std::int64_t kTimeout = std::chrono::milliseconds(kHiveCompletionTimeout).count();
    for (Row& row : rows) {
        const auto* status = std::get_if<std::string>(&row[Status]);
        const auto* start = std::get_if<std::int64_t>(&row[StartTime]);
        if (status && *status == kRunning && start && *newest - *start > kTimeout)
            row[Status] = std::string(kUnknown);
    }
}

} // namespace

const Analyzer& hiveAnalyzer()
{
    static const HiveAnalyzer analyzer;
    return analyzer;
}

} // namespace jetlag
