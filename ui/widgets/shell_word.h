#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

#include <string>

namespace jetlag::ui {

/// model/base/shell_word.h, for texts of the window.
[[nodiscard]] QString shellWord(const std::string& text);

} // namespace jetlag::ui
