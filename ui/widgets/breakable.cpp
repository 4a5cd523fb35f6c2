// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/breakable.h"

namespace jetlag::ui {

QString breakable(const QString& text)
{
    constexpr int kLongWord = 24; // longer than all words of ours
    constexpr QChar kMayBreak(0x200b);
    QString result;
    result.reserve(text.size());
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        // Never between the halves of one character.
        if (run > kLongWord && !c.isLowSurrogate()) {
            result += kMayBreak;
            run = 1;
        }
        result += c;
    }
    return result;
}

} // namespace jetlag::ui
