#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/history_codec.h"
#include "model/history/history_series.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

namespace jetlag {

/// The newest minutes of one connection's rows, in memory, until a HistoryWriter has put them into blocks.
/// Bounded: where nothing can be written the oldest go, and are counted. One thread.
class HistoryTails final
{
public:
    /// About five minutes of one row.
    struct Tail
    {
        std::int64_t startMs = 0; ///< of its first sample, whole seconds: names it in the journal
        std::int64_t endMs = 0;   ///< where the next one begins, a whole minute
        SampleTail samples;
        std::size_t journaled = 0; ///< bytes of it that the journal has
    };
    struct Row
    {
        std::int64_t id = 0; ///< in the file; 0 = not yet known
        bool isStream = false;
        std::deque<Tail> tails; ///< oldest first; the last one grows
    };

    /// Stale rows say nothing, and neither does a report as old as the one before.
    void add(const ClusterReport& report);
    /// A tail that a journal gave back; in order of time, before the row's own samples.
    void restore(const ConsumerName& name, std::int64_t id, std::int64_t startMs, SampleTail samples);

    /// The file is to be opened anew and may be another one: all is to be written again.
    void forgetFile();

    /// A stream's own row has an empty collector's name.
    [[nodiscard]] std::map<ConsumerName, Row>& rows() { return m_rows; }
    [[nodiscard]] const std::map<ConsumerName, Row>& rows() const { return m_rows; }
    [[nodiscard]] const std::map<std::uint32_t, HistoryState>& states() const { return m_states; }
    /// Time of the newest report; tails that end before it are over.
    [[nodiscard]] std::int64_t newestMs() const { return m_newestMs; }
    /// Samples that were given up because they could not be written in time.
    [[nodiscard]] std::uint64_t samplesLost() const { return m_samplesLost; }

private:
    void append(const ConsumerName& name, bool isStream, const HistorySample& sample);

    std::map<ConsumerName, Row> m_rows;
    std::map<std::uint32_t, HistoryState> m_states;
    std::int64_t m_newestMs = 0;
    std::uint64_t m_samplesLost = 0;
};

/// The columns of a row.
[[nodiscard]] std::span<const HistoryValue> valuesOf(bool isStream) noexcept;

} // namespace jetlag
