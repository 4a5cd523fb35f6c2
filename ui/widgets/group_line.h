#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/row_groups.h"

class QFont;
class QPainter;
class QRect;

namespace jetlag::ui {

/// The line of a group over the whole row: a mark that says whether it is open, its name, how many rows, and
/// at the right the counts, each in a place of its own that is the same in every group.
void paintGroupLine(QPainter& painter, const QRect& row, const QFont& font, const GroupLook& look);
/// "298 more in this group · show them", over the whole row.
void paintMoreLine(QPainter& painter, const QRect& row, const QFont& font, const QString& words);

} // namespace jetlag::ui
