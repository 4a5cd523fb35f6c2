#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/models/row_groups.h"

#include <QObject>

#include <map>
#include <string>
#include <string_view>

namespace jetlag::ui {

class CollectorModel;

/// More collectors than this are shown in groups unless somebody has chosen; fewer than the second, they are
/// not any more. About what one can still read row by row on a large screen.
inline constexpr int kGroupAbove = 60;
inline constexpr int kUngroupBelow = 50;

/// The group of what needs a look.
[[nodiscard]] QString needALookId();

/// Must an operator look at it? Lost, stopped, stuck, slow and stale do, as `report --check` sees it; and
/// one that alone does not answer. Where nobody answers at all, what it was decides: a lost connection must
/// not turn a thousand healthy collectors into a thousand problems.
[[nodiscard]] bool needsALook(const CollectorReport& row, bool nobodyAnswers);

/// "Need a look" first, always open; then all others by the families of their streams, in the order of names,
/// which never changes by itself. Streams that are alone in their family and have fewer than three collectors
/// stand together as "Other streams".
class CollectorGroups final : public QObject, public RowGrouping
{
    Q_OBJECT

public:
    explicit CollectorGroups(const CollectorModel& model);

    [[nodiscard]] std::vector<RowGroup> groups(const std::vector<int>& rows) override;
    [[nodiscard]] GroupLook look(const RowGroup& group) const override;

private:
    void nameFamilies();
    /// Empty = other streams.
    [[nodiscard]] std::string_view familyOf(const CollectorReport& row) const;

    const CollectorModel& m_model;
    bool m_stale = true;                                       ///< m_groupOf, other collectors came or went
    std::map<std::string, std::string, std::less<>> m_groupOf; ///< by stream; "" = other streams
};

} // namespace jetlag::ui
