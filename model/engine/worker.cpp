// SPDX-License-Identifier: Apache-2.0
#include "model/engine/worker.h"

#include "model/base/text.h"
#include "model/record/slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <tuple>
#include <utility>

namespace jetlag {

Worker::Worker(const Analyzer& analyzer, const AnalyzerOptions& options, std::span<SlotDigest> digests)
    : m_analyzer(analyzer)
    , m_options(options)
    , m_digests(digests)
    , m_shard(analyzer.makeShard(options))
{}

void Worker::prepare(bool forCheckpoints, std::size_t quarantineKept)
{
    m_forCheckpoints = forCheckpoints;
    m_quarantine.keep(forCheckpoints ? KeepRows::All : KeepRows::First, quarantineKept);
}

void Worker::apply(const Slice& slice, std::span<const std::uint32_t> own)
{
    AnalyzerShard& shard = *m_shard;
    for (const std::uint32_t index : own) {
        const Record& record = slice.records[index];
        m_current = &record;
        if (!decode(record))
            continue;
        shard.apply();
        ++m_applied;
    }
    m_current = nullptr;
    m_shownApplied.store(m_applied, std::memory_order_relaxed);
    m_shownQuarantined.store(m_quarantine.count(), std::memory_order_relaxed);
    m_shownBytes.store(m_quarantine.rowBytes(), std::memory_order_relaxed);
}

bool Worker::decode(const Record& record)
{
    QuarantineReason reason = QuarantineReason::Malformed;
    try {
        if (m_shard->decode(record.event))
            return true;
    } catch (const std::bad_alloc&) {
        // The record may be fine, the machine is not: to set it aside would change the digest.
        throw;
    } catch (...) {
        reason = QuarantineReason::AnalyzerRefused;
    }
    m_quarantine.add(record, reason);
    return false;
}

Error Worker::failure(const std::exception_ptr& exception) const noexcept
{
    std::string where;
    if (m_current)
        where = fmt::format(" at sequence {} (subject {})", m_current->sequence.value(),
                            safeForDisplay(m_current->event.subject));
    const auto failed = [&](std::string_view what) {
        return Error(ErrorCode::Internal,
                     fmt::format("the analyzer {} failed{}: {}; nothing was saved since the last checkpoint",
                                 m_analyzer.name(), where, what));
    };
    try {
        std::rethrow_exception(exception);
    } catch (const std::bad_alloc&) {
        return failed("out of memory");
    } catch (const std::exception& known) {
        return failed(safeForDisplay(known.what()));
    } catch (...) {
        return failed("an unknown exception");
    }
}

void Worker::reach(const BarrierWants& wants, WorkerPart& part)
{
    std::vector<KeySnapshot> changed;
    m_shard->takeChanged(changed);
    updateDigests(changed);
    if (m_forCheckpoints) {
        keepForCheckpoint(std::move(changed));
        if (wants.changes) {
            part.changed = std::exchange(m_waiting, {});
            part.rows = m_quarantine.takeRows();
        }
    } else {
        part.rows = m_quarantine.takeRows();
    }
    part.applied = m_applied;
    part.quarantined = m_quarantine.count();
    part.marks = m_quarantine.takeMarks();
    if (wants.tables)
        part.tables = tables();
    m_shownBytes.store(m_quarantine.rowBytes(), std::memory_order_relaxed);
}

void Worker::updateDigests(const std::vector<KeySnapshot>& changed)
{
    struct SlotChange
    {
        unsigned slot;
        KeyHash change;
    };
    std::vector<SlotChange> changes;
    changes.reserve(changed.size());
    for (const KeySnapshot& snapshot : changed)
        changes.push_back({slotOf(snapshot.key), {snapshot.key, hash128(snapshot.bytes)}});
    std::sort(changes.begin(), changes.end(), [](const SlotChange& a, const SlotChange& b) {
        return std::tie(a.slot, a.change.key) < std::tie(b.slot, b.change.key);
    });
    std::vector<KeyHash> ofSlot;
    for (std::size_t i = 0; i < changes.size();) {
        const unsigned slot = changes[i].slot;
        ofSlot.clear();
        for (; i < changes.size() && changes[i].slot == slot; ++i)
            ofSlot.push_back(changes[i].change);
        m_digests[slot].update(ofSlot);
    }
}

void Worker::keepForCheckpoint(std::vector<KeySnapshot> changed)
{
    if (m_waiting.empty()) {
        m_waiting = std::move(changed);
        return;
    }
    // Snapshots that were taken for tables in between: the newer one of a key counts.
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(changed.begin()),
                     std::make_move_iterator(changed.end()));
    std::stable_sort(m_waiting.begin(), m_waiting.end(),
                     [](const KeySnapshot& a, const KeySnapshot& b) { return a.key < b.key; });
    const auto firstKept =
        std::unique(m_waiting.rbegin(), m_waiting.rend(),
                    [](const KeySnapshot& a, const KeySnapshot& b) { return a.key == b.key; });
    m_waiting.erase(m_waiting.begin(), firstKept.base());
}

std::vector<Table> Worker::tables() const
{
    std::vector<Table> tables;
    for (TableSchema& schema : m_analyzer.tables(m_options))
        tables.emplace_back(std::move(schema));
    m_shard->fillTables(tables);
    return tables;
}

Result<void> Worker::restore(std::string_view key, std::string_view bytes)
{
    return m_shard->restore(key, bytes);
}

} // namespace jetlag
