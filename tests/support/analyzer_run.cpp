// SPDX-License-Identifier: Apache-2.0
#include "tests/support/analyzer_run.h"

#include "model/base/byte_arena.h"
#include "model/base/hash.h"
#include "tests/support/read_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <exception>

namespace jetlag::test {

AnalyzerRun::AnalyzerRun(const Analyzer& analyzer, unsigned shards, AnalyzerOptions options)
    : m_analyzer(analyzer)
    , m_options(std::move(options))
{
    for (unsigned i = 0; i < shards; ++i)
        m_shards.push_back(analyzer.makeShard(m_options));
}

AnalyzerShard& AnalyzerRun::shardOf(std::string_view key)
{
    constexpr std::uint64_t kSlots = 256;
    return *m_shards[hash64(key) % kSlots % m_shards.size()];
}

AnalyzerRun::Outcome AnalyzerRun::feed(std::string_view payload, std::string_view subject,
                                       std::string_view key, std::string_view zone)
{
    const auto counted = [this](Outcome outcome) {
        ++m_counts[static_cast<std::size_t>(outcome)];
        return outcome;
    };
    if (!m_analyzer.accepts(subject))
        return counted(Outcome::Skipped);
    // Views must not outlive the event, and the bytes behind the payload are anything.
    m_buffer.assign(payload);
    if (m_padded)
        m_buffer.append(kPayloadPadding, '}');
    else
        m_buffer.shrink_to_fit();
    Event event;
    event.key = key;
    event.subject = subject;
    event.zone = zone;
    event.payload = std::string_view(m_buffer).substr(0, payload.size());
    event.padded = m_padded;
    const std::string found(m_analyzer.key(event));
    event.key = found;
    AnalyzerShard& shard = shardOf(found);
    try {
        if (!shard.decode(event))
            return counted(Outcome::Malformed);
    } catch (const std::exception&) {
        return counted(Outcome::Refused);
    }
    shard.apply();
    return counted(Outcome::Applied);
}

void AnalyzerRun::feedLines(std::string_view text, std::string_view zone)
{
    const std::string subject = std::string(m_analyzer.name()) + ".-";
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        feed(text.substr(0, end), subject, {}, zone);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
}

void AnalyzerRun::feedFile(const std::filesystem::path& log, std::string_view zone)
{
    feedLines(readLog(log), zone);
}

const std::map<std::string, std::string>& AnalyzerRun::snapshots()
{
    std::vector<KeySnapshot> changed;
    for (const std::unique_ptr<AnalyzerShard>& shard : m_shards)
        shard->takeChanged(changed);
    for (KeySnapshot& snapshot : changed)
        m_snapshots[std::move(snapshot.key)] = std::move(snapshot.bytes);
    return m_snapshots;
}

Result<void> AnalyzerRun::restore(const std::map<std::string, std::string>& snapshots)
{
    m_snapshots = snapshots;
    for (const auto& [key, bytes] : snapshots) {
        if (Result<void> restored = shardOf(key).restore(key, bytes); !restored)
            return restored;
    }
    return {};
}

std::vector<Table> AnalyzerRun::tables() const
{
    std::vector<Table> whole;
    for (TableSchema& schema : m_analyzer.tables(m_options))
        whole.emplace_back(std::move(schema));
    for (const std::unique_ptr<AnalyzerShard>& shard : m_shards) {
        std::vector<Table> part;
        for (const Table& table : whole)
            part.emplace_back(table.schema());
        shard->fillTables(part);
        for (std::size_t i = 0; i < whole.size(); ++i)
            whole[i].append(std::move(part[i]));
    }
    for (Table& table : whole)
        table.merge();
    m_analyzer.finishTables(whole);
    return whole;
}

Table AnalyzerRun::table(std::string_view name) const
{
    for (Table& each : tables()) {
        if (each.schema().name == name)
            return each;
    }
    std::abort();
}

std::string AnalyzerRun::text(std::string_view name) const
{
    return toText(table(name));
}

std::string AnalyzerRun::allText() const
{
    std::string text;
    for (const Table& table : tables())
        text += fmt::format("{}:\n{}", table.schema().name, toText(table));
    return text;
}

std::string toText(const Cell& cell)
{
    struct Visitor
    {
        std::string operator()(std::monostate) const { return "null"; }
        std::string operator()(bool value) const { return value ? "true" : "false"; }
        std::string operator()(std::int64_t value) const { return std::to_string(value); }
        std::string operator()(std::uint64_t value) const { return std::to_string(value); }
        std::string operator()(double value) const { return fmt::format("{}", value); }
        std::string operator()(const std::string& value) const { return value; }
        std::string operator()(const std::vector<std::string>& value) const
        {
            return fmt::format("[{}]", fmt::join(value, ","));
        }
        std::string operator()(const std::vector<std::int64_t>& value) const
        {
            return fmt::format("[{}]", fmt::join(value, ","));
        }
    };
    return std::visit(Visitor{}, cell);
}

std::string toText(const Table& table)
{
    std::string text;
    for (const Row& row : table.rows()) {
        const char* separator = "";
        for (const Cell& cell : row) {
            text += separator + toText(cell);
            separator = " | ";
        }
        text += '\n';
    }
    return text;
}

} // namespace jetlag::test
