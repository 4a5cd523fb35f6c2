// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/byte_text.h"

#include "model/base/text.h"
#include "ui/theme/number_format.h"

#include <QStringList>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kLineBytes = 300; // more than any list has room for
constexpr std::size_t kHexInLine = 24;

/// Lays out a text that is known to be JSON.
class JsonLayout
{
public:
    explicit JsonLayout(std::string_view text)
        : m_text(text)
    {}

    std::string lines()
    {
        for (; m_at < m_text.size(); ++m_at)
            take(m_text[m_at]);
        return std::move(m_out);
    }

private:
    void take(char c)
    {
        switch (c) {
        case '"':
            return takeString();
        case '{':
        case '[':
            if (isEmptyHere()) {
                m_out += c;
                m_at = m_text.find(c == '{' ? '}' : ']', m_at);
                m_out += m_text[m_at];
                return;
            }
            ++m_depth;
            m_out += c;
            return newLine();
        case '}':
        case ']':
            --m_depth;
            newLine();
            m_out += c;
            return;
        case ',':
            m_out += c;
            return newLine();
        case ':':
            m_out += ": ";
            return;
        case ' ':
        case '\t':
        case '\n':
        case '\r':
            return;
        default:
            m_out += c;
        }
    }
    void takeString()
    {
        m_out += m_text[m_at];
        for (++m_at; m_at < m_text.size(); ++m_at) {
            m_out += m_text[m_at];
            if (m_text[m_at] == '"')
                return;
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                m_out += m_text[++m_at];
        }
    }
    [[nodiscard]] bool isEmptyHere() const
    {
        const std::size_t next = m_text.find_first_not_of(" \t\r\n", m_at + 1);
        return next != std::string_view::npos && (m_text[next] == '}' || m_text[next] == ']');
    }
    void newLine() { m_out += '\n' + std::string(m_depth * kIndent, ' '); }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    std::string m_out;
};

/// Tabs are text, though they are control characters.
QString withTabs(std::string_view line)
{
    QString text;
    for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
        text += shown(line.substr(0, tab)) + QLatin1Char('\t');
        line.remove_prefix(tab + 1);
    }
    return text + shown(line);
}

} // namespace

QString byteText(std::string_view bytes)
{
    QStringList lines;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        lines << withTabs(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return lines.join(QLatin1Char('\n'));
}

std::size_t hexBytesThatFit(int characters)
{
    constexpr std::array<std::pair<std::size_t, int>, 2> kWidths{{{16, 77}, {8, 44}}};
    for (const auto& [bytes, width] : kWidths) {
        if (characters >= width)
            return bytes;
    }
    return 4;
}

QString hexDump(std::string_view bytes, std::size_t bytesPerLine)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() / bytesPerLine * 76 + 80);
    for (std::size_t at = 0; at < bytes.size(); at += bytesPerLine) {
        for (int shift = 28; shift >= 0; shift -= 4)
            text += kDigits[(at >> static_cast<unsigned>(shift)) & 0xf];
        text += "  ";
        std::string printable;
        for (std::size_t i = at; i < at + bytesPerLine; ++i) {
            if (i % 8 == 0 && i != at)
                text += ' ';
            if (i >= bytes.size()) {
                text += "   ";
                continue;
            }
            const auto byte = static_cast<unsigned char>(bytes[i]);
            text += kDigits[byte >> 4U];
            text += kDigits[byte & 0xfU];
            text += ' ';
            printable += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
        }
        text += ' ' + printable + '\n';
    }
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

std::optional<QString> prettyJson(std::string_view bytes)
{
    // A bare number or word is text to whoever looks at it.
    const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || (bytes[begin] != '{' && bytes[begin] != '['))
        return std::nullopt;
    if (!nlohmann::json::accept(bytes))
        return std::nullopt;
    return byteText(JsonLayout(bytes).lines());
}

QString bytesInOneLine(std::string_view bytes)
{
    const std::string_view head = bytes.substr(0, kLineBytes);
    // A cut may fall into a character.
    const bool isText = isValidUtf8(head) ||
                        (bytes.size() > head.size() && isValidUtf8(head.substr(0, head.size() - 1))) ||
                        (bytes.size() > head.size() && isValidUtf8(head.substr(0, head.size() - 2)));
    const bool hasControls = std::ranges::any_of(head, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
    });
    if (isText && !hasControls)
        return withTabs(head).replace(QLatin1Char('\t'), QLatin1Char(' '));
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const char c : head.substr(0, kHexInLine)) {
        const auto byte = static_cast<unsigned char>(c);
        hex += {kDigits[byte >> 4U], kDigits[byte & 0xfU], ' '};
    }
    return QString::fromStdString(hex) + (bytes.size() > kHexInLine ? QStringLiteral("…") : QString());
}

} // namespace jetlag::ui
