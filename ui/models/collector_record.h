#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/offsets/offset_bar.h"

#include <QString>

#include <memory>
#include <optional>

namespace jetlag::ui {

/// What a row of the table of collectors shows.
struct CollectorRecord
{
    std::shared_ptr<const CollectorReport> report; ///< never null; a part of the whole report, which lives on
    std::shared_ptr<const StreamReport> stream;    ///< so too; null = the report does not name it
    std::optional<double> ageSeconds;              ///< of the values, where they are stale and it is known
    ServerTime at{};
    QString server; ///< who answered
    bool isMuted = false;
    bool nobodyAnswers = false; ///< it is as old as all others are: its place says nothing new
};

/// Where it stands in its stream; zeros where that is not known.
[[nodiscard]] OffsetPicture offsetsOf(const CollectorRecord& row);

} // namespace jetlag::ui
