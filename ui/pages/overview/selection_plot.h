#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/recent_history.h"

#include <QWidget>

#include <optional>

namespace jetlag::ui {

class TimePlot;

/// Throughput, lag and offsets of one collector over the last minutes.
class SelectionPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPlot(QWidget* parent = nullptr);
    /// nullopt = nothing is chosen.
    void setCollector(std::optional<ConsumerName> name);
    void refresh(const RecentHistory& history, ServerTime now);
    /// A low window drops the offsets.
    void setOffsetsVisible(bool visible);

signals:
    void cursorMoved(const QString& readOut);

private:
    TimePlot* m_plot;
    std::optional<ConsumerName> m_collector;
};

} // namespace jetlag::ui
