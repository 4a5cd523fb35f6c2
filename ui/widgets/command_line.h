#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QPlainTextEdit>
#include <QString>
#include <QStringList>

namespace jetlag::ui {

/// A shell command in lines of at most so many characters. Broken only between words, never in what is
/// quoted; a word that is longer keeps its line.
[[nodiscard]] QStringList commandInLines(const QString& command, int characters);

/// A command to read and to copy, whole at any width: what does not fit goes on below, as a shell takes it
/// too. Ctrl+C with nothing selected copies all of it, in one line.
class CommandLine final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CommandLine(QString command, QWidget* parent = nullptr);
    [[nodiscard]] const QString& command() const { return m_command; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void layOut();

    const QString m_command;
    QStringList m_lines; ///< as shown
};

} // namespace jetlag::ui
