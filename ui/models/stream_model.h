#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/models/record_model.h"

namespace jetlag::ui {

struct StreamRecord
{
    StreamReport report;
    std::uint64_t largestLag = 0; ///< of its collectors
    ServerTime at{};
    QString server;
};

/// One row per stream.
class StreamModel final : public RecordModel<StreamRecord, std::string>
{
    Q_OBJECT

public:
    explicit StreamModel(QObject* parent = nullptr);
    void show(const ClusterReport& report);

protected:
    [[nodiscard]] bool isStale(const StreamRecord& row) const override;
    [[nodiscard]] std::optional<QColor> staleInk() const override;
    [[nodiscard]] QString toolTip(const StreamRecord& row,
                                  const RecordColumn<StreamRecord>& column) const override;
};

} // namespace jetlag::ui
