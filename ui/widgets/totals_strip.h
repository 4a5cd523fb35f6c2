#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace jetlag::ui {

/// Large figures side by side, each with a line of words below. Stands with "–" from the first paint.
class TotalsStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit TotalsStrip(QWidget* parent = nullptr);
    /// Its number for setFigure().
    int addFigure(const QString& words);
    void setFigure(int figure, const QString& value, const QString& words, const QString& toolTip = {});
    /// Grey: the last values, not those of now.
    void setStale(bool stale);

private:
    struct Figure
    {
        QLabel* value;
        QLabel* words;
    };
    QHBoxLayout* m_layout;
    QList<Figure> m_figures;
    bool m_stale = false;
};

} // namespace jetlag::ui
