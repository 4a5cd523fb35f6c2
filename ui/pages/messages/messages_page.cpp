// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/messages_page.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/message_delegate.h"
#include "ui/widgets/message_detail.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/stream_strip.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kBesideFrom = 1240; // of the window
constexpr int kEdgeRows = 20;
constexpr std::size_t kWholeBytes = 8U << 20U;
constexpr std::size_t kMostTicks = 2'000; // more than a screen has pixels

} // namespace

MessagesPage::MessagesPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_tools(new MessageTools)
    , m_strip(new StreamStrip)
    , m_model(new MessageModel(this))
    , m_table(new QTableView)
    , m_counts(new QLabel)
    , m_detail(new MessageDetail)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_split(new QSplitter(Qt::Horizontal))
    , m_pages(session.services().events)
{
    makeTable();
    auto* detail = panelFrame();
    auto* inDetail = new QVBoxLayout(detail);
    inDetail->setContentsMargins(0, 0, 0, 0);
    inDetail->addWidget(m_detail);
    m_split->addWidget(listPart());
    m_split->addWidget(detail);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(Metrics::kSpacing);
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({860, 440});
    m_body->addWidget(m_split);
    m_body->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    layout->setSpacing(Metrics::kSpacing);
    layout->addWidget(m_tools);
    layout->addWidget(m_strip);
    layout->addWidget(m_body, 1);
    setFocusProxy(m_table);
    connectParts();
    showState();
}

QWidget* MessagesPage::listPart()
{
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    m_counts->setProperty("role", QStringLiteral("secondary"));
    m_counts->setTextFormat(Qt::PlainText);
    column->addWidget(m_counts);
    column->addWidget(m_table, 1);
    return part;
}

void MessagesPage::makeTable()
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

void MessagesPage::connectParts()
{
    connect(&m_session, &LiveSession::stateChanged, this, &MessagesPage::followSession);
    connect(&m_session, &LiveSession::reportChanged, this, &MessagesPage::showReport);
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_table->viewport()->update(); });
    connect(m_tools, &MessageTools::streamChosen, this, [this] {
        m_wanted.reset();
        openStream();
    });
    connect(m_tools, &MessageTools::collectorChosen, this, &MessagesPage::showReport);
    connect(m_tools, &MessageTools::jumpWanted, this, &MessagesPage::jump);
    connect(m_tools, &MessageTools::placeWanted, this, &MessagesPage::goToPlace);
    connect(m_tools, &MessageTools::followWanted, this, &MessagesPage::setFollowing);
    connect(m_tools, &MessageTools::searchWanted, this, &MessagesPage::search);
    connect(m_tools, &MessageTools::stopWanted, &m_search, &MessageSearch::stop);
    connect(m_tools, &MessageTools::matchWanted, this, &MessagesPage::stepMatch);
    connect(m_strip, &StreamStrip::sequenceWanted, this, &MessagesPage::goTo);
    connect(&m_search, &MessageSearch::changed, this, &MessagesPage::showSearch);
    connect(&m_pages, &MessagePages::changed, this, &MessagesPage::showRows);
    connect(&m_pages, &MessagePages::arrived, this, &MessagesPage::select);
    connect(&m_pages, &MessagePages::failed, this, [this](const QString& why) { showState(why); });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &MessagesPage::readAtEdges);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) { showChosen(now.row()); });
    connect(m_detail, &MessageDetail::replayWanted, this, &MessagesPage::followReplay);
    connect(m_detail, &MessageDetail::done, this, &Page::done);
    auto* place = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_G), this);
    place->setContext(Qt::WidgetWithChildrenShortcut);
    connect(place, &QShortcut::activated, m_tools, &MessageTools::focusGoTo);
}

void MessagesPage::followSession()
{
    if (m_session.link() != m_link) { // another connection: nothing of the old one stays
        m_link = m_session.link();
        m_open.clear();
        m_chosen.reset();
        m_search.clear();
        m_pages.open(m_link, {});
    }
    showState();
}

const StreamSnapshot* MessagesPage::stream() const
{
    const std::string name = m_tools->stream();
    if (!m_session.report() || name.empty())
        return nullptr;
    for (const StreamReport& row : m_session.report()->streams) {
        if (row.stream.name == name)
            return &row.stream;
    }
    return nullptr;
}

