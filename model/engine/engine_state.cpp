// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine_state.h"

#include "model/record/slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace jetlag {

namespace {

EngineOptions checked(EngineOptions options)
{
    constexpr unsigned kMaxWorkers = 64;
    options.workers = std::clamp(options.workers, 1u, kMaxWorkers);
    return options;
}

} // namespace

EngineState::EngineState(const Analyzer& analyzer_, EngineOptions options_)
    : analyzer(analyzer_)
    , options(checked(std::move(options_)))
    , pool(analyzer, options.analyzer, options.workers)
{
    latest.digest = totalDigest(pool.slotDigests(), tally);
    latest.partial = options.partial;
}

Result<void> EngineState::restore(CheckpointStore& store)
{
    Result<std::optional<RestoredState>> loaded = store.load();
    if (!loaded)
        return loaded.error();
    if (!loaded->has_value())
        return {};
    RestoredState& restored = **loaded;
    if (Result<void> keys = restoreKeys(store); !keys)
        return keys;
    Result<void> marks = store.forEachQuarantined(
        [this](QuarantineReason reason, const Hash128& hash, std::uint64_t count) -> Result<void> {
            tally.add(reason, hash, count);
            return {};
        });
    if (!marks)
        return marks;

    const Hash128 digest = totalDigest(pool.slotDigests(), tally);
    if (digest != restored.header.digest)
        return Error(
            ErrorCode::Corrupt,
            fmt::format("the saved state at sequence {} is damaged: its digest is {}, it should be {}",
                        restored.header.sequence.value(), digest.toHex(), restored.header.digest.toHex()));

    before = restored.header.counters;
    first = restored.header.first;
    sequence = restored.header.sequence;
    knownSequence = restored.header.stream.knownSequence;
    knownTime = restored.header.stream.knownTime;
    latest.counters = restored.header.counters;
    latest.firstSequence = first;
    latest.lastSequence = sequence;
    latest.digest = digest;
    latest.partial = options.partial || restored.header.partial;
    restoredAssembler = std::move(restored.assembler);
    progress.messages = before.records.messages;
    progress.sequence = sequence.value();
    progress.checkpoint = sequence.value();
    return {};
}

Result<void> EngineState::restoreKeys(CheckpointStore& store)
{
    std::array<std::vector<std::pair<std::string, Hash128>>, kSlots> bySlot;
    Result<void> restored =
        store.forEachKey([&](std::string_view key, std::string_view bytes) -> Result<void> {
            const unsigned slot = slotOf(key);
            bySlot[slot].emplace_back(key, hash128(bytes));
            return pool.worker(pool.workerOf(slot)).restore(key, bytes);
        });
    if (!restored)
        return restored;
    for (unsigned slot = 0; slot < kSlots; ++slot) {
        std::sort(bySlot[slot].begin(), bySlot[slot].end());
        std::vector<KeyHash> hashes;
        hashes.reserve(bySlot[slot].size());
        for (const auto& [key, hash] : bySlot[slot])
            hashes.push_back({key, hash});
        pool.slotDigests()[slot].update(hashes);
    }
    return {};
}

std::vector<Table> EngineState::merge(std::vector<std::vector<Table>> parts) const
{
    std::vector<Table> tables;
    for (std::vector<Table>& part : parts) {
        if (tables.empty()) {
            tables = std::move(part);
            continue;
        }
        for (std::size_t i = 0; i < tables.size(); ++i)
            tables[i].append(std::move(part[i]));
    }
    for (Table& table : tables)
        table.merge();
    analyzer.finishTables(tables);
    return tables;
}

} // namespace jetlag
