#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/recent_history.h"
#include "ui/models/record_model.h"
#include "ui/offsets/offset_bar.h"

#include <memory>

namespace jetlag::ui {

struct CollectorRecord
{
    CollectorReport report;
    std::shared_ptr<const StreamReport> stream; ///< null = the report does not name it
    std::optional<double> ageSeconds;           ///< of the values, where they are stale and it is known
    std::vector<double> lagLine;                ///< the last minutes, oldest first, NaN = gap
    ServerTime at{};
    QString server; ///< who answered
};

/// One row per collector over all streams.
class CollectorModel final : public RecordModel<CollectorRecord, ConsumerName>
{
    Q_OBJECT

public:
    enum PictureRole { OffsetsRole = RowRole + 1, LagLineRole, VerdictGlyphRole };

    explicit CollectorModel(QObject* parent = nullptr);
    /// `history` may be empty; its samples make the sparklines and say how old a stale row is.
    /// `reportAgeSeconds`: since the server gave the report's values.
    void show(const ClusterReport& report, const RecentHistory& history, double reportAgeSeconds = 0);
    [[nodiscard]] bool hasStaleRows() const;
    [[nodiscard]] static QString ageId(); ///< the column that stands only while there are stale rows

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] static OffsetPicture offsetsOf(const CollectorRecord& row);

protected:
    [[nodiscard]] bool isStale(const CollectorRecord& row) const override;
    [[nodiscard]] std::optional<QColor> staleInk() const override;
    [[nodiscard]] QString toolTip(const CollectorRecord& row,
                                  const RecordColumn<CollectorRecord>& column) const override;
};

} // namespace jetlag::ui

Q_DECLARE_METATYPE(jetlag::ui::OffsetPicture)
