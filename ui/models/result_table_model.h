#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/latest_value.h"
#include "ui/models/table_arrangement.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace jetlag::ui {

/// One table of a replay's result: sorted, filtered, and merged row by row as the replay goes on, so that
/// selection and scroll position survive. It sorts and filters by itself, over the values, not their texts:
/// small tables at once, large ones in the background, so that 100,000 rows never hold up the window.
class ResultTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit ResultTableModel(QObject* parent = nullptr);
    ~ResultTableModel() override;

    /// The columns before there are rows; forgets what was there.
    void setSchema(TableSchema schema);
    /// The same table of a newer result.
    void setResult(std::shared_ptr<const EngineResult> result, std::size_t table);
    void setFilter(const QString& words);
    /// While set, rows do not change places and new ones come at the end.
    void setHoldOrder(bool hold);

    [[nodiscard]] const TableSchema& schema() const { return m_schema; }
    /// Rows of the table, shown or not.
    [[nodiscard]] std::size_t totalRows() const
    {
        return m_newest ? m_newest->tables[m_table].rows().size() : 0;
    }
    /// Rows that the filter lets through; more than rowCount() where there are too many to show.
    [[nodiscard]] std::size_t matchingRows() const { return m_shown ? m_shown->matching : 0; }
    [[nodiscard]] bool isBusy() const { return m_working; }
    [[nodiscard]] ColumnTraits traits(int column) const;
    [[nodiscard]] const Row& resultRow(int row) const { return m_shown->row(row); }
    /// The whole table as it stands; null before the first result.
    [[nodiscard]] const Table* table() const { return m_newest ? &m_newest->tables[m_table] : nullptr; }
    [[nodiscard]] const std::shared_ptr<const EngineResult>& result() const { return m_newest; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// -1 = the order of the keys.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

signals:
    /// Around every change of rows, for a view that keeps its place.
    void aboutToArrange();
    void arranged();

private:
    void rearrange();
    void apply(TableArrangement next);
    void moveTo(TableArrangement next);
    void permute(const std::vector<int>& target);
    void noteChangedValues(int rows);

    TableSchema m_schema;
    std::shared_ptr<const EngineResult> m_newest;
    std::size_t m_table = 0;
    TableWish m_wish;
    std::shared_ptr<const TableArrangement> m_shown;
    bool m_working = false; ///< an arrangement is being made in the background
    bool m_outdated = false;
    std::uint64_t m_generation = 0; ///< which setSchema() what is being made belongs to
    struct Made
    {
        std::uint64_t generation = 0;
        std::shared_ptr<TableArrangement> arrangement;
    };
    LatestValue<Made> m_made;
};

} // namespace jetlag::ui
