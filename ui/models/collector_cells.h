#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_record.h"
#include "ui/models/record_model.h"

#include <string>
#include <vector>

namespace jetlag::ui {

// Cells of a collector that say more than one number.

[[nodiscard]] RecordCell lagCell(const CollectorRecord& row);
[[nodiscard]] RecordCell verdictCell(const CollectorRecord& row);
[[nodiscard]] RecordCell timeLagCell(const CollectorRecord& row);
[[nodiscard]] RecordCell runwayCell(const CollectorRecord& row);
[[nodiscard]] RecordCell etaCell(const CollectorRecord& row);
[[nodiscard]] RecordCell ackPendingCell(const CollectorRecord& row);
[[nodiscard]] RecordCell redeliveryShareCell(const CollectorRecord& row);
/// A time in seconds, or the word `unknown`, which sorts last.
[[nodiscard]] RecordCell secondsCell(const std::optional<double>& seconds, const QString& unknown);
[[nodiscard]] QString filterWords(const std::vector<std::string>& filters);
/// What the hatch in the picture means; the monitor knows how many, not where.
[[nodiscard]] QString deletedNote(const OffsetPicture& at);

} // namespace jetlag::ui
