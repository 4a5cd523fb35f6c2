#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QAbstractButton;
class QHBoxLayout;
class QLabel;

namespace jetlag::ui {

/// Large figures side by side, each with a line of words below. Stands with "–" from the first paint. A
/// figure that leads somewhere is a button.
class TotalsStrip : public QWidget
{
    Q_OBJECT

public:
    explicit TotalsStrip(QWidget* parent = nullptr);
    /// Its number for setFigure().
    int addFigure(const QString& words);
    /// In the place of a figure's value; words below as for all.
    int addFigure(QWidget* value, const QString& words);
    void setFigure(int figure, const QString& value, const QString& words, const QString& toolTip = {});
    void setInk(int figure, const QColor& ink);
    void setLeads(int figure, bool leads);
    void setFigureVisible(int figure, bool visible);
    /// Grey: the last value, not that of now.
    void setStale(int figure, bool stale);

signals:
    void figureClicked(int figure);

private:
    struct Figure
    {
        QAbstractButton* box;
        QLabel* value; ///< null where a widget stands in its place
        QLabel* words;
        QWidget* line;
        bool isStale = false;
    };
    QHBoxLayout* m_layout;
    QList<Figure> m_figures;
};

} // namespace jetlag::ui
