// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/muted_sign.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kSide = 14;
constexpr int kGap = 5;
constexpr int kMostOfAName = 24; // characters in a menu

QString word()
{
    return QObject::tr("muted");
}

QString whom(const std::vector<ConsumerName>& collectors)
{
    return collectors.size() == 1 ? shown(collectors.front().name).left(kMostOfAName)
                                  : QObject::tr("%1 collectors").arg(collectors.size());
}

} // namespace

MutedSign::MutedSign(Room room, QWidget* parent)
    : QWidget(parent)
    , m_room(room)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(word());
    setToolTip(QObject::tr("Muted: %1").arg(muteToolTip()));
    hide();
}

QSize MutedSign::sizeHint() const
{
    const QFontMetrics metrics(font());
    const int words = m_room == Room::SignAlone ? 0 : kGap + metrics.horizontalAdvance(word()) + 1;
    return {kSide + words, std::max(kSide, metrics.height())};
}

void MutedSign::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QColor& ink = colors().secondary;
    paintGlyph(painter, Glyph::Muted, QRectF(0, (height() - kSide) / 2.0, kSide, kSide), ink);
    if (m_room == Room::SignAlone)
        return;
    painter.setPen(ink);
    painter.drawText(rect().adjusted(kSide + kGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, word());
}

QString muteToolTip()
{
    return QObject::tr("no notification on the desktop and no count beside Events for this collector; what "
                       "happens to it is still written down");
}

QString muteOffer(const std::vector<ConsumerName>& collectors, bool mute)
{
    return mute ? QObject::tr("Mute %1").arg(whom(collectors))
                : QObject::tr("Unmute %1").arg(whom(collectors));
}

QString mutedWords(const std::vector<ConsumerName>& collectors, bool muted)
{
    return muted ? QObject::tr("Muted %1: nobody is called for it any more").arg(whom(collectors))
                 : QObject::tr("Unmuted %1").arg(whom(collectors));
}

} // namespace jetlag::ui
