#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "model/history/history_mark.h"

#include <QWidget>

#include <optional>
#include <string>

namespace jetlag::ui {

class HistoryPlot;
class LiveSession;

/// The past of what is chosen: throughput, lag and offsets of a collector, or what came into a stream and
/// what it holds.
class SelectionPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPlot(LiveSession& session, QWidget* parent = nullptr);
    /// nullopt = nothing is chosen.
    void setCollector(std::optional<ConsumerName> name);
    void setStream(std::optional<std::string> name);
    /// After a report.
    void refresh();
    /// A low window drops the offsets.
    void setOffsetsVisible(bool visible);

signals:
    void cursorMoved(const QString& readOut);
    void markClicked(const jetlag::HistoryMark& mark);

private:
    enum class Subject { Collector, Stream };
    void setSubject(Subject subject);

    LiveSession& m_session;
    HistoryPlot* m_plot;
    Subject m_subject = Subject::Collector;
    bool m_offsetsVisible = true;
};

} // namespace jetlag::ui
