// SPDX-License-Identifier: Apache-2.0
//
// What the engine adds to an analyzer that does nothing: batches in memory, one worker, against a plain
// loop over the same events; what checkpoints cost; what a second worker gains where the analyzer is the
// slow part. Each run proves that every event was seen.
#include "model/analyzers/keyed_shard.h"
#include "model/engine/engine.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "model/record/headers.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

using namespace jetlag;

namespace {

constexpr std::size_t kBatchEvents = 1'000; // what sources hand over
constexpr std::size_t kBatches = 1'000;
constexpr std::size_t kEvents = kBatchEvents * kBatches;
constexpr std::size_t kKeys = 100;

/// Looks at key and payload as little as one can.
class NoOpShard final : public AnalyzerShard
{
public:
    bool decode(const Event& event) override
    {
        m_sum += event.key.size() + event.payload.size();
        return true;
    }
    void apply() override { ++m_applied; }
    void takeChanged(std::vector<KeySnapshot>&) override {}
    Result<void> restore(std::string_view, std::string_view) override { return {}; }
    void fillTables(std::vector<Table>&) const override {}

    std::uint64_t m_sum = 0;
    std::uint64_t m_applied = 0;
};

class NoOpAnalyzer final : public Analyzer
{
public:
    std::string_view name() const override { return "no-op"; }
    std::uint32_t version() const override { return 1; }
    bool accepts(std::string_view subject) const override { return subject.starts_with("bench."); }
    std::string_view foreignKey(const Event& event) const override { return event.subject; }
    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions&) const override
    {
        return std::make_unique<NoOpShard>();
    }
    std::vector<TableSchema> tables(const AnalyzerOptions&) const override { return {}; }
};

/// Counts by key, and spends about a microsecond on each event when it is told to work.
struct CountState
{
    std::uint64_t count = 0;
    std::uint64_t mixed = 0;

    void snapshot(ByteWriter& writer) const
    {
        writer.u64(count);
        writer.u64(mixed);
    }
    bool restore(ByteReader& reader)
    {
        count = reader.u64();
        mixed = reader.u64();
        return true;
    }
};

class CountShard final : public KeyedShard<CountState>
{
public:
    explicit CountShard(unsigned rounds)
        : m_rounds(rounds)
    {}
    bool decode(const Event& event) override
    {
        m_key = event.key;
        m_mixed = 0;
        for (unsigned i = 0; i < m_rounds; ++i)
            m_mixed += hash64(event.payload.substr(i));
        return true;
    }
    void apply() override
    {
        CountState& state = changing(m_key);
        ++state.count;
        state.mixed += m_mixed;
    }

protected:
    void fillRows(std::string_view key, const CountState& state, std::vector<Table>& tables) const override
    {
        tables.at(0).add({std::string(key), state.count});
    }

private:
    const unsigned m_rounds;
    std::string_view m_key;
    std::uint64_t m_mixed = 0;
};

class CountAnalyzer final : public Analyzer
{
public:
    explicit CountAnalyzer(unsigned rounds)
        : m_rounds(rounds)
    {}
    std::string_view name() const override { return "count"; }
    std::uint32_t version() const override { return 1; }
    bool accepts(std::string_view) const override { return true; }
    std::string_view foreignKey(const Event& event) const override { return event.subject; }
    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions&) const override
    {
        return std::make_unique<CountShard>(m_rounds);
    }
    std::vector<TableSchema> tables(const AnalyzerOptions&) const override
    {
        return {{"keys", {{"key", Unit::None, Merge::Key}, {"count", Unit::Count, Merge::Sum}}}};
    }

private:
    const unsigned m_rounds;
};

enum class Shape {
    Foreign, ///< no headers
    Hook,    ///< what a hook publishes: id, predecessor, key
    Log,     ///< what a raw log gives: a key
};

