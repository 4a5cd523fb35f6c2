// SPDX-License-Identifier: Apache-2.0
#include "ui/window/connection_chip.h"

#include "ui/bridge/session_words.h"
#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kHeight = 28;
constexpr int kStripe = 4;
constexpr int kGap = 7;
constexpr int kSign = 11;
constexpr int kCross = 9;
constexpr int kMostOfAName = 230; // names may be hundreds of letters long
constexpr int kLeastOfAName = 52;

} // namespace

ConnectionChip::ConnectionChip(LiveSession& session, QWidget* parent)
    : QAbstractButton(parent)
    , m_session(session)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setMouseTracking(true);
    setFixedHeight(kHeight);
    refresh(false);
}

bool ConnectionChip::refresh(bool isCurrent)
{
    const int before = fullWidth();
    m_isCurrent = isCurrent;
    const Environment environment = environmentOf(m_session);
    m_kind = environment.kind;
    m_name = m_session.name();
    m_word = environment.word == m_name ? QString() : environment.word;
    const std::optional<VerdictCount> worst = worstOf(m_session);
    m_badge = worst ? QString::number(worst->collectors) : QString();
    m_badgeVerdict = worst ? QString::fromStdString(worst->verdict) : QString();
    const QString about = aboutConnection(m_session);
    setToolTip(plainToolTip(about));
    setAccessibleName(titleOf(m_session));
    setAccessibleDescription(about);
    update();
    return fullWidth() != before;
}

QFont ConnectionChip::nameFont() const
{
    QFont font = Theme::instance().bodyFont();
    font.setWeight(m_isCurrent ? QFont::DemiBold : QFont::Normal);
    return font;
}

int ConnectionChip::nameWidth() const
{
    return QFontMetrics(nameFont()).horizontalAdvance(m_name) + 1;
}

int ConnectionChip::fixedWidth() const
{
    const QFontMetrics words(Theme::instance().bodyFont());
    int width = kStripe + kGap + kSign + kGap + kGap + kCross + kGap;
    if (!m_word.isEmpty())
        width += kGap + words.horizontalAdvance(m_word);
    if (!m_badge.isEmpty())
        width += kGap + kSign + 3 + words.horizontalAdvance(m_badge);
    return width;
}

int ConnectionChip::fullWidth() const
{
    return fixedWidth() + std::min(nameWidth(), kMostOfAName);
}

int ConnectionChip::leastWidth() const
{
    return fixedWidth() + std::min(nameWidth(), kLeastOfAName);
}

QSize ConnectionChip::sizeHint() const
{
    return {fullWidth(), kHeight};
}

QRect ConnectionChip::cross() const
{
    return {width() - kGap - kCross, (height() - kCross) / 2, kCross, kCross};
}

void ConnectionChip::paintEvent(QPaintEvent*)
{
    const Palette& now = colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(hasFocus() ? now.accent : m_isCurrent || underMouse() ? now.faint : now.line);
    painter.setBrush(m_isCurrent ? now.raised : now.panel);
    painter.drawRoundedRect(frame, Metrics::kRadius, Metrics::kRadius);
    painter.fillRect(QRect(0, 0, kStripe, height()), stripeColor(m_kind, now));

    int x = kStripe + kGap;
    const auto sign = [&](Glyph glyph, const QColor& color) {
        paintGlyph(painter, glyph, QRectF(x, (height() - kSign) / 2.0, kSign, kSign), color);
        x += kSign;
    };
    const auto text = [&](const QString& words, int width, const QFont& font, const QColor& color) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(QRect(x, 0, width, height()), Qt::AlignVCenter | Qt::TextSingleLine, words);
        x += width;
    };
    const StateSign state = stateSign(m_session);
    sign(state.glyph, state.color);
    x += kGap;
    const int room = std::max(0, width() - fixedWidth());
    const QFont font = nameFont();
    // The end of an address is what tells it from others.
    const QString name = QFontMetrics(font).elidedText(m_name, Qt::ElideMiddle, room);
    text(name, std::min(room, nameWidth()), font, m_isCurrent ? now.text : now.secondary);
    const QFont plain = Theme::instance().bodyFont();
    const QFontMetrics words(plain);
    if (!m_word.isEmpty()) {
        x += kGap;
        text(m_word, words.horizontalAdvance(m_word), plain, now.secondary);
    }
    if (!m_badge.isEmpty()) {
        const std::string verdict = m_badgeVerdict.toStdString();
        x += kGap;
        sign(glyphOfVerdict(verdict), inkOfVerdict(verdict));
        x += 3;
        text(m_badge, words.horizontalAdvance(m_badge), plain, inkOfVerdict(verdict));
    }
    painter.setPen(QPen(m_isOverCross ? now.text : now.secondary, 1.4));
    const QRectF ends = QRectF(cross()).adjusted(1, 1, -1, -1);
    painter.drawLine(ends.topLeft(), ends.bottomRight());
    painter.drawLine(ends.topRight(), ends.bottomLeft());
}

void ConnectionChip::setOverCross(bool over)
{
    if (over == m_isOverCross)
        return;
    m_isOverCross = over;
    update();
}

void ConnectionChip::mouseMoveEvent(QMouseEvent* event)
{
    setOverCross(cross().adjusted(-4, -6, 4, 6).contains(event->pos()));
    QAbstractButton::mouseMoveEvent(event);
}

void ConnectionChip::leaveEvent(QEvent* event)
{
    setOverCross(false);
    QAbstractButton::leaveEvent(event);
}

void ConnectionChip::mousePressEvent(QMouseEvent* event)
{
    setOverCross(cross().adjusted(-4, -6, 4, 6).contains(event->pos()));
    m_closes = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_isOverCross);
    if (!m_closes)
        QAbstractButton::mousePressEvent(event);
}

void ConnectionChip::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_closes)
        return QAbstractButton::mouseReleaseEvent(event);
    m_closes = false;
    if (rect().contains(event->pos()))
        emit closeWanted();
}

void ConnectionChip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Delete)
        emit closeWanted();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void ConnectionChip::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show"), this, [this] { click(); })->setEnabled(!m_isCurrent);
    menu->addAction(tr("Try now"), &m_session, &LiveSession::tryNow)
        ->setEnabled(m_session.state() == LiveSession::State::Waiting);
    menu->addSeparator();
    menu->addAction(tr("Close connection"), this, &ConnectionChip::closeWanted);
    menu->popup(event->globalPos());
}

} // namespace jetlag::ui
