#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/history_mark.h"
#include "model/history/history_series.h"
#include "model/service/job.h"
#include "model/service/subscription.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jetlag {

/// How keeping the history goes.
struct HistoryHealth
{
    /// What is wrong and what is done about it, one sentence; empty = all is well. The live view never
    /// depends on it.
    std::string problem;
    /// What else is worth knowing: that another console keeps the history of a connection, and this one
    /// reads along. Empty = nothing.
    std::string note;
    std::string file;
    std::uint64_t bytes = 0;          ///< of the file
    std::uint64_t maxBytes = 0;       ///< its bound
    std::uint64_t reportsDropped = 0; ///< came faster than they could be kept
    std::uint64_t samplesLost = 0;    ///< could not be written in time: gaps in the past
};

/// The past of every collector and stream, in a file, across restarts. `connection` names whose past it is:
/// the context, or the address without its login. Any thread; nothing here waits.
class HistoryService
{
public:
    virtual ~HistoryService() = default;

    /// Keeps a report, and a mark for each change since the report before. A report whose time was seen
    /// already is ignored. When keeping can't keep up, reports are dropped and counted.
    virtual void record(const std::string& connection, std::shared_ptr<const ClusterReport> report) = 0;
    /// Keeps something else that happened.
    virtual void addMark(const std::string& connection, HistoryMark mark) = 0;
    virtual void setReviewed(std::vector<std::int64_t> marks, bool reviewed) = 0;
    /// Every new mark, whoever added it, also when it could not be written (its id is 0 then). Called in the
    /// history's own thread: store and post, no more.
    [[nodiscard]] virtual Subscription watchMarks(
        std::function<void(const std::string& connection, const std::vector<HistoryMark>&)> onMarks) = 0;

    /// What was written a few seconds ago is in the answer; an unknown row gives empty lines.
    [[nodiscard]] virtual JobPtr<HistorySeries> series(HistoryQuery query) = 0;
    [[nodiscard]] virtual JobPtr<std::vector<HistoryMark>> marks(MarkQuery query) = 0;

    [[nodiscard]] virtual HistoryHealth health() const = 0;
};

} // namespace jetlag
