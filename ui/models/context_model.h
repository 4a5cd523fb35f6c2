#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "ui/models/environment.h"

#include <QAbstractTableModel>

#include <optional>
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
    /// The context in use, and how it stands ("connected"); nullopt = none of these.
    void setInUse(std::optional<std::string> name, const QString& state);
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
    [[nodiscard]] bool isInUse(const Row& row) const { return m_inUse && *m_inUse == row.context.name; }

    std::vector<Row> m_rows;
    std::optional<std::string> m_inUse;
    QString m_inUseState;
};

} // namespace jetlag::ui
