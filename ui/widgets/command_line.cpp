// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/command_line.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kAir = 7; // around the text
constexpr QLatin1String kGoesOn(" \\");
constexpr QLatin1String kIndent("  ");

/// Words as a shell reads them: blanks inside of quotes part nothing.
QStringList shellWords(const QString& command)
{
    QStringList words{QString()};
    QChar quote;
    for (const QChar one : command) {
        if (quote.isNull() && (one == QLatin1Char('\'') || one == QLatin1Char('"')))
            quote = one;
        else if (one == quote)
            quote = QChar();
        if (one == QLatin1Char(' ') && quote.isNull())
            words << QString();
        else
            words.last() += one;
    }
    return words;
}

} // namespace

QStringList commandInLines(const QString& command, int characters)
{
    QStringList lines;
    QString line;
    const QStringList words = shellWords(command);
    for (qsizetype at = 0; at < words.size(); ++at) {
        const qsizetype sign = at + 1 < words.size() ? kGoesOn.size() : 0; // the last one ends the command
        if (at == 0) {
            line = words[at];
        } else if (line.size() + 1 + words[at].size() + sign > characters) {
            lines << line + kGoesOn;
            line = kIndent + words[at];
        } else {
            line += QLatin1Char(' ') + words[at];
        }
    }
    return lines << line;
}

CommandLine::CommandLine(QString command, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_command(std::move(command))
{
    setReadOnly(true);
    document()->setDocumentMargin(kAir);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setFont(Theme::instance().monoFont());
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Ctrl+C copies all of it"));
    setAccessibleName(tr("command"));
    setAccessibleDescription(m_command);
    layOut();
}

void CommandLine::layOut()
{
    const int margin = static_cast<int>(std::ceil(document()->documentMargin()));
    const int room = width() - 2 * (frameWidth() + margin);
    const int digit = std::max(1, fontMetrics().horizontalAdvance(QLatin1Char('0')));
    const QStringList lines = commandInLines(m_command, room / digit);
    if (lines == m_lines)
        return;
    m_lines = lines;
    setPlainText(lines.join(QLatin1Char('\n')));
    // A line of a document may be a pixel higher than one of its font; the last would scroll.
    setFixedHeight(static_cast<int>(lines.size()) * (fontMetrics().lineSpacing() + 1) +
                   2 * (frameWidth() + margin));
}

void CommandLine::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    layOut();
}

void CommandLine::keyPressEvent(QKeyEvent* event)
{
    if (!event->matches(QKeySequence::Copy) || textCursor().hasSelection())
        return QPlainTextEdit::keyPressEvent(event);
    QApplication::clipboard()->setText(m_command);
}

} // namespace jetlag::ui
