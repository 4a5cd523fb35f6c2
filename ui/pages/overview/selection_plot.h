#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/recent_history.h"

#include <QWidget>

#include <optional>
#include <string>

namespace jetlag::ui {

class TimePlot;

/// The last minutes of what is chosen: throughput, lag and offsets of a collector, or what came into a stream
/// and what it holds.
class SelectionPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPlot(QWidget* parent = nullptr);
    /// nullopt = nothing is chosen.
    void setCollector(std::optional<ConsumerName> name);
    void setStream(std::optional<std::string> name);
    void refresh(const RecentHistory& history, ServerTime now);
    /// A low window drops the offsets.
    void setOffsetsVisible(bool visible);

signals:
    void cursorMoved(const QString& readOut);

private:
    enum class Subject { Collector, Stream };
    void setSubject(Subject subject);
    void refreshCollector(const RecentHistory& history);
    void refreshStream(const RecentHistory& history);

    TimePlot* m_plot;
    Subject m_subject = Subject::Collector;
    bool m_offsetsVisible = true;
    std::optional<ConsumerName> m_collector;
    std::optional<std::string> m_stream;
};

} // namespace jetlag::ui
