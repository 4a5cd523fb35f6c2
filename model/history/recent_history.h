#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// One look at one collector and its stream. Rates are per second; unknown is nullopt and shows as a gap.
struct CollectorSample
{
    ServerTime at{};
    std::optional<double> in; ///< of the stream
    std::optional<double> delivered;
    std::optional<double> acked;
    std::optional<double> redelivered;
    std::optional<double> timeLagSeconds;
    double lag = 0;                    ///< as the server counts
    bool isMisled = false;             ///< that is not the truth
    std::optional<double> unprocessed; ///< what is, at least, where that is known
    StreamSequence first;              ///< of the stream
    StreamSequence last;
    StreamSequence deliveredSequence;
    StreamSequence ackFloor;
};

struct StreamSample
{
    ServerTime at{};
    std::optional<double> in;
    std::optional<double> inBytes;
    double messages = 0;
    StreamSequence first;
    StreamSequence last;
};

/// The last minutes of every collector and stream in memory, oldest first, so that plots and sparklines have
/// a past as soon as somebody looks. Bounded: `samplesEach` per row, and rows that no report names any more
/// go. A row that is stale in a report adds nothing: that time is a gap. One thread at a time.
class RecentHistory final
{
public:
    explicit RecentHistory(std::size_t samplesEach = 900)
        : m_samplesEach(samplesEach)
    {}

    void add(const ClusterReport& report);
    void clear();

    /// Null when nothing is known of it.
    [[nodiscard]] const std::deque<CollectorSample>* collector(const ConsumerName& name) const;
    [[nodiscard]] const std::deque<StreamSample>* stream(const std::string& name) const;

private:
    template <typename Sample>
    struct Row
    {
        std::deque<Sample> samples;
        std::uint64_t lastSeen = 0; // the report that named it
    };
    template <typename Key, typename Sample>
    void append(std::map<Key, Row<Sample>>& rows, const Key& key, bool stale, Sample sample);
    template <typename Key, typename Sample>
    void dropUnnamed(std::map<Key, Row<Sample>>& rows) const;

    std::size_t m_samplesEach;
    std::uint64_t m_report = 0;
    std::map<ConsumerName, Row<CollectorSample>> m_collectors;
    std::map<std::string, Row<StreamSample>> m_streams;
};

} // namespace jetlag
