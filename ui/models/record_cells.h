#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "ui/models/record_model.h"

#include <cstdint>
#include <optional>

namespace jetlag::ui {

// Cells that several tables share, so that the same quantity looks and sorts the same everywhere.

[[nodiscard]] RecordCell numberCell(std::uint64_t value);   ///< "1.24 M"
[[nodiscard]] RecordCell sequenceCell(std::uint64_t value); ///< exact, grouped
[[nodiscard]] RecordCell bytesCell(std::uint64_t value);
[[nodiscard]] RecordCell rateCell(const std::optional<double>& perSecond); ///< under a header that says /s
[[nodiscard]] RecordCell byteRateCell(const std::optional<double>& perSecond);
[[nodiscard]] RecordCell wordsCell(const QString& text, std::optional<QColor> ink = std::nullopt);
[[nodiscard]] RecordCell replicasCell(const PlacementSnapshot& placement);

/// A tool tip that stays text: a view would take a name such as `<b>` for markup.
[[nodiscard]] QString plainToolTip(const QString& text);

/// Value, API field, sample time and answering server.
[[nodiscard]] QString sampleToolTip(const RecordCell& cell, const QString& title, const QString& field,
                                    ServerTime at, const QString& server, bool stale);

} // namespace jetlag::ui
