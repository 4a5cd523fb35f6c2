// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_table_model.h"

#include "ui/theme/number_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

ServerTime moment(double at)
{
    return ServerTime(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(at)));
}

QString quoted(QString text)
{
    text.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

} // namespace

PlotTableModel::PlotTableModel(const PlotScene& scene, QObject* parent)
    : QAbstractTableModel(parent)
{
    for (const PlotScene::Panel& panel : scene.parts) {
        for (const PlotPoints& line : panel.lines) {
            for (const PlotPoint& point : line) {
                if (!std::isnan(point.value)) // a gap is no sample
                    m_times.push_back(point.at);
            }
        }
    }
    std::ranges::sort(m_times);
    m_times.erase(std::ranges::unique(m_times).begin(), m_times.end());
    for (int panel = 0; panel < scene.panels.size(); ++panel) {
        for (int line = 0; line < scene.panels[panel].lines.size(); ++line) {
            const PlotPoints& points = scene.points(panel, line);
            Column column{.title = scene.panels[panel].title + QStringLiteral(": ") +
                                   scene.panels[panel].lines[line].name,
                          .unit = scene.unitOf(panel, line),
                          .values = std::vector<double>(m_times.size(), kUnknown)};
            auto row = m_times.begin();
            for (const PlotPoint& point : points) {
                if (std::isnan(point.value))
                    continue;
                row = std::lower_bound(row, m_times.end(), point.at);
                column.values[static_cast<std::size_t>(row - m_times.begin())] = point.value;
            }
            m_columns.push_back(std::move(column));
        }
    }
}

int PlotTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_times.size());
}

int PlotTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size()) + 1;
}

QVariant PlotTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    if (index.column() == 0) {
        if (role == Qt::DisplayRole)
            return clockTime(moment(m_times[row]));
        if (role == Qt::ToolTipRole)
            return detailTime(moment(m_times[row]));
        return role == SortRole ? QVariant(m_times[row]) : QVariant();
    }
    const Column& column = m_columns[static_cast<std::size_t>(index.column() - 1)];
    switch (role) {
    case Qt::DisplayRole:
        return valueText(column.values[row], column.unit);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case SortRole:
        return column.values[row];
    default:
        return {};
    }
}

QVariant PlotTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole && section > 0)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Time") : m_columns[static_cast<std::size_t>(section - 1)].title;
}

QString PlotTableModel::csv() const
{
    QStringList lines;
    QStringList cells{QStringLiteral("time")};
    for (const Column& column : m_columns)
        cells += quoted(column.title);
    lines += cells.join(QLatin1Char(','));
    for (std::size_t row = 0; row < m_times.size(); ++row) {
        cells = {QString::fromStdString(formatRfc3339(std::chrono::time_point_cast<std::chrono::nanoseconds>(
            std::chrono::round<std::chrono::milliseconds>(moment(m_times[row])))))};
        for (const Column& column : m_columns) {
            const double value = column.values[row];
            cells += std::isnan(value) ? QString() : QString::number(value, 'g', 17);
        }
        lines += cells.join(QLatin1Char(','));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace jetlag::ui
