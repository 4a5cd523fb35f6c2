#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLineEdit;

namespace jetlag::ui {

class ElidedLabel;
class HangingNote;

/// Where a table's filter is typed, beside it what the filter leaves, and below it what is wrong with it.
class FilterLine final : public QWidget
{
    Q_OBJECT

public:
    explicit FilterLine(const QString& example, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString& text);
    void take(Qt::FocusReason reason); ///< the focus, with all of it selected
    void setCounts(const QString& words);
    /// A sentence that hangs below the line until the filter is right; empty = nothing is wrong.
    void setMistake(const QString& sentence);

signals:
    void changed();

private:
    QLineEdit* m_line;
    ElidedLabel* m_words;
    HangingNote* m_wrong;
};

} // namespace jetlag::ui
