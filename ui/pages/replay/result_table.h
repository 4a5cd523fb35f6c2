#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/result_table_model.h"

#include <QPersistentModelIndex>
#include <QTableView>

#include <string>

class QMenu;

namespace jetlag::ui {

/// One result table on the screen. By itself it shows the columns that say something and fit whole, the
/// telling ones first; as soon as the user hides, shows, moves or sizes one, the columns are the user's and
/// are remembered. Rows never move under the pointer, and the scroll position holds while rows come in.
class ResultTable final : public QTableView
{
    Q_OBJECT

public:
    explicit ResultTable(QWidget* parent = nullptr);

    void setSchema(const std::string& analyzer, TableSchema schema);
    [[nodiscard]] ResultTableModel& rows() { return *m_model; }
    /// Columns that have something to say but are not shown.
    [[nodiscard]] int hiddenColumns() const;
    void fillColumnMenu(QMenu& menu);
    void saveColumns() const;

signals:
    void columnsChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fitColumns();
    void measure();
    void columnsAreMine();
    void keepPlace();
    void backToPlace();
    [[nodiscard]] std::vector<int> wantedColumns() const;
    [[nodiscard]] QString settingsKey() const;
    void copyCell(const QModelIndex& index) const;
    void copyRows() const;

    ResultTableModel* m_model;
    std::string m_analyzer;
    std::vector<int> m_widths; ///< each column's widest text so far
    bool m_userColumns = false;
    bool m_fitting = false;
    QPersistentModelIndex m_top; ///< first row on the screen while rows change places
};

} // namespace jetlag::ui
