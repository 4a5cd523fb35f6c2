#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QSyntaxHighlighter>

namespace jetlag::ui {

/// Names of members in the accent colour; a text that is looked for underlined.
class JsonInk final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    void setJson(bool isJson);
    void setMarked(const QString& text);

protected:
    void highlightBlock(const QString& text) override;

private:
    bool m_isJson = false;
    QString m_marked;
};

} // namespace jetlag::ui
