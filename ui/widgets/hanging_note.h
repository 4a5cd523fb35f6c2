#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QLabel>

namespace jetlag::ui {

/// A sentence below a widget, whole however long it is, over whatever lies there: nothing moves for it. It
/// lies in the first of the widget's parents that reaches far enough down.
class HangingNote final : public QLabel
{
    Q_OBJECT

public:
    /// Ends with `above`.
    explicit HangingNote(QWidget& above);
    /// Empty = it goes.
    void say(const QString& sentence);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QWidget& m_above;
};

} // namespace jetlag::ui
