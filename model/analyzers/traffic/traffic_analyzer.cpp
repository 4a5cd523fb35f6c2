// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/traffic/traffic_analyzer.h"

#include "model/analyzers/keyed_shard.h"

#include <algorithm>
#include <limits>

namespace jetlag {

namespace {

struct SubjectTraffic
{
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t minBytes = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t maxBytes = 0;

    void add(std::uint64_t size)
    {
        ++events;
        bytes += size;
        minBytes = std::min(minBytes, size);
        maxBytes = std::max(maxBytes, size);
    }
    void snapshot(ByteWriter& writer) const
    {
        for (std::uint64_t value : {events, bytes, minBytes, maxBytes})
            writer.u64(value);
    }
    bool restore(ByteReader& reader)
    {
        for (std::uint64_t* value : {&events, &bytes, &minBytes, &maxBytes})
            *value = reader.u64();
        return true;
    }
};

class TrafficShard final : public KeyedShard<SubjectTraffic>
{
public:
    bool decode(const Event& event) override
    {
        m_subject = event.subject;
        m_size = event.payload.size();
        return true;
    }
    void apply() override { changing(m_subject).add(m_size); }

protected:
    void fillRows(std::string_view key, const SubjectTraffic& state,
                  std::vector<Table>& tables) const override
    {
        tables.front().add({std::string(key), state.events, state.bytes, state.minBytes, state.maxBytes});
    }

private:
    std::string_view m_subject;
    std::uint64_t m_size = 0;
};

class TrafficAnalyzer final : public Analyzer
{
public:
    std::string_view name() const override { return "traffic"; }
    std::uint32_t version() const override { return 1; }
    bool accepts(std::string_view) const override { return true; }
    std::string_view foreignKey(const Event& event) const override { return event.subject; }
    std::string_view key(const Event& event) const override { return event.subject; }
    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions&) const override
    {
        return std::make_unique<TrafficShard>();
    }
    std::vector<TableSchema> tables(const AnalyzerOptions&) const override
    {
        return {{"subjects",
                 {{"subject", Unit::None, Merge::Key},
                  {"events", Unit::Count, Merge::Sum},
                  {"bytes", Unit::Bytes, Merge::Sum},
                  {"minBytes", Unit::Bytes, Merge::Min},
                  {"maxBytes", Unit::Bytes, Merge::Max}}}};
    }
};

} // namespace

const Analyzer& trafficAnalyzer()
{
    static const TrafficAnalyzer analyzer;
    return analyzer;
}

} // namespace jetlag
