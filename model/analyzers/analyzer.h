#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/table.h"
#include "model/base/result.h"
#include "model/event/event.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What a user may ask of an analyzer; part of neither key nor digest.
struct AnalyzerOptions
{
    std::vector<std::string> onDemandTables; ///< such as spark's `tasks`; rows are kept only when asked for
    [[nodiscard]] bool wants(std::string_view table) const;
};

/// The canonical bytes of one key's state.
struct KeySnapshot
{
    std::string key;
    std::string bytes;
};

/// The states of the keys that one worker owns. Called by that worker's thread only.
///
///     if (shard.decode(event))   // may fail, may throw: the event is quarantined
///         shard.apply();         // may do neither: the process stops without a checkpoint
///
/// No clock, no randomness, no hash order: the same events give the same bytes.
class AnalyzerShard
{
public:
    virtual ~AnalyzerShard() = default;

    /// Reads the event whole into the shard's scratch without touching any state. False: not well-formed
    /// as a whole, whatever fields were needed.
    [[nodiscard]] virtual bool decode(const Event& event) = 0;
    /// Folds what decode() read into the state of event.key. Views of the decoded event are still good.
    virtual void apply() = 0;

    /// Snapshots of the keys that changed since the last call, appended in no order.
    virtual void takeChanged(std::vector<KeySnapshot>& out) = 0;
    /// Replaces the state of `key`. An error names bytes that this version cannot read.
    [[nodiscard]] virtual Result<void> restore(std::string_view key, std::string_view bytes) = 0;

    /// Appends this shard's rows to `tables`, which stand in the order of Analyzer::tables().
    virtual void fillTables(std::vector<Table>& tables) const = 0;
};

/// A pure fold over events: knows no clock, network, thread or Qt. Immutable; any thread.
class Analyzer
{
public:
    virtual ~Analyzer() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Of the snapshot bytes and of what they mean; checkpoints of another version are not taken over.
    [[nodiscard]] virtual std::uint32_t version() const = 0;
    /// False: the event is counted as skipped. Every subject whose first token is not another built-in
    /// kind; `traffic` takes all.
    [[nodiscard]] virtual bool accepts(std::string_view subject) const = 0;
    /// The key of a foreign event (one without Jetlag-Key); may point into the event. Must not fail: an
    /// event that gives no key gets a fixed one.
    [[nodiscard]] virtual std::string_view foreignKey(const Event& event) const = 0;
    /// The key to route and to apply by: Jetlag-Key where the event brought one. `traffic` alone looks at
    /// the subject instead, whoever keyed the event. May point into the event.
    [[nodiscard]] virtual std::string_view key(const Event& event) const
    {
        return event.key.empty() ? foreignKey(event) : event.key;
    }
    [[nodiscard]] virtual std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions& options) const = 0;
    /// The tables that shards fill, always all of them and in this order (on-demand ones when asked for).
    [[nodiscard]] virtual std::vector<TableSchema> tables(const AnalyzerOptions& options) const = 0;
    /// Works out what only the whole shows, such as "timed out" against the highest record time of all
    /// keys. Called once on the merged tables of all shards, in the order of tables().
    virtual void finishTables(std::vector<Table>& tables) const { static_cast<void>(tables); }
};

} // namespace jetlag
