#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/plot_scene.h"

#include <QAbstractTableModel>

namespace jetlag::ui {

/// The numbers of a plot as they were at one moment: a row per time that any line has a point for, oldest
/// first, a column per line. For those who can't see the curves, and for copying.
class PlotTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { SortRole = Qt::UserRole };

    explicit PlotTableModel(const PlotScene& scene, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Times as RFC 3339 in UTC, values as plain numbers, nothing where unknown.
    [[nodiscard]] QString csv() const;

private:
    struct Column
    {
        QString title;
        PlotUnit unit;
        std::vector<double> values; ///< one per time, NaN where there is none
    };

    std::vector<double> m_times;
    std::vector<Column> m_columns;
};

} // namespace jetlag::ui
