// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/hanging_note.h"

#include "ui/theme/theme.h"

#include <QEvent>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kMostWidth = 640;
constexpr int kRoom = 160; // for as many lines as the narrowest window needs

} // namespace

HangingNote::HangingNote(QWidget& above)
    : QLabel(&above)
    , m_above(above)
{
    setProperty("role", QStringLiteral("mistake"));
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setMargin(Metrics::kSpacing);
    hide();
    above.installEventFilter(this);
    connect(&above, &QObject::destroyed, this, &QObject::deleteLater);
}

void HangingNote::say(const QString& sentence)
{
    setText(sentence);
    place();
}

bool HangingNote::eventFilter(QObject* /*watched*/, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show ||
        event->type() == QEvent::Hide)
        place();
    return false;
}

void HangingNote::place()
{
    if (text().isEmpty() || !m_above.isVisible())
        return hide();
    QWidget* host = &m_above;
    while (host->parentWidget() != nullptr && !host->isWindow() &&
           host->height() - m_above.mapTo(host, QPoint(0, m_above.height())).y() < kRoom)
        host = host->parentWidget();
    if (parentWidget() != host)
        setParent(host);
    const QPoint at = m_above.mapTo(host, QPoint(0, m_above.height() + 2));
    const int width = std::min({kMostWidth, host->width() - at.x(), sizeHint().width()});
    setGeometry(at.x(), at.y(), width, heightForWidth(width));
    raise();
    show();
}

} // namespace jetlag::ui
