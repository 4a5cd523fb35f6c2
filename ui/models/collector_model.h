#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/recent_history.h"
#include "ui/models/collector_record.h"
#include "ui/models/record_model.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace jetlag::ui {

/// Since the server told the values of a row that it does not tell any more; nullopt where it tells them, or
/// never did. `reportAgeSeconds`: since it gave the report's values.
[[nodiscard]] std::optional<double> ageOf(const CollectorReport& row, const ClusterReport& report,
                                          const RecentHistory& history, double reportAgeSeconds);

/// One row per collector over all streams.
class CollectorModel final : public RecordModel<CollectorRecord, ConsumerName>
{
    Q_OBJECT

public:
    /// LagLineRole: std::vector<double>, the last minutes, oldest first.
    /// MutedRole: true in the cell of the name of one that is muted.
    enum PictureRole { OffsetsRole = RowRole + 1, LagLineRole, VerdictGlyphRole, MutedRole };

    explicit CollectorModel(QObject* parent = nullptr);
    /// `history` may be empty; its samples make the sparklines, whenever one is painted, and say how old a
    /// stale row is. `reportAgeSeconds`: since the server gave the report's values. Without `isMuted` nobody
    /// is.
    void show(const std::shared_ptr<const ClusterReport>& report, const RecentHistory& history,
              double reportAgeSeconds = 0, const std::function<bool(const ConsumerName&)>& isMuted = {});
    [[nodiscard]] bool hasStaleRows() const;
    [[nodiscard]] static QString ageId(); ///< the column that stands only while there are stale rows

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

protected:
    [[nodiscard]] bool isStale(const CollectorRecord& row) const override;
    [[nodiscard]] std::optional<QColor> staleInk() const override;
    [[nodiscard]] QString toolTip(const CollectorRecord& row,
                                  const RecordColumn<CollectorRecord>& column) const override;

private:
    [[nodiscard]] std::vector<double> lagLine(const CollectorRecord& row) const;

    const RecentHistory* m_history = nullptr; ///< of the newest show()
};

} // namespace jetlag::ui

Q_DECLARE_METATYPE(jetlag::ui::OffsetPicture)