const ConsumerSnapshot* MessagesPage::collector() const
{
    const std::string name = m_tools->collector();
    if (!m_session.report() || name.empty())
        return nullptr;
    for (const CollectorReport& row : m_session.report()->collectors) {
        if (row.consumer.stream == m_tools->stream() && row.consumer.name == name)
            return &row.consumer;
    }
    return nullptr;
}

ReadPositions MessagesPage::positions() const
{
    const ConsumerSnapshot* reader = collector();
    if (reader == nullptr)
        return {};
    return {.collector = reader->name,
            .ackFloor = reader->ackFloor.stream,
            .delivered = reader->delivered.stream};
}

void MessagesPage::showReport()
{
    if (!m_session.report())
        return showState();
    std::vector<std::string> streams;
    for (const StreamReport& row : m_session.report()->streams)
        streams.push_back(row.stream.name);
    const bool isFirst = m_tools->stream().empty();
    m_tools->setStreams(streams);
    if (isFirst && !m_session.report()->collectors.empty()) // where most is to be seen
        m_tools->chooseStream(m_session.report()->collectors.front().consumer.stream);
    if (m_pending)
        return openLink(*std::exchange(m_pending, std::nullopt));
    std::vector<std::string> collectors;
    for (const CollectorReport& row : m_session.report()->collectors) {
        if (row.consumer.stream == m_tools->stream())
            collectors.push_back(row.consumer.name);
    }
    m_tools->setCollectors(collectors);
    if (!isVisible())
        return;
    if (m_tools->stream() != m_open)
        return openStream();
    if (const StreamSnapshot* now = stream()) {
        m_pages.setEnds(now->firstSequence, now->lastSequence);
        if (m_pages.isEmpty() && !m_pages.isReading() && now->messages > 0)
            goTo(now->lastSequence);
        else if (m_isFollowing)
            m_pages.readBehind();
    }
    showRows();
    if (!m_pages.isReading()) // a list that does not fill its room goes on with the stream
        readAtEdges();
}

void MessagesPage::openStream()
{
    const StreamSnapshot* now = stream();
    if (now == nullptr || !m_session.link())
        return;
    m_open = now->name;
    m_link = m_session.link();
    m_chosen.reset();
    m_match.reset();
    m_search.clear();
    m_detail->say({}, tr("Choose a message."));
    m_pages.open(m_link, m_open);
    m_pages.setEnds(now->firstSequence, now->lastSequence);
    showReport();
    const ConsumerSnapshot* reader = collector();
    const StreamSequence begin = reader != nullptr ? reader->ackFloor.stream.next() : now->lastSequence;
    if (now->messages > 0)
        goTo(std::exchange(m_wanted, std::nullopt).value_or(begin));
}

void MessagesPage::showRows()
{
    // What somebody looks at stays where it is: the row at the top and the chosen one, by their sequences.
    const int top = m_table->rowAt(0);
    const StreamSequence atTop = top >= 0 ? m_model->sequenceOf(top) : StreamSequence();
    const int before = m_model->rowCount();
    m_model->show(m_pages.messages(), m_pages.from(), m_pages.to(), positions());
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
    }
    if (const StreamSnapshot* now = stream())
        m_counts->setText(tr("%1 messages, %2 to %3")
                              .arg(exact(now->messages), exact(now->firstSequence.value()),
                                   exact(now->lastSequence.value())));
    showState();
    showStrip();
}

void MessagesPage::showState(const QString& problem)
{
    const std::optional<OverviewState> state = overviewState(m_session);
    const StreamSnapshot* now = stream();
    const bool hasRows = m_model->rowCount() > 0;
    m_body->setCurrentIndex(hasRows && problem.isEmpty() ? 0 : 1);
    m_strip->setVisible(hasRows);
    if (hasRows && problem.isEmpty())
        return;
    if (!problem.isEmpty())
        m_state->say(tr("The messages of %1 cannot be read").arg(shown(m_tools->stream())), problem,
                     {{tr("Try again"), [this] { openStream(); }},
                      {tr("What this account may see"),
                       [this] { emit linkFollowed({.page = PageId::Connections}); }}});
    else if (state)
        m_state->say(state->title, state->sentence, stepsOf(*state, m_session, *this));
    else if (now != nullptr && now->messages == 0)
        m_state->say(
            tr("%1 is empty").arg(shown(now->name)),
            tr("It holds no message; its next one will be %1.").arg(exact(now->lastSequence.value() + 1)));
    else
        m_state->say({}, tr("Reading …"));
}

