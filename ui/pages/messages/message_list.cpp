// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/message_list.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/message_delegate.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kEdgeRows = 20;

} // namespace

MessageList::MessageList(EventsService& events, QWidget* parent)
    : QWidget(parent)
    , m_table(new QTableView)
    , m_model(new MessageModel(this))
    , m_counts(new QLabel)
    , m_pages(events)
{
    makeTable();
    m_counts->setProperty("role", QStringLiteral("secondary"));
    m_counts->setTextFormat(Qt::PlainText);
    m_counts->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_counts);
    column->addWidget(m_table, 1);
    setFocusProxy(m_table);
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_table->viewport()->update(); });
    connect(&m_pages, &MessagePages::changed, this, &MessageList::showRows);
    connect(&m_pages, &MessagePages::arrived, this, &MessageList::select);
    connect(&m_pages, &MessagePages::failed, this, &MessageList::showRows);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &MessageList::readAtEdges);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) { choose(now.row()); });
}

void MessageList::makeTable()
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(new MessageDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setAccessibleName(tr("Messages"));
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    QHeaderView& header = *m_table->horizontalHeader();
    header.setHighlightSections(false);
    header.setSectionResizeMode(MessageModel::BodyColumn, QHeaderView::Stretch);
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    m_table->setColumnWidth(MessageModel::SequenceColumn, 15 * digit);
    m_table->setColumnWidth(MessageModel::TimeColumn, 16 * digit);
    m_table->setColumnWidth(MessageModel::SubjectColumn, 30 * digit);
    m_table->setColumnWidth(MessageModel::SizeColumn, 11 * digit);
}

void MessageList::setSubjectsShown(bool shown)
{
    m_table->setColumnHidden(MessageModel::SubjectColumn, !shown);
}

void MessageList::open(std::shared_ptr<ServerLink> server, std::string stream)
{
    m_chosen.reset();
    m_now = {};
    m_pages.open(std::move(server), std::move(stream));
}

void MessageList::show(const StreamSnapshot& now, const ReadPositions& positions)
{
    m_now = now;
    m_positions = positions;
    m_pages.setEnds(now.firstSequence, now.lastSequence);
    if (m_pages.isEmpty() && !m_pages.isReading() && !m_pages.isResting() && now.messages > 0)
        goTo(now.lastSequence);
    else if (m_isFollowing)
        m_pages.readBehind();
    showRows();
    if (!m_pages.isReading()) // a list that does not fill its room goes on with the stream
        readAtEdges();
}

void MessageList::showRows()
{
    const int top = m_table->rowAt(0);
    const StreamSequence atTop = top >= 0 ? m_model->sequenceOf(top) : StreamSequence();
    const int before = m_model->rowCount();
    const bool isInSight =
        m_table->viewport()->rect().intersects(m_table->visualRect(m_table->currentIndex()));
    m_model->show(m_pages.messages(), m_pages.from(), m_pages.to(), m_positions);
    if (m_model->rowCount() != before || m_table->currentIndex().row() < 0) {
        m_table->clearSpans();
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (m_model->kindOf(row) != MessageModel::RowKind::Message)
                m_table->setSpan(row, 0, 1, MessageModel::ColumnCount);
        }
        m_byItself = true;
        if (const int row = m_chosen ? m_model->rowOf(*m_chosen) : -1; row >= 0)
            m_table->selectRow(row);
        m_byItself = false;
        if (m_isFollowing)
            m_table->scrollToBottom();
        else if (const int row = atTop.isZero() ? -1 : m_model->rowOf(atTop); row >= 0)
            m_table->scrollTo(m_model->index(row, 0), QAbstractItemView::PositionAtTop);
        if (isInSight && !m_isFollowing)
            m_table->scrollTo(m_table->currentIndex()); // the whole of it
    }
    const QString counts = tr("%1 messages, %2 to %3")
                               .arg(exact(m_now.messages), exact(m_now.firstSequence.value()),
                                    exact(m_now.lastSequence.value()));
    m_counts->setText(problem().isEmpty() ? counts
                                          : tr("%1; no more can be read: %2").arg(counts, problem()));
    emit moved();
}

std::pair<StreamSequence, StreamSequence> MessageList::inSight() const
{
    const int top = m_table->rowAt(0);
    if (top < 0)
        return {};
    const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    return {m_model->sequenceOf(top), m_model->sequenceOf(bottom >= 0 ? bottom : m_model->rowCount() - 1)};
}

void MessageList::readAtEdges()
{
    emit moved();
    if (isEmpty())
        return;
    const int top = m_table->rowAt(0);
    const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    if (bottom < 0 || bottom > m_model->rowCount() - kEdgeRows)
        m_pages.readBehind();
    else if (top >= 0 && top < kEdgeRows)
        m_pages.readBefore();
}

void MessageList::goTo(StreamSequence sequence)
{
    setFollowing(false);
    if (m_pages.covers(sequence) && m_model->rowOf(sequence) >= 0)
        return select(sequence);
    m_pages.goTo(sequence);
}

void MessageList::goTo(ServerTime time)
{
    setFollowing(false);
    m_pages.goTo(time);
}

void MessageList::select(StreamSequence sequence)
{
    int row = m_model->rowOf(sequence);
    if (row < 0)
        return;
    if (m_model->message(row) == nullptr && row + 1 < m_model->rowCount())
        ++row; // what is gone cannot be chosen: its neighbour
    m_byItself = true;
    m_table->scrollTo(m_model->index(row, 0), QAbstractItemView::PositionAtCenter);
    m_table->selectRow(row);
    m_byItself = false;
    if (m_isFollowing)
        m_table->scrollToBottom();
    m_table->setFocus();
    readAtEdges();
}

void MessageList::choose(int row)
{
    const StoredMessage* message = m_model->message(row);
    if (message == nullptr)
        return;
    m_chosen = message->sequence;
    if (!m_byItself)
        setFollowing(false);
    emit chosenChanged(*message);
}

void MessageList::setFollowing(bool following)
{
    m_isFollowing = following;
    emit followingChanged(following);
    if (!following || m_now.lastSequence.isZero())
        return;
    if (m_pages.covers(m_now.lastSequence) || m_pages.to() == m_now.lastSequence)
        m_table->scrollToBottom();
    else
        m_pages.goTo(m_now.lastSequence);
}

void MessageList::showChosenAgain()
{
    if (m_table->currentIndex().isValid())
        m_table->scrollTo(m_table->currentIndex(), QAbstractItemView::PositionAtCenter);
}

} // namespace jetlag::ui
