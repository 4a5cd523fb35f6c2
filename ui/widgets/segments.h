#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QButtonGroup;

namespace jetlag::ui {

/// A choice among a few words that all stand there: one is pressed. Arrow keys move the choice.
class Segments final : public QWidget
{
    Q_OBJECT

public:
    explicit Segments(const QStringList& words, QWidget* parent = nullptr);

    [[nodiscard]] int current() const;
    /// Does not emit.
    void setCurrent(int index);
    void setWord(int index, const QString& word);
    void setAvailable(int index, bool available);

signals:
    void chosen(int index);

private:
    QButtonGroup* m_group;
};

} // namespace jetlag::ui
