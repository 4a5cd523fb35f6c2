// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/shell_word.h"

#include "model/base/shell_word.h"

namespace jetlag::ui {

QString shellWord(const std::string& text)
{
    return QString::fromStdString(jetlag::shellWord(text));
}

} // namespace jetlag::ui
