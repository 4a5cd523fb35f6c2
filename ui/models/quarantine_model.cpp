// SPDX-License-Identifier: Apache-2.0
#include "ui/models/quarantine_model.h"

#include "ui/bridge/background.h"
#include "ui/models/cell_format.h"
#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <utility>

namespace jetlag::ui {

namespace {

constexpr std::size_t kBeginBytes = 200;

QString reasonWords(QuarantineReason reason)
{
    switch (reason) {
    case QuarantineReason::Malformed:
        return QObject::tr("The record as a whole is not well-formed.");
    case QuarantineReason::TooLarge:
        return QObject::tr("The record is larger than 64 MB; its first 64 KB are kept.");
    case QuarantineReason::BadEncoding:
        return QObject::tr("Its encoding is unknown, or its bytes do not decompress.");
    case QuarantineReason::BadParts:
        return QObject::tr("Its parts contradict each other.");
    case QuarantineReason::AnalyzerRefused:
        return QObject::tr("The analyzer refused it while decoding.");
    case QuarantineReason::None:
        break;
    }
    return {};
}

} // namespace

void QuarantineModel::setResult(std::shared_ptr<const EngineResult> result)
{
    const int before = rowCount();
    const int now = result ? static_cast<int>(result->quarantined.size()) : 0;
    const bool goesOn =
        before <= now &&
        (before == 0 ||
         event(before - 1).sequence == result->quarantined[static_cast<std::size_t>(before) - 1].sequence);
    std::shared_ptr<const EngineResult> old = m_result;
    if (!goesOn) {
        beginResetModel();
        m_result = std::move(result);
        endResetModel();
    } else if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_result = std::move(result);
        endInsertRows();
    } else {
        m_result = std::move(result);
    }
    releaseInBackground(std::move(old));
}

int QuarantineModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_result ? 0 : static_cast<int>(m_result->quarantined.size());
}

int QuarantineModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant QuarantineModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QuarantinedEvent& one = event(index.row());
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole) {
        const bool right = column == SequenceColumn || column == BytesColumn;
        return static_cast<int>((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ForegroundRole) {
        if (column == ReasonColumn)
            return colors().bad;
        return column == BeginColumn ? QVariant(colors().secondary) : QVariant();
    }
    if (role == Qt::FontRole && column == BeginColumn)
        return Theme::instance().monoFont();
    if (role == Qt::ToolTipRole && column == ReasonColumn)
        return plainToolTip(reasonWords(one.reason));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (column) {
    case SequenceColumn:
        return one.index == 0 ? exact(one.sequence.value())
                              : tr("%1 [%2]").arg(exact(one.sequence.value())).arg(one.index);
    case ReasonColumn:
        return shown(toString(one.reason));
    case SubjectColumn:
        return tip ? plainToolTip(shown(one.subject)) : shown(one.subject);
    case BytesColumn:
        if (one.bytes.size() >= kQuarantineHeadBytes)
            return tip ? tr("the first %1 bytes are kept").arg(exact(one.bytes.size()))
                       : tr("≥ %1").arg(exact(one.bytes.size()));
        return tip ? tr("%1 bytes").arg(exact(one.bytes.size())) : exact(one.bytes.size());
    case BeginColumn:
        return tip ? QVariant() : shown(std::string_view(one.bytes).substr(0, kBeginBytes));
    case ColumnCount:
        break;
    }
    return {};
}

QVariant QuarantineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool right = section == SequenceColumn || section == BytesColumn;
        return static_cast<int>((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case SequenceColumn:
        return tr("Sequence");
    case ReasonColumn:
        return tr("Reason");
    case SubjectColumn:
        return tr("Subject");
    case BytesColumn:
        return tr("Bytes");
    case BeginColumn:
        return tr("Begins with");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace jetlag::ui
