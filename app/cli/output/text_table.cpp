// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output/text_table.h"

#include <algorithm>

namespace jetlag {

namespace {

// Columns on a terminal: code points, close enough for names and numbers.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

} // namespace

std::string TextTable::text() const
{
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < m_headings.size(); ++column) {
        std::size_t width = widthOf(m_headings[column].text);
        for (const auto& row : m_rows)
            width = std::max(width, widthOf(row[column]));
        widths.push_back(width);
    }
    std::string all;
    const auto line = [&](auto textOf) {
        std::string text;
        for (std::size_t column = 0; column < m_headings.size(); ++column) {
            const std::string& cell = textOf(column);
            const std::string padding(widths[column] - widthOf(cell), ' ');
            if (column > 0)
                text += "  ";
            text += m_headings[column].align == Align::Right ? padding + cell : cell + padding;
        }
        text.erase(text.find_last_not_of(' ') + 1);
        all += text + '\n';
    };
    line([this](std::size_t column) -> const std::string& { return m_headings[column].text; });
    for (const auto& row : m_rows)
        line([&row](std::size_t column) -> const std::string& { return row[column]; });
    return all;
}

} // namespace jetlag
