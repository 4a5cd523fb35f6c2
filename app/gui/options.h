#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"
#include "ui/theme/theme.h"

#include <QSize>
#include <QString>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jetlag {

/// What the command line of `jetlag` asks for.
struct GuiOptions
{
    std::vector<std::string> contexts;
    std::vector<std::string> servers;
    std::string open; ///< a capture or log file; needs no server
    bool run = false; ///< replay it at once
    bool demo = false;
    std::string scenario; ///< of the demo; empty = the whole pipeline
    std::optional<ui::PageId> page;
    std::optional<ui::ThemeMode> theme;
    QSize size;
    QString screenshot; ///< file; the program ends after it
    double afterSeconds = 2;
};

/// Some of the words are Qt's own (-platform offscreen), which only an application takes out.
[[nodiscard]] bool namesQtOptions(int argc, char** argv);
/// The options, or the exit code when there is nothing to run (help, wrong use).
[[nodiscard]] std::variant<GuiOptions, int> parseGuiOptions(int argc, char** argv);

} // namespace jetlag
