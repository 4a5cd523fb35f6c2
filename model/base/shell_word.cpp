// SPDX-License-Identifier: Apache-2.0
#include "model/base/shell_word.h"

#include "model/base/text.h"

#include <algorithm>
#include <string_view>

namespace jetlag {

namespace {

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

std::string shellWord(const std::string& text)
{
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos)
        return text;
    const bool isText = isValidUtf8(text);
    const auto needsEscape = [&](char c) {
        return isControl(c) || (!isText && static_cast<unsigned char>(c) >= 0x80);
    };
    const bool escapes = std::any_of(text.begin(), text.end(), needsEscape);
    std::string word = escapes ? "$'" : "'";
    for (const char c : text) {
        if (needsEscape(c)) {
            constexpr std::string_view kDigits = "0123456789abcdef";
            const auto code = static_cast<unsigned char>(c);
            word += {'\\', 'x', kDigits[code >> 4U], kDigits[code & 15U]};
        } else if (escapes && (c == '\'' || c == '\\')) {
            word += {'\\', c};
        } else if (c == '\'') {
            word += "'\\''";
        } else {
            word += c;
        }
    }
    return word + '\'';
}

} // namespace jetlag
