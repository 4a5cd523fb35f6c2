#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/history_service.h"
#include "ui/bridge/job_watch.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jetlag::ui {

/// Whose past a plot shows: a collector's, or with an empty collector the stream's own.
struct HistorySubject
{
    std::string connection; ///< LiveSession::historyName()
    std::string stream;
    std::string collector;
    friend bool operator==(const HistorySubject&, const HistorySubject&) = default;
};

struct PastRequest
{
    HistorySubject subject;
    std::vector<HistoryValue> ofCollector;
    std::vector<HistoryValue> ofStream;
    double from = 0; ///< seconds since the epoch
    double to = 0;
    std::size_t points = 2000;
};

struct Past
{
    PastRequest request;
    HistorySeries ofCollector; ///< no lines where nothing was asked for
    HistorySeries ofStream;
    std::vector<HistoryMark> marks;      ///< ascending in time; of a flood of advisories one for all
    std::vector<HistoryMark> advisories; ///< on their way into `marks`
    QString problem;                     ///< why it is not whole; empty = it is
};

/// Fetches a range of the past without waiting for it: lines of a collector and of its stream, and marks. A
/// new request takes the place of one that is under way. UI thread.
class PastLoader final
{
public:
    PastLoader(HistoryService& history, std::function<void(Past)> onLoaded);
    ~PastLoader();

    void load(PastRequest request);
    void cancel();
    [[nodiscard]] bool isLoading() const { return m_open > 0; }

private:
    template <typename Value>
    using Watch = std::unique_ptr<JobWatch<Value>>;
    template <typename Value>
    void watch(Watch<Value>& place, JobPtr<Value> job, Value Past::*part);
    void finish();

    HistoryService& m_history;
    std::function<void(Past)> m_onLoaded;
    Past m_past;
    int m_open = 0; ///< answers to come
    Watch<HistorySeries> m_collector;
    Watch<HistorySeries> m_stream;
    Watch<std::vector<HistoryMark>> m_marks;
    Watch<std::vector<HistoryMark>> m_advisories; ///< apart: there may be thousands
};

} // namespace jetlag::ui