void MessagesPage::showStrip()
{
    const StreamSnapshot* now = stream();
    if (now == nullptr)
        return m_strip->setPicture({});
    const ReadPositions at = positions();
    StripPicture picture{.first = now->firstSequence,
                         .last = now->lastSequence,
                         .hasCollector = !at.collector.empty(),
                         .ackFloor = at.ackFloor,
                         .delivered = at.delivered};
    const int top = m_table->rowAt(0);
    const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    if (top >= 0) {
        picture.windowFrom = m_model->sequenceOf(top);
        picture.windowTo = m_model->sequenceOf(bottom >= 0 ? bottom : m_model->rowCount() - 1);
    }
    if (m_search.isRunning())
        picture.scannedTo = m_search.scannedTo();
    const auto& matches = m_search.matches();
    const std::size_t step = matches.size() / kMostTicks + 1;
    for (std::size_t match = 0; match < matches.size(); match += step)
        picture.matches.push_back(matches[match]);
    m_strip->setPicture(std::move(picture));
}

std::pair<QString, QString> MessagesPage::statusOf(StreamSequence sequence) const
{
    const ReadPositions at = positions();
    if (at.collector.empty())
        return {};
    if (sequence <= at.ackFloor)
        return {tr("acked"), QStringLiteral("good")};
    if (sequence <= at.delivered)
        return {tr("delivered, not known as acked"), QStringLiteral("warning")};
    return {tr("not delivered"), QStringLiteral("secondary")};
}

void MessagesPage::showChosen(int row)
{
    const StoredMessage* message = m_model->message(row);
    if (message == nullptr)
        return;
    m_chosen = message->sequence;
    if (m_isFollowing && !m_byItself)
        setFollowing(false);
    if (message->payload.size() < message->bytes)
        return showWhole(message->sequence);
    const auto [words, role] = statusOf(message->sequence);
    m_detail->showMessage(m_open, *message, words, role);
}

void MessagesPage::showWhole(StreamSequence sequence)
{
    m_detail->say({}, tr("Reading message %1 …").arg(exact(sequence.value())));
    m_whole.read(
        m_session.services().events,
        {.server = m_link, .stream = m_open, .range = {.from = sequence, .to = sequence}, .count = 1},
        kWholeBytes, [this, sequence](Result<MessageReader::Messages> read) {
            if (m_chosen != sequence)
                return;
            if (!read || read->empty())
                return m_detail->say(tr("Message %1 could not be read").arg(exact(sequence.value())),
                                     read ? tr("It is gone meanwhile.") : shown(read.error().message()));
            const auto [words, role] = statusOf(sequence);
            m_detail->showMessage(m_open, std::move(read->front()), words, role);
        });
}

void MessagesPage::readAtEdges()
{
    showStrip();
    if (m_model->rowCount() == 0)
        return;
    const int top = m_table->rowAt(0);
    const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    if (bottom < 0 || bottom > m_model->rowCount() - kEdgeRows)
        m_pages.readBehind();
    else if (top >= 0 && top < kEdgeRows)
        m_pages.readBefore();
}

void MessagesPage::jump(MessageTools::Jump jump)
{
    const StreamSnapshot* now = stream();
    const ReadPositions at = positions();
    if (now == nullptr)
        return;
    switch (jump) {
    case MessageTools::Jump::First:
        return goTo(now->firstSequence);
    case MessageTools::Jump::AckFloor:
        return goTo(at.ackFloor);
    case MessageTools::Jump::Delivered:
        return goTo(at.delivered);
    case MessageTools::Jump::OldestUnprocessed:
        return goTo(at.ackFloor.next());
    case MessageTools::Jump::Last:
        return goTo(now->lastSequence);
    }
}

void MessagesPage::goTo(StreamSequence sequence)
{
    setFollowing(false);
    if (m_pages.covers(sequence) && m_model->rowOf(sequence) >= 0)
        return select(sequence);
    m_pages.goTo(sequence);
}

void MessagesPage::goToPlace(const QString& text)
{
    const ServerTime now = m_session.report() ? m_session.report()->at : ServerTime{};
    const Result<Position> place = parsePosition(text.toStdString(), now);
    m_tools->setMistake(place ? QString() : shown(place.error().message()));
    if (!place)
        return;
    if (const auto* sequence = std::get_if<StreamSequence>(&*place))
        return goTo(*sequence);
    setFollowing(false);
    m_pages.goTo(std::get<ServerTime>(*place));
}

