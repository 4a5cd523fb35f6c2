#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "ui/models/environment.h"

#include <QAbstractTableModel>

#include <map>
#include <vector>

namespace jetlag::ui {

/// The nats contexts found on this machine, one row each; what cannot be loaded keeps its row, with the
/// reason.
class ContextModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        EnvironmentColumn,
        NameColumn,
        FileColumn,
        AddressColumn,
        CredentialsColumn,
        StateColumn,
        ColumnCount
    };
    enum Role { StripeRole = Qt::UserRole + 1 }; ///< int of Environment::Kind

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows that stay keep their selection.
    void setContexts(std::vector<FoundContext> contexts);
    /// How a context that is open stands: "connected".
    struct InUse
    {
        QString state;
        bool isWell = false;
        bool operator==(const InUse&) const = default;
    };
    void setInUse(std::map<std::string, InUse> byName);
    /// What a test found, for its State cell.
    void setTested(const std::string& name, const QString& state);

    [[nodiscard]] const FoundContext& context(int row) const
    {
        return m_rows[static_cast<std::size_t>(row)].context;
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        FoundContext context;
        Environment environment;
        QString tested;
    };
    [[nodiscard]] QString text(const Row& row, int column) const;
    [[nodiscard]] QString stateOf(const Row& row) const;
    /// Null when it is not open.
    [[nodiscard]] const InUse* inUse(const Row& row) const;

    std::vector<Row> m_rows;
    std::map<std::string, InUse> m_inUse;
};

} // namespace jetlag::ui
