#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/theme/palette.h"

#include <QString>

namespace jetlag::ui {

/// Where a connection leads, so that nobody takes production for a lab: a word and a stripe. A stripe is an
/// environment, never a state.
struct Environment
{
    enum class Kind { Unknown, Production, Staging, Lab, Local };
    Kind kind = Kind::Unknown;
    QString word; ///< "production"; empty when nothing tells
};

/// The context's own `color_scheme` first (natscli's words: red, yellow, green, blue, cyan, magenta, dark,
/// bright); else what its name or address says.
[[nodiscard]] Environment environmentOf(const QString& name, const QString& colorScheme, const QString& url);
[[nodiscard]] QColor stripeColor(Environment::Kind kind, const Palette& colors);

} // namespace jetlag::ui
