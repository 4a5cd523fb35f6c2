#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

namespace jetlag {

/// Columns of text under headings, as wide as their widest cell; numbers stand right.
class TextTable final
{
public:
    enum class Align { Left, Right };
    struct Heading
    {
        std::string text;
        Align align = Align::Left;
    };

    explicit TextTable(std::vector<Heading> headings)
        : m_headings(std::move(headings))
    {}
    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    [[nodiscard]] bool isEmpty() const noexcept { return m_rows.empty(); }
    [[nodiscard]] std::string text() const;

private:
    std::vector<Heading> m_headings;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace jetlag
