// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/pick_popup.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/pick_box.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kLineFrom = 9; // entries; fewer are seen at a glance
constexpr int kMostRows = 16;
constexpr int kLeastWidth = 180;
constexpr int kMostWidth = 640;
constexpr int kMeasured = 2'000; // entries; more are not wider in a way that matters
constexpr int kRoom = 44;        // of a row around its text: padding, a mark, the scroll bar

int widthOf(const QAbstractItemModel& entries, const QFontMetrics& metrics)
{
    int widest = 0;
    for (int row = 0; row < std::min(entries.rowCount(), kMeasured); ++row)
        widest = std::max(widest, metrics.horizontalAdvance(entries.index(row, 0).data().toString()));
    return widest + kRoom;
}

bool movesInList(const QKeyEvent& key)
{
    switch (key.key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        return true;
    default:
        return false;
    }
}

} // namespace

void WordsProxy::setWords(const QString& typed)
{
    m_words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool WordsProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QString text = sourceModel()->index(row, 0, parent).data().toString();
    return std::ranges::all_of(
        m_words, [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

void WordsProxy::order()
{
    sort(0);
}

bool WordsProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const int leftRank = left.data(PickBox::RankRole).toInt();
    const int rightRank = right.data(PickBox::RankRole).toInt();
    return leftRank != rightRank ? leftRank > rightRank : left.row() < right.row();
}

PickPopup::PickPopup(QAbstractItemModel& entries, int current, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_proxy(new WordsProxy(this))
    , m_line(new QLineEdit)
    , m_list(new QListView)
    , m_words(barLabel())
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAttribute(Qt::WA_NoMouseReplay); // a click on the box closes it, and does not open it again
    setProperty("role", QStringLiteral("popup"));
    m_proxy->setSourceModel(&entries);
    m_proxy->order();
    const bool hasLine = entries.rowCount() >= kLineFrom;
    m_line->setVisible(hasLine);
    m_words->setVisible(hasLine);
    m_line->setPlaceholderText(
        tr("Type to find one of %1").arg(exact(static_cast<std::uint64_t>(entries.rowCount()))));
    m_line->setAccessibleName(tr("Type to find"));
    m_line->setClearButtonEnabled(true);
    m_list->setModel(m_proxy);
    m_list->setUniformItemSizes(true);
    m_list->setProperty("role", QStringLiteral("inner"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->setSpacing(4);
    column->addWidget(m_line);
    column->addWidget(m_list, 1);
    column->addWidget(m_words);
    setFocusProxy(hasLine ? static_cast<QWidget*>(m_line) : m_list);
    m_line->installEventFilter(this);
    m_list->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &PickPopup::filter);
    connect(m_list, &QListView::clicked, this, &PickPopup::pick);
    connect(m_list, &QListView::entered, m_list, &QListView::setCurrentIndex);
    filter({});
    if (current >= 0)
        m_list->setCurrentIndex(m_proxy->mapFromSource(entries.index(current, 0)));
}

void PickPopup::type(const QString& text)
{
    if (!text.isEmpty() && m_line->isVisibleTo(this))
        m_line->setText(text);
    setFocus(Qt::PopupFocusReason);
}

void PickPopup::openAt(const QWidget& box)
{
    const QAbstractItemModel& entries = *m_proxy->sourceModel();
    const int width =
        std::clamp(widthOf(entries, m_list->fontMetrics()), std::max(kLeastWidth, box.width()), //
                   std::max(kMostWidth, box.width()));
    const int rows = std::clamp(entries.rowCount(), 1, kMostRows);
    const int rowHeight = std::max(m_list->sizeHintForRow(0), m_list->fontMetrics().height());
    m_list->setFixedHeight(rows * rowHeight + 2 * m_list->frameWidth() + 2);
    resize(width, sizeHint().height());
    const QRect room = box.screen()->availableGeometry();
    QPoint place = box.mapToGlobal(QPoint(0, box.height() + 2));
    if (place.y() + height() > room.bottom())
        place.setY(std::max(room.top(), box.mapToGlobal(QPoint(0, 0)).y() - height() - 2));
    place.setX(std::clamp(place.x(), room.left(), std::max(room.left(), room.right() - width)));
    move(place);
    show();
    if (m_list->currentIndex().isValid())
        m_list->scrollTo(m_list->currentIndex(), QAbstractItemView::PositionAtCenter);
}

void PickPopup::filter(const QString& typed)
{
    const QModelIndex chosen = m_proxy->mapToSource(m_list->currentIndex());
    m_proxy->setWords(typed);
    QModelIndex now = m_proxy->mapFromSource(chosen);
    if (!now.isValid())
        now = m_proxy->index(0, 0);
    m_list->setCurrentIndex(now);
    const int found = m_proxy->rowCount();
    if (typed.trimmed().isEmpty())
        m_words->setText(tr("Words in any order · Enter chooses"));
    else if (found == 0)
        m_words->setText(tr("Nothing has these words"));
    else
        m_words->setText(tr("%1 of %2")
                             .arg(exact(static_cast<std::uint64_t>(found)),
                                  exact(static_cast<std::uint64_t>(m_proxy->sourceModel()->rowCount()))));
}

void PickPopup::pick(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    const int row = m_proxy->mapToSource(index).row();
    close();
    emit picked(row);
}

bool PickPopup::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        pick(m_list->currentIndex());
        return true;
    }
    if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Escape) {
        close();
        return true;
    }
    if (watched == m_line && movesInList(*key)) {
        QApplication::sendEvent(m_list, key);
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace jetlag::ui
