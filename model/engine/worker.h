#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/base/error.h"
#include "model/engine/barrier.h"
#include "model/engine/quarantine.h"
#include "model/engine/slice.h"
#include "model/engine/state_digest.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <vector>

namespace jetlag {

/// One analyzer shard and the slots that it owns: applies events in order, sets aside what cannot be
/// decoded, and says at a barrier what has changed. One thread at a time; the counters may be read by any.
class Worker final
{
public:
    /// `digests`: one for each slot; a worker touches only those of its own keys.
    Worker(const Analyzer& analyzer, const AnalyzerOptions& options, std::span<SlotDigest> digests);

    /// Before a run: what to keep for checkpoints.
    void prepare(bool forCheckpoints, std::size_t quarantineKept);

    /// Applies the events of `slice` that `own` lists. Throws what the analyzer throws in apply(), and when
    /// there is no memory: then the state is lost and failure() says what happened.
    void apply(const Slice& slice, std::span<const std::uint32_t> own);
    [[nodiscard]] Error failure(const std::exception_ptr& exception) const noexcept;

    /// Brings the digests of its slots up to date and fills `part`.
    void reach(const BarrierWants& wants, WorkerPart& part);

    /// The state as it stands, between runs.
    [[nodiscard]] std::vector<Table> tables() const;
    [[nodiscard]] Result<void> restore(std::string_view key, std::string_view bytes);

    [[nodiscard]] std::uint64_t applied() const noexcept
    {
        return m_shownApplied.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t quarantined() const noexcept
    {
        return m_shownQuarantined.load(std::memory_order_relaxed);
    }
    /// Bytes of quarantine rows that wait for the next checkpoint.
    [[nodiscard]] std::size_t waitingBytes() const noexcept
    {
        return m_shownBytes.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] bool decode(const Record& record);
    void updateDigests(const std::vector<KeySnapshot>& changed);
    void keepForCheckpoint(std::vector<KeySnapshot> changed);

    const Analyzer& m_analyzer;
    const AnalyzerOptions& m_options;
    std::span<SlotDigest> m_digests;
    std::unique_ptr<AnalyzerShard> m_shard;
    bool m_forCheckpoints = false;
    QuarantineCollector m_quarantine;
    std::vector<KeySnapshot> m_waiting; // for the next checkpoint; the last of a key counts
    std::uint64_t m_applied = 0;
    const Record* m_current = nullptr;

    std::atomic<std::uint64_t> m_shownApplied = 0;
    std::atomic<std::uint64_t> m_shownQuarantined = 0;
    std::atomic<std::size_t> m_shownBytes = 0;
};

} // namespace jetlag
