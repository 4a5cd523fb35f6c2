#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/history_mark.h"

#include <map>
#include <string>
#include <vector>

namespace jetlag {

/// What changed from one report to the next, as marks: verdicts, leaders, configurations, pauses, what came
/// and went. Stale rows say nothing. A collector that nothing is known of yet gives a mark with its first
/// verdict only when that means trouble: a console that opens finds a thousand that keep up, and that is no
/// news. The same reports give the same marks; one thread.
class ChangeFinder final
{
public:
    [[nodiscard]] std::vector<HistoryMark> add(const ClusterReport& report);

private:
    struct Collector
    {
        ConsumerSnapshot seen; ///< newest that was not stale
        std::string verdict;   ///< the last one that had a name
        std::string cause;
        std::uint64_t report = 0; ///< the last one that named it
    };
    struct Stream
    {
        StreamSnapshot seen;
        std::uint64_t report = 0;
    };

    void look(const CollectorReport& row, ServerTime at, std::vector<HistoryMark>& marks);
    void look(const StreamReport& row, ServerTime at, std::vector<HistoryMark>& marks);
    void dropGone(ServerTime at, std::vector<HistoryMark>& marks);

    std::map<ConsumerName, Collector> m_collectors;
    std::map<std::string, Stream> m_streams;
    std::uint64_t m_report = 0;
    ServerTime m_before{}; ///< of the report before
};

} // namespace jetlag
