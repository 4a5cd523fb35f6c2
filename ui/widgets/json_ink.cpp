// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_ink.h"

#include "ui/theme/theme.h"

#include <QRegularExpression>

namespace jetlag::ui {

void JsonInk::setJson(bool isJson)
{
    m_isJson = isJson;
}

void JsonInk::setMarked(const QString& text)
{
    if (text == m_marked)
        return;
    m_marked = text;
    rehighlight();
}

void JsonInk::highlightBlock(const QString& text)
{
    if (m_isJson) { // laid out so that a name begins its line
        static const QRegularExpression kName(QStringLiteral(R"(^\s*("(?:[^"\\]|\\.)*"):)"));
        const QRegularExpressionMatch name = kName.match(text);
        if (name.hasMatch())
            setFormat(static_cast<int>(name.capturedStart(1)), static_cast<int>(name.capturedLength(1)),
                      colors().accent);
    }
    if (m_marked.isEmpty())
        return;
    QTextCharFormat mark;
    mark.setFontUnderline(true);
    mark.setUnderlineColor(colors().paused);
    mark.setBackground(colors().selection);
    for (qsizetype at = text.indexOf(m_marked, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(m_marked, at + m_marked.size(), Qt::CaseInsensitive))
        setFormat(static_cast<int>(at), static_cast<int>(m_marked.size()), mark);
}

} // namespace jetlag::ui