void MessagesPage::select(StreamSequence sequence)
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

void MessagesPage::setFollowing(bool following)
{
    m_isFollowing = following;
    m_tools->setFollowing(following);
    const StreamSnapshot* now = stream();
    if (!following || now == nullptr)
        return;
    if (m_pages.covers(now->lastSequence) || m_pages.to() == now->lastSequence)
        m_table->scrollToBottom();
    else
        m_pages.goTo(now->lastSequence);
}

void MessagesPage::search()
{
    const QString text = m_tools->searched();
    m_match.reset();
    m_model->setSearched(text);
    m_detail->setMarked(text);
    const StreamSnapshot* now = stream();
    if (text.isEmpty() || now == nullptr)
        return m_search.clear();
    m_search.start(m_session.services().events, m_link, m_open,
                   {.from = now->firstSequence, .to = now->lastSequence}, now->messages, text.toStdString());
}

void MessagesPage::showSearch()
{
    m_tools->setSearch(m_search.words(), m_search.isRunning(), m_search.matches().size(), m_match);
    if (!m_match && !m_search.matches().empty()) // the preview moves to the first one
        stepMatch(1);
    showStrip();
}

void MessagesPage::stepMatch(int step)
{
    const auto& matches = m_search.matches();
    if (matches.empty())
        return;
    const std::size_t last = matches.size() - 1;
    if (!m_match)
        m_match = 0;
    else if (step > 0)
        m_match = *m_match == last ? 0 : *m_match + 1;
    else
        m_match = *m_match == 0 ? last : *m_match - 1;
    goTo(matches[*m_match]);
    m_tools->setSearch(m_search.words(), m_search.isRunning(), matches.size(), m_match);
}

void MessagesPage::followReplay()
{
    if (!m_chosen || !m_session.link())
        return;
    StreamReplaySource source{.server = m_session.link(), .stream = m_open};
    if (const ConsumerSnapshot* reader = collector(); reader != nullptr && reader->isDurable())
        source.likeDurable = reader->name;
    ReplayRequest request;
    request.source = std::move(source);
    request.range.from = *m_chosen;
    emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
}

void MessagesPage::openLink(const PageLink& link)
{
    if (!m_session.report()) {
        m_pending = link;
        return;
    }
    if (link.message)
        m_tools->chooseStream(link.message->stream);
    else if (link.collector)
        m_tools->chooseStream(link.collector->stream);
    if (link.message && !link.message->sequence.isZero())
        m_wanted = link.message->sequence;
    showReport(); // the collectors of that stream
    if (link.collector)
        m_tools->chooseCollector(link.collector->name);
    if (m_tools->stream() == m_open && m_wanted)
        goTo(*std::exchange(m_wanted, std::nullopt));
    else if (m_tools->stream() != m_open)
        openStream();
}

bool MessagesPage::refreshNow()
{
    m_session.refreshNow();
    return true;
}

bool MessagesPage::focusFilter()
{
    m_tools->focusSearch();
    return true;
}

bool MessagesPage::goBack()
{
    if (m_search.isRunning()) {
        m_search.stop();
        return true;
    }
    if (!m_search.hasRun())
        return false;
    m_match.reset();
    m_search.clear();
    m_model->setSearched({});
    m_detail->setMarked({});
    m_table->setFocus();
    return true;
}

bool MessagesPage::playPause()
{
    setFollowing(!m_isFollowing);
    return true;
}

QList<std::pair<QString, QString>> MessagesPage::shortcuts() const
{
    return {{QStringLiteral("/"), tr("search")},
            {QStringLiteral("Ctrl+G"), tr("go to a sequence or time")},
            {QStringLiteral("Space"), tr("follow the tail, or not")},
            {QStringLiteral("Esc"), tr("stop the search, then forget it")}};
}

void MessagesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    emit statusChanged(tr("read by get, no consumer created"));
    followSession();
    showReport();
}

void MessagesPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool beside = window()->width() >= kBesideFrom;
    m_tools->setNarrow(!beside);
    m_table->setColumnHidden(MessageModel::SubjectColumn, window()->width() < 1000);
    if (beside == m_isBeside)
        return;
    m_isBeside = beside;
    m_split->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
    QTimer::singleShot(0, this, [this] { // the chosen one stays in sight
        if (m_table->currentIndex().isValid())
            m_table->scrollTo(m_table->currentIndex(), QAbstractItemView::PositionAtCenter);
    });
}

} // namespace jetlag::ui
