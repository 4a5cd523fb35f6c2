// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/glyphs.h"

#include "ui/theme/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace jetlag::ui {

namespace {

/// Shapes are drawn in a 16 × 16 square.
constexpr double kUnit = 16.0;

void polygon(QPainter& painter, const QPolygonF& shape)
{
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(shape);
}

void strokes(QPainter& painter, const QColor& color, double width, std::initializer_list<QLineF> lines)
{
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
    for (const QLineF& line : lines)
        painter.drawLine(line);
}

void ring(QPainter& painter, const QColor& color, double radius, Qt::PenStyle style = Qt::SolidLine)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.6, style));
    painter.drawEllipse(QPointF(8, 8), radius, radius);
}

void block(QPainter& painter, const QRectF& rect, double radius = 0)
{
    painter.setPen(Qt::NoPen);
    painter.drawRoundedRect(rect, radius, radius);
}

void paintState(QPainter& painter, Glyph glyph, const QColor& color)
{
    switch (glyph) {
    case Glyph::Square:
        return block(painter, {3, 3, 10, 10}, 1);
    case Glyph::TriangleDown:
        return polygon(painter, {{{2.5, 4}, {13.5, 4}, {8, 13}}});
    case Glyph::TriangleUp:
        return polygon(painter, {{{2.5, 12}, {13.5, 12}, {8, 3}}});
    case Glyph::Diamond:
        return polygon(painter, {{{8, 2}, {14, 8}, {8, 14}, {2, 8}}});
    case Glyph::Cross:
        return strokes(painter, color, 2.4, {{4, 4, 12, 12}, {12, 4, 4, 12}});
    case Glyph::Pause:
        block(painter, {4, 3, 3, 10});
        return block(painter, {9, 3, 3, 10});
    case Glyph::Disc:
        painter.setPen(Qt::NoPen);
        return painter.drawEllipse(QPointF(8, 8), 5, 5);
    case Glyph::Ring:
        return ring(painter, color, 4.5);
    case Glyph::DottedRing:
        return ring(painter, color, 4.5, Qt::DotLine);
    case Glyph::Muted:
        painter.setBrush(Qt::NoBrush);
        strokes(painter, color, 1.4,
                {{3, 11.5, 13, 11.5}, {4.5, 11, 4.5, 7.5}, {11.5, 11, 11.5, 7.5}, {7, 13.7, 9, 13.7}});
        painter.drawArc(QRectF(4.5, 3.5, 7, 8), 0, 180 * 16);
        return strokes(painter, color, 1.4, {{2.5, 14, 13.5, 2}});
    case Glyph::Tick:
        return strokes(painter, color, 2, {{3, 8.5, 6.5, 12}, {6.5, 12, 13, 4.5}});
    default:
        return;
    }
}

void paintPage(QPainter& painter, Glyph glyph, const QColor& color)
{
    painter.setBrush(Qt::NoBrush);
    switch (glyph) {
    case Glyph::Overview:
        return strokes(painter, color, 1.5, {{2.5, 4, 13.5, 4}, {2.5, 8, 13.5, 8}, {2.5, 12, 9, 12}});
    case Glyph::Replay:
        painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        return painter.drawPolygon(QPolygonF{{{4, 3}, {13, 8}, {4, 13}}});
    case Glyph::Connections:
        strokes(painter, color, 1.5, {{1.5, 8, 5, 8}, {11, 8, 14.5, 8}});
        painter.setPen(QPen(color, 1.5));
        return painter.drawEllipse(QPointF(8, 8), 3, 3);
    case Glyph::Captures:
        ring(painter, color, 6);
        painter.setBrush(color);
        painter.setPen(Qt::NoPen);
        return painter.drawEllipse(QPointF(8, 8), 2.6, 2.6);
    case Glyph::Messages:
        painter.setPen(QPen(color, 1.5));
        painter.drawRect(QRectF(2, 3, 12, 10));
        return painter.drawLine(QLineF(2, 6.5, 14, 6.5));
    case Glyph::Diagnosis:
        painter.setPen(QPen(color, 1.5));
        painter.drawEllipse(QPointF(7, 7), 4.5, 4.5);
        return strokes(painter, color, 1.7, {{10.5, 10.5, 14, 14}});
    case Glyph::Events:
        strokes(painter, color, 2, {{8, 2.5, 8, 9}});
        painter.setBrush(color);
        painter.setPen(Qt::NoPen);
        return painter.drawEllipse(QPointF(8, 12.8), 1.3, 1.3);
    default:
        return;
    }
}

void paintControl(QPainter& painter, Glyph glyph, const QColor& color)
{
    switch (glyph) {
    case Glyph::Play:
        return polygon(painter, {{{4, 2.5}, {13.5, 8}, {4, 13.5}}});
    case Glyph::Step:
        polygon(painter, {{{3, 3}, {10, 8}, {3, 13}}});
        return block(painter, {11, 3, 2, 10});
    case Glyph::Stop:
        return block(painter, {3.5, 3.5, 9, 9}, 1);
    case Glyph::ToStart:
        polygon(painter, {{{13, 3}, {6, 8}, {13, 13}}});
        return block(painter, {3, 3, 2, 10});
    case Glyph::ChevronDown:
        return strokes(painter, color, 1.5, {{4, 6.5, 8, 10.5}, {8, 10.5, 12, 6.5}});
    default:
        return;
    }
}

class GlyphEngine final : public QIconEngine
{
public:
    explicit GlyphEngine(Glyph glyph)
        : m_glyph(glyph)
    {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const Palette& now = colors();
        paintGlyph(*painter, m_glyph, rect, mode == QIcon::Disabled ? now.faint : now.text);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new GlyphEngine(*this); }

private:
    Glyph m_glyph;
};

} // namespace

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& where, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double side = std::min(where.width(), where.height());
    painter.translate(where.center() - QPointF(side / 2, side / 2));
    painter.scale(side / kUnit, side / kUnit);
    painter.setBrush(color);
    if (glyph <= Glyph::Tick)
        paintState(painter, glyph, color);
    else if (glyph <= Glyph::Events)
        paintPage(painter, glyph, color);
    else
        paintControl(painter, glyph, color);
    painter.restore();
}

QPixmap glyphPixmap(Glyph glyph, const QColor& color, int side)
{
    constexpr int kScale = 2;
    QPixmap pixmap(side * kScale, side * kScale);
    pixmap.setDevicePixelRatio(kScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, glyph, QRectF(0, 0, side, side), color);
    return pixmap;
}

QIcon glyphIcon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph));
}

} // namespace jetlag::ui
