#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/engine.h"

#include <QAbstractTableModel>

#include <memory>

namespace jetlag::ui {

/// Of a longer record only so many bytes are kept for showing.
inline constexpr std::size_t kQuarantineHeadBytes = 65'536;

/// Events that a replay set aside, in the order in which they came. A newer result of the same run only
/// brings more of them, so rows are added and never move.
class QuarantineModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SequenceColumn, ReasonColumn, SubjectColumn, BytesColumn, BeginColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// Null forgets all.
    void setResult(std::shared_ptr<const EngineResult> result);
    /// How many there were; more than rowCount() where not all are kept.
    [[nodiscard]] std::uint64_t total() const { return m_result ? m_result->counters.quarantined : 0; }
    [[nodiscard]] const QuarantinedEvent& event(int row) const
    {
        return m_result->quarantined[static_cast<std::size_t>(row)];
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const EngineResult> m_result;
};

} // namespace jetlag::ui
