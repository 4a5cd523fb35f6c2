// SPDX-License-Identifier: Apache-2.0
#include "ui/models/context_model.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QFont>

#include <algorithm>

namespace jetlag::ui {

void ContextModel::setContexts(std::vector<FoundContext> contexts)
{
    const auto sameName = [](const Row& row, const FoundContext& found) {
        return row.context.name == found.name;
    };
    const bool sameRows =
        std::equal(m_rows.begin(), m_rows.end(), contexts.begin(), contexts.end(), sameName);
    if (!sameRows)
        beginResetModel();
    std::vector<Row> rows;
    rows.reserve(contexts.size());
    for (FoundContext& found : contexts) {
        Row row{.environment = environmentOf(QString::fromStdString(found.name),
                                             QString::fromStdString(found.colorScheme),
                                             QString::fromStdString(found.url))};
        const auto old = std::find_if(m_rows.begin(), m_rows.end(),
                                      [&](const Row& known) { return sameName(known, found); });
        if (old != m_rows.end())
            row.tested = old->tested;
        row.context = std::move(found);
        rows.push_back(std::move(row));
    }
    m_rows = std::move(rows);
    if (!sameRows)
        endResetModel();
    else if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ContextModel::setInUse(std::map<std::string, InUse> byName)
{
    if (m_inUse == byName)
        return;
    m_inUse = std::move(byName);
    if (!m_rows.empty())
        emit dataChanged(index(0, StateColumn), index(rowCount() - 1, StateColumn));
}

const ContextModel::InUse* ContextModel::inUse(const Row& row) const
{
    const auto found = m_inUse.find(row.context.name);
    return found == m_inUse.end() ? nullptr : &found->second;
}

void ContextModel::setTested(const std::string& name, const QString& state)
{
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].context.name != name)
            continue;
        m_rows[row].tested = state;
        const QModelIndex cell = index(static_cast<int>(row), StateColumn);
        emit dataChanged(cell, cell);
    }
}

int ContextModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ContextModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ContextModel::stateOf(const Row& row) const
{
    if (!row.context.problem.empty())
        return tr("cannot be loaded");
    if (const InUse* open = inUse(row))
        return open->state;
    return row.tested.isEmpty() ? tr("not tested") : row.tested;
}

QString ContextModel::text(const Row& row, int column) const
{
    const FoundContext& context = row.context;
    switch (column) {
    case EnvironmentColumn:
        return row.environment.word.isEmpty() ? notApplicable() : row.environment.word;
    case NameColumn:
        return context.selected ? tr("%1  (selected)").arg(shown(context.name)) : shown(context.name);
    case FileColumn:
        return shown(context.file.filename().string());
    case AddressColumn:
        return context.problem.empty() ? shown(context.url) : shown(context.problem);
    case CredentialsColumn:
        if (!context.problem.empty())
            return {};
        return context.credentials.empty() ? tr("none") : shown(context.credentials);
    case StateColumn:
        return stateOf(row);
    default:
        return {};
    }
}

QVariant ContextModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool broken = !row.context.problem.empty();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == FileColumn)
            return shown(row.context.file.string());
        if (index.column() == NameColumn && !row.context.description.empty())
            return shown(row.context.description);
        return text(row, index.column());
    case Qt::ForegroundRole:
        if (broken && (index.column() == AddressColumn || index.column() == StateColumn))
            return colors().bad;
        if (const InUse* open = inUse(row); open != nullptr && index.column() == StateColumn)
            return open->isWell ? colors().good : colors().bad;
        if (index.column() == FileColumn || index.column() == CredentialsColumn)
            return colors().secondary;
        return {};
    case Qt::FontRole:
        if (index.column() == NameColumn) {
            QFont bold = Theme::instance().bodyFont();
            bold.setWeight(QFont::DemiBold);
            return bold;
        }
        return {};
    case StripeRole:
        return index.column() == EnvironmentColumn ? QVariant(static_cast<int>(row.environment.kind))
                                                   : QVariant();
    default:
        return {};
    }
}

QVariant ContextModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case EnvironmentColumn:
        return tr("Environment");
    case NameColumn:
        return tr("Context");
    case FileColumn:
        return tr("File");
    case AddressColumn:
        return tr("Address");
    case CredentialsColumn:
        return tr("Credentials, by reference");
    case StateColumn:
        return tr("State");
    default:
        return {};
    }
}

} // namespace jetlag::ui
