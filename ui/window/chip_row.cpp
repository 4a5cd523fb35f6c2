// SPDX-License-Identifier: Apache-2.0
#include "ui/window/chip_row.h"

#include "ui/bridge/live_sessions.h"
#include "ui/bridge/session_words.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/theme.h"
#include "ui/window/connection_chip.h"

#include <QEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kGap = 6;

QIcon iconOf(const LiveSession& session)
{
    constexpr int kSide = 32;
    QPixmap pixmap(kSide, kSide);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const StateSign sign = stateSign(session);
    painter.fillRect(QRect(0, 0, 6, kSide), stripeColor(environmentOf(session).kind, colors()));
    paintGlyph(painter, sign.glyph, QRectF(10, 5, kSide - 10, kSide - 10), sign.color);
    return pixmap;
}

/// The widest that all may be so that they fit into `room` together, none below its least.
int commonCap(const std::vector<ConnectionChip*>& chips, int room)
{
    int low = 0;
    int high = room;
    while (low < high) {
        const int cap = (low + high + 1) / 2;
        int sum = 0;
        for (const ConnectionChip* chip : chips)
            sum += std::clamp(cap, chip->leastWidth(), chip->fullWidth());
        (sum <= room ? low : high) = sum <= room ? cap : cap - 1;
    }
    return low;
}

} // namespace

ChipRow::ChipRow(LiveSessions& sessions, QWidget* parent)
    : QWidget(parent)
    , m_sessions(sessions)
    , m_more(new QToolButton(this))
    , m_menu(new QMenu(this))
{
    setAccessibleName(tr("Open connections"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(m_menu);
    m_more->setAccessibleName(tr("More open connections"));
    connect(m_menu, &QMenu::aboutToShow, this, &ChipRow::fillMenu);
    connect(&sessions, &LiveSessions::openChanged, this, &ChipRow::followOpen);
    connect(&sessions, &LiveSessions::changed, this, &ChipRow::refresh);
    connect(&sessions, &LiveSessions::currentChanged, this, [this] {
        refresh();
        arrange(); // the current one always shows
    });
    connect(&Theme::instance(), &Theme::changed, this, &ChipRow::refresh);
    followOpen();
}

void ChipRow::followOpen()
{
    const std::vector<LiveSession*> open = m_sessions.open();
    std::vector<ConnectionChip*> chips;
    for (LiveSession* session : open) {
        const auto same = std::ranges::find_if(m_chips, [session](const ConnectionChip* chip) {
            return chip != nullptr && &chip->session() == session;
        });
        if (same != m_chips.end()) {
            chips.push_back(std::exchange(*same, nullptr));
            continue;
        }
        auto* chip = new ConnectionChip(*session, this);
        connect(chip, &ConnectionChip::clicked, this, [this, session] { choose(*session); });
        connect(chip, &ConnectionChip::closeWanted, this,
                [this, session] { m_sessions.closeOrAsk(*session); });
        chips.push_back(chip);
    }
    for (ConnectionChip* gone : m_chips) {
        if (gone == nullptr)
            continue;
        gone->hide();
        gone->disconnect();
        gone->deleteLater(); // it may be its own click
    }
    m_chips = std::move(chips);
    refresh();
    updateGeometry();
    arrange();
}

void ChipRow::choose(LiveSession& session)
{
    m_sessions.setCurrent(session);
    emit chosen();
}

void ChipRow::refresh()
{
    bool changed = false;
    for (ConnectionChip* chip : m_chips)
        changed |= chip->refresh(&chip->session() == &m_sessions.current());
    if (!changed)
        return;
    updateGeometry();
    arrange();
}

ConnectionChip* ChipRow::currentChip() const
{
    const auto found = std::ranges::find_if(
        m_chips, [this](const ConnectionChip* chip) { return &chip->session() == &m_sessions.current(); });
    return found == m_chips.end() ? nullptr : *found;
}

int ChipRow::foldWidth() const
{
    return m_more->fontMetrics().horizontalAdvance(QStringLiteral("+00")) + 26;
}

QSize ChipRow::sizeHint() const
{
    int width = 0;
    for (const ConnectionChip* chip : m_chips)
        width += chip->fullWidth() + kGap;
    return {std::max(0, width - kGap), Metrics::kTopBarHeight};
}

QSize ChipRow::minimumSizeHint() const
{
    const ConnectionChip* current = currentChip();
    const int least = current == nullptr ? 0 : current->leastWidth();
    return {m_chips.size() > 1 ? least + kGap + foldWidth() : least, Metrics::kTopBarHeight};
}

std::vector<ConnectionChip*> ChipRow::thoseWithRoom() const
{
    int all = -kGap;
    for (const ConnectionChip* chip : m_chips)
        all += chip->leastWidth() + kGap;
    if (all <= width())
        return m_chips;
    ConnectionChip* current = currentChip();
    int left = width() - foldWidth() - (current == nullptr ? 0 : current->leastWidth() + kGap);
    std::vector<ConnectionChip*> chips;
    for (ConnectionChip* chip : m_chips) {
        if (chip != current) {
            left -= chip->leastWidth() + kGap;
            if (left < 0)
                continue;
        }
        chips.push_back(chip);
    }
    return chips;
}

void ChipRow::arrange()
{
    const std::vector<ConnectionChip*> chips = thoseWithRoom();
    const auto folded = m_chips.size() - chips.size();
    const int gaps = kGap * static_cast<int>(chips.size());
    const int cap = commonCap(chips, width() - gaps - (folded > 0 ? foldWidth() : -kGap));
    int x = 0;
    for (ConnectionChip* chip : m_chips) {
        const bool hasRoom = std::ranges::find(chips, chip) != chips.end();
        chip->setVisible(hasRoom);
        if (!hasRoom)
            continue;
        const int wide = std::clamp(cap, chip->leastWidth(), chip->fullWidth());
        chip->setGeometry(x, (height() - chip->height()) / 2, wide, chip->height());
        x += wide + kGap;
    }
    m_more->setVisible(folded > 0);
    m_more->setText(QStringLiteral("+%1").arg(folded));
    m_more->setToolTip(tr("More open connections"));
    m_more->setGeometry(x, (height() - m_more->sizeHint().height()) / 2, foldWidth(),
                        m_more->sizeHint().height());
}

void ChipRow::fillMenu()
{
    m_menu->clear();
    for (const ConnectionChip* chip : m_chips) {
        if (chip->isVisible())
            continue;
        LiveSession& session = chip->session();
        QString words = m_menu->fontMetrics().elidedText(titleOf(session), Qt::ElideMiddle, 420);
        words.replace(QLatin1Char('&'), QLatin1String("&&"));
        if (const std::optional<VerdictCount> worst = worstOf(session))
            words += QStringLiteral("  (%1 %2)").arg(worst->collectors).arg(wordOfVerdict(worst->verdict));
        m_menu->addAction(iconOf(session), words, this, [this, &session] { choose(session); });
    }
}

void ChipRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool ChipRow::event(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
    return QWidget::event(event);
}

} // namespace jetlag::ui
