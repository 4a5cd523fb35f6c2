#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/widgets/totals_strip.h"

#include <array>
#include <optional>

namespace jetlag::ui {

class VerdictCounts;

/// The strip on top of Overview: what flows, what waits, who waits longest, who will lose messages, and how
/// many collectors have which verdict.
class OverviewTotals final : public TotalsStrip
{
    Q_OBJECT

public:
    explicit OverviewTotals(QWidget* parent = nullptr);
    /// Null = nothing is known: "–" everywhere. `ageSeconds`: nobody answers any more, and so old it all is.
    void show(const ClusterReport* report, std::optional<double> ageSeconds = std::nullopt);
    /// A narrow window drops the oldest unprocessed.
    void setNarrow(bool narrow) { setFigureVisible(m_oldest, !narrow); }

signals:
    /// The one that a figure is of was asked for.
    void collectorWanted(const jetlag::ConsumerName& collector);

private:
    void showNothing();
    void showFlow(const ClusterReport& report);
    void showOldest(const ClusterReport& report);
    void showRisk(const ClusterReport& report);
    /// The words below a figure, with its age where it is old.
    [[nodiscard]] QString aged(const QString& now, const QString& then) const;

    int m_published;
    int m_acked;
    int m_unprocessed;
    int m_oldest;
    int m_risk;
    VerdictCounts* m_verdicts;
    std::optional<ConsumerName> m_oldestName;
    std::optional<ConsumerName> m_riskName;
    std::optional<double> m_age; ///< of what is shown; nullopt = of now
};

} // namespace jetlag::ui
