#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/event/message.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace jetlag::ui {

/// What a range line shows. Sequences are positions on it; where nobody knows them (raw logs) the line shows
/// only the share that is done.
struct RangePicture
{
    StreamSequence first; ///< of all there is; 0 = unknown
    StreamSequence last;
    std::optional<ServerTime> firstTime;
    std::optional<ServerTime> lastTime;
    StreamSequence from; ///< of what is to be read
    StreamSequence to;
    std::optional<StreamSequence> position; ///< up to here it is done; nullopt = not begun
    std::optional<double> fraction;         ///< share done, where sequences are unknown
    std::vector<SequenceGap> gaps;
    bool isPaused = false;

    bool operator==(const RangePicture&) const = default;
};

/// A source as a line: outside the range faint, what is done in colour, what is to come dimmed, gaps as
/// gaps; first and last, start, end and position with their numbers. Ends can be dragged while `editable`.
class RangeLine final : public QWidget
{
    Q_OBJECT

public:
    explicit RangeLine(QWidget* parent = nullptr);

    void setPicture(RangePicture picture);
    [[nodiscard]] const RangePicture& picture() const { return m_picture; }
    void setEditable(bool editable);
    /// The same in words, for a screen reader and for the tooltip.
    [[nodiscard]] QString words() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    /// The user dragged an end there, or put it there with a click.
    void startDragged(jetlag::StreamSequence to);
    void endDragged(jetlag::StreamSequence to);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    enum class Handle { None, Start, End };

    [[nodiscard]] bool hasSequences() const { return !m_picture.first.isZero(); }
    [[nodiscard]] QRectF bar() const;
    [[nodiscard]] double xOf(StreamSequence sequence) const;
    [[nodiscard]] StreamSequence sequenceAt(double x) const;
    [[nodiscard]] Handle handleAt(double x) const;
    void paintBar(QPainter& painter) const;
    void paintGaps(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintHandles(QPainter& painter) const;

    RangePicture m_picture;
    bool m_editable = false;
    Handle m_dragged = Handle::None;
};

} // namespace jetlag::ui
