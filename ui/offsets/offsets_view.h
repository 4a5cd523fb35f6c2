#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/offsets/head_layout.h"
#include "ui/offsets/strip_layout.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace jetlag::ui {

/// All that the picture is made of.
struct OffsetsPicture
{
    OffsetFacts facts;
    HeadKnowledge known;
    std::vector<SequenceGap> gaps;
    ServerTime now{}; ///< of the facts
};

/// A stream from its first message to its last as one strip, and below, enlarged, one box per sequence where
/// the collector's work is. The window follows that place; it stands still once somebody goes to a box, moves
/// it or clicks into the strip, until followHead().
///
/// Keys: ← → from box to box (with Shift by a hundred), Page up and down, Home where the head is, End the
/// stream's last message, Enter opens the message, R replays from it, C copies its number.
class OffsetsView final : public QWidget
{
    Q_OBJECT

public:
    explicit OffsetsView(QWidget* parent = nullptr);

    void show(OffsetsPicture picture);
    /// The strip goes where there is little height.
    void setCompact(bool compact);
    void followHead();
    [[nodiscard]] bool follows() const { return m_follows; }
    /// Goes to a sequence, chosen from here on; it scrolls there if need be.
    void choose(StreamSequence sequence);

    [[nodiscard]] const HeadWindow& window() const { return m_window; }
    [[nodiscard]] const std::vector<HeadBox>& boxes() const { return m_boxes; }
    [[nodiscard]] const StripLayout& strip() const { return m_strip; }
    [[nodiscard]] std::optional<StreamSequence> chosen() const { return m_chosen; }
    [[nodiscard]] QRectF boxRect(std::size_t box) const;
    [[nodiscard]] QRectF stripRect() const;
    /// Of the box under the pointer, else of the chosen one; empty without one.
    [[nodiscard]] QString readOut() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void windowMoved(); ///< window() or follows()
    void readOutChanged();
    void chosenChanged();
    void messageWanted(jetlag::StreamSequence sequence);
    void replayWanted(jetlag::StreamSequence sequence);
    void copied(const QString& what);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void layOut();
    void moveTo(StreamSequence from);
    void step(std::int64_t by);
    void setHovered(std::optional<std::size_t> box);
    void copyChosen();
    void say();
    [[nodiscard]] const HeadBox* boxOf(StreamSequence sequence) const;
    [[nodiscard]] std::optional<std::size_t> boxAt(const QPointF& place) const;
    [[nodiscard]] double left() const;
    [[nodiscard]] double rowsWidth() const;
    [[nodiscard]] double headTop() const;
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QString stripTip(const QPointF& place) const;

    // offsets_paint.cpp
    void paintStrip(QPainter& painter) const;
    void paintWedge(QPainter& painter) const;
    void paintBoxes(QPainter& painter) const;
    void paintRuns(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintRowNames(QPainter& painter) const;

    OffsetsPicture m_picture;
    HeadWindow m_window;
    std::vector<HeadBox> m_boxes;
    BoxGrid m_grid;
    StripLayout m_strip;
    bool m_compact = false;
    bool m_follows = true;
    std::optional<StreamSequence> m_chosen;
    std::optional<std::size_t> m_hovered; ///< box
};

} // namespace jetlag::ui