/// A ring of batches, so that their bytes are as warm as what a reader has just received. Going round, only
/// the sequences and the number in the source's name change: no chain sees a duplicate.
class MemorySource final : public EventSource
{
public:
    explicit MemorySource(Shape shape)
    {
        m_info.first = StreamSequence(1);
        for (std::size_t key = 0; key < kKeys; ++key) {
            m_keys.push_back("application_1538416563558_" + std::to_string(1'000 + key));
            m_subjects.push_back(shape == Shape::Hook ? "bench.3." + m_keys[key] : "bench." + m_keys[key]);
        }
        for (Slot& slot : m_ring) {
            slot.messages.resize(kBatchEvents);
            slot.fields.resize(kBatchEvents);
            for (std::size_t i = 0; i < kBatchEvents; ++i) {
                Message& message = slot.messages[i];
                message.subject = m_subjects[i % kKeys];
                message.payload = m_payload;
                slot.fields[i] = fieldsFor(shape, slot, i);
                message.headers = slot.fields[i];
            }
        }
    }

    void rewind() { m_next = 0; }
    Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds, std::stop_token) override
    {
        if (m_next == kBatches)
            return SourceOutcome::End;
        Slot& slot = m_ring[m_next % m_ring.size()];
        char number[5];
        std::snprintf(number, sizeof(number), "%04u", static_cast<unsigned>(m_next));
        for (char* place : slot.numbers)
            std::memcpy(place, number, 4);
        for (std::size_t i = 0; i < kBatchEvents; ++i)
            slot.messages[i].sequence = StreamSequence(m_next * kBatchEvents + i + 1);
        batch.messages = slot.messages;
        batch.coveredTo = batch.messages.back().sequence;
        ++m_next;
        return SourceOutcome::Batch;
    }
    const SourceInfo& info() const override { return m_info; }

private:
    struct Slot
    {
        std::vector<Message> messages;
        std::vector<std::vector<HeaderField>> fields;
        ByteArena texts;
        std::vector<char*> numbers; // in the messages' sources
    };

    std::vector<HeaderField> fieldsFor(Shape shape, Slot& slot, std::size_t i)
    {
        std::vector<HeaderField> fields;
        if (shape == Shape::Foreign)
            return fields;
        if (shape == Shape::Hook) {
            const std::string source = "application_1538416563558_0001/";
            const std::string offset = std::to_string(i * 812);
            const std::string id = source + "0000:" + offset + '-' + offset;
            char* const place = slot.texts.allocate(id.size());
            std::memcpy(place, id.data(), id.size());
            slot.numbers.push_back(place + source.size());
            fields.push_back({headers::kMessageId, {place, id.size()}});
            fields.push_back({headers::kPrevious,
                              slot.texts.copy(i == 0 ? std::string("-") : std::to_string((i - 1) * 812))});
        }
        fields.push_back({headers::kKey, m_keys[i % kKeys]});
        return fields;
    }

    SourceInfo m_info;
    std::string m_payload = std::string(800, 'x');
    std::vector<std::string> m_subjects;
    std::vector<std::string> m_keys;
    std::array<Slot, 32> m_ring; // more than an engine ever holds
    std::size_t m_next = 0;
};

MemorySource& sourceOf(Shape shape)
{
    static MemorySource foreign(Shape::Foreign);
    static MemorySource hook(Shape::Hook);
    static MemorySource log(Shape::Log);
    MemorySource& source = shape == Shape::Foreign ? foreign : shape == Shape::Hook ? hook : log;
    source.rewind();
    return source;
}

// The events one after the other into decode() and apply(), with the copy of a batch that the source makes.
void plainLoop(benchmark::State& state, Shape shape)
{
    MemorySource& source = sourceOf(shape);
    const NoOpAnalyzer analyzer;
    for (auto _ : state) {
        source.rewind();
        NoOpShard shard;
        MessageBatch batch;
        while (source.next(batch, {}, {}).value() == SourceOutcome::Batch) {
            for (const Message& message : batch.messages) {
                Event event;
                event.subject = message.subject;
                event.payload = message.payload;
                event.key = analyzer.key(event);
                if (static_cast<AnalyzerShard&>(shard).decode(event))
                    static_cast<AnalyzerShard&>(shard).apply();
            }
        }
        if (shard.m_applied != kEvents)
            state.SkipWithError("events are missing");
        benchmark::DoNotOptimize(shard.m_sum);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kEvents));
}

void engine(benchmark::State& state, Shape shape)
{
    const NoOpAnalyzer analyzer;
    for (auto _ : state) {
        MemorySource& source = sourceOf(shape);
        Engine core(analyzer, {.workers = static_cast<unsigned>(state.range(0))});
        const Result<EngineOutcome> outcome = core.run(source, {});
        if (!outcome || core.result().counters.applied != kEvents)
            state.SkipWithError("events are missing");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kEvents));
}

// 20 checkpoints of 100 keys in a state database, each durable.
void withCheckpoints(benchmark::State& state)
{
    const CountAnalyzer analyzer(0);
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("jetlag-bench-" + std::to_string(getpid()));
    for (auto _ : state) {
        state.PauseTiming();
        std::filesystem::remove_all(folder);
        auto store = state.range(0) ? SqliteCheckpointStore::open(folder).value() : nullptr;
        state.ResumeTiming();
        MemorySource& source = sourceOf(Shape::Hook);
        Engine core(analyzer, {});
        const Result<EngineOutcome> outcome = core.run(source, {}, store.get());
        if (!outcome || core.result().counters.applied != kEvents)
            state.SkipWithError("events are missing");
    }
    std::filesystem::remove_all(folder);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kEvents));
}

void slowAnalyzer(benchmark::State& state)
{
    const CountAnalyzer analyzer(16);
    for (auto _ : state) {
        MemorySource& source = sourceOf(Shape::Hook);
        Engine core(analyzer, {.workers = static_cast<unsigned>(state.range(0))});
        const Result<EngineOutcome> outcome = core.run(source, {});
        if (!outcome || core.result().counters.applied != kEvents)
            state.SkipWithError("events are missing");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kEvents));
}

} // namespace

BENCHMARK_CAPTURE(plainLoop, foreign, Shape::Foreign)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, foreign, Shape::Foreign)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plainLoop, log, Shape::Log)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, log, Shape::Log)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plainLoop, hook, Shape::Hook)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(engine, hook, Shape::Hook)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

BENCHMARK(withCheckpoints)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(slowAnalyzer)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
