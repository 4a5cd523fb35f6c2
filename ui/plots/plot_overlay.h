#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>
#include <QRect>
#include <QWidget>

class QPainter;

namespace jetlag::ui {

struct PlotScene;

/// What lies over the curves and may change without drawing them again: titles with legends, marks, the
/// cursor with its read-outs, the sentence of an empty plot, the frame of the focus.
class PlotOverlay final : public QWidget
{
    Q_OBJECT

public:
    /// The scene must outlive it.
    PlotOverlay(const PlotScene& scene, QWidget* parent);

    /// The mark whose line or word is at a place; -1 for none.
    [[nodiscard]] int markAt(const QPoint& place) const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct MarkWord
    {
        int index = 0;
        QRect where;
    };

    void paintTitles(QPainter& painter) const;
    void paintLanes(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintCursor(QPainter& painter) const;
    void paintReadOuts(QPainter& painter, int panel) const;
    [[nodiscard]] QList<MarkWord> markWords() const;

    const PlotScene& m_scene;
};

} // namespace jetlag::ui
