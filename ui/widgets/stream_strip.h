#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/sequence.h"

#include <QWidget>

#include <vector>

namespace jetlag::ui {

/// What a strip shows of a stream; all zero = nothing.
struct StripPicture
{
    StreamSequence first;
    StreamSequence last;
    bool hasCollector = false;
    StreamSequence ackFloor;
    StreamSequence delivered;
    StreamSequence windowFrom; ///< what the list shows
    StreamSequence windowTo;
    StreamSequence scannedTo; ///< of a search; zero = none
    std::vector<StreamSequence> matches;

    bool operator==(const StripPicture&) const = default;
};

/// A whole stream as one line: acked, delivered and not acked, not delivered; matches of a search as ticks,
/// what is not yet scanned as a bar, the window of the list as a frame. A click goes there.
class StreamStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit StreamStrip(QWidget* parent = nullptr);
    void setPicture(StripPicture picture);
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void sequenceWanted(jetlag::StreamSequence sequence);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] double xOf(StreamSequence sequence) const;
    [[nodiscard]] bool isEmpty() const;

    StripPicture m_picture;
};

} // namespace jetlag::ui
