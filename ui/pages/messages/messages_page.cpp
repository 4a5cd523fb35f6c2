// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/messages_page.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/messages/message_list.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/message_detail.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/stream_strip.h"

#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <tuple>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kBesideFrom = 1240; // of the window
constexpr std::size_t kWholeBytes = 8U << 20U;
constexpr std::size_t kMostTicks = 2'000; // more than a screen has pixels

} // namespace

MessagesPage::MessagesPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_tools(new MessageTools)
    , m_strip(new StreamStrip)
    , m_list(new MessageList(session.services().events))
    , m_detail(new MessageDetail)
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_split(new QSplitter(Qt::Horizontal))
{
    auto* detail = panelFrame();
    auto* inDetail = new QVBoxLayout(detail);
    inDetail->setContentsMargins(0, 0, 0, 0);
    inDetail->addWidget(m_detail);
    m_split->addWidget(m_list);
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
    setFocusProxy(m_list);
    connectParts();
    showState();
}

void MessagesPage::connectParts()
{
    connect(&m_session, &LiveSession::stateChanged, this, &MessagesPage::followSession);
    connect(&m_session, &LiveSession::reportChanged, this, &MessagesPage::showReport);
    connect(m_tools, &MessageTools::streamChosen, this, [this] {
        m_wanted.reset();
        openStream();
    });
    connect(m_tools, &MessageTools::collectorChosen, this, &MessagesPage::showReport);
    connect(m_tools, &MessageTools::jumpWanted, this, &MessagesPage::jump);
    connect(m_tools, &MessageTools::placeWanted, this, &MessagesPage::goToPlace);
    connect(m_tools, &MessageTools::followWanted, m_list, &MessageList::setFollowing);
    connect(m_list, &MessageList::followingChanged, m_tools, &MessageTools::setFollowing);
    connect(m_tools, &MessageTools::searchWanted, this, &MessagesPage::search);
    connect(m_tools, &MessageTools::stopWanted, &m_search, &MessageSearch::stop);
    connect(m_tools, &MessageTools::matchWanted, this, &MessagesPage::stepMatch);
    connect(m_strip, &StreamStrip::sequenceWanted, this, [this](StreamSequence to) { m_list->goTo(to); });
    connect(&m_search, &MessageSearch::changed, this, &MessagesPage::showSearch);
    connect(m_list, &MessageList::moved, this, [this] {
        showState();
        showStrip();
    });
    connect(m_list, &MessageList::chosenChanged, this, &MessagesPage::showChosen);
    connect(m_list, &MessageList::failed, this, [this](const QString& why) { showState(why); });
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
        m_search.clear();
        m_list->open(m_link, {});
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
    if (const StreamSnapshot* now = stream())
        m_list->show(*now, positions());
}

void MessagesPage::openStream()
{
    const StreamSnapshot* now = stream();
    if (now == nullptr || !m_session.link())
        return;
    m_open = now->name;
    m_link = m_session.link();
    m_match.reset();
    m_search.clear();
    m_detail->say({}, tr("Choose a message."));
    m_list->open(m_link, m_open);
    showReport();
    const ConsumerSnapshot* reader = collector();
    const StreamSequence begin = reader != nullptr ? reader->ackFloor.stream.next() : now->lastSequence;
    if (now->messages > 0)
        m_list->goTo(std::exchange(m_wanted, std::nullopt).value_or(begin));
}

void MessagesPage::showState(const QString& problem)
{
    const std::optional<OverviewState> state = overviewState(m_session);
    const StreamSnapshot* now = stream();
    const bool hasRows = !m_list->isEmpty();
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
    std::tie(picture.windowFrom, picture.windowTo) = m_list->inSight();
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

void MessagesPage::showChosen(const StoredMessage& message)
{
    if (message.payload.size() < message.bytes)
        return showWhole(message.sequence);
    const auto [words, role] = statusOf(message.sequence);
    m_detail->showMessage(m_open, message, words, role);
}

void MessagesPage::showWhole(StreamSequence sequence)
{
    m_detail->say({}, tr("Reading message %1 …").arg(exact(sequence.value())));
    m_whole.read(
        m_session.services().events,
        {.server = m_link, .stream = m_open, .range = {.from = sequence, .to = sequence}, .count = 1},
        kWholeBytes, [this, sequence](Result<MessageReader::Messages> read) {
            if (m_list->chosen() != sequence)
                return;
            if (!read || read->empty())
                return m_detail->say(tr("Message %1 could not be read").arg(exact(sequence.value())),
                                     read ? tr("It is gone meanwhile.") : shown(read.error().message()));
            const auto [words, role] = statusOf(sequence);
            m_detail->showMessage(m_open, std::move(read->front()), words, role);
        });
}

void MessagesPage::jump(MessageTools::Jump jump)
{
    const StreamSnapshot* now = stream();
    const ReadPositions at = positions();
    if (now == nullptr)
        return;
    switch (jump) {
    case MessageTools::Jump::First:
        return m_list->goTo(now->firstSequence);
    case MessageTools::Jump::AckFloor:
        return m_list->goTo(at.ackFloor);
    case MessageTools::Jump::Delivered:
        return m_list->goTo(at.delivered);
    case MessageTools::Jump::OldestUnprocessed:
        return m_list->goTo(at.ackFloor.next());
    case MessageTools::Jump::Last:
        return m_list->goTo(now->lastSequence);
    }
}

void MessagesPage::goToPlace(const QString& text)
{
    const ServerTime now = m_session.report() ? m_session.report()->at : ServerTime{};
    const Result<Position> place = parsePosition(text.toStdString(), now);
    m_tools->setMistake(place ? QString() : shown(place.error().message()));
    if (!place)
        return;
    if (const auto* sequence = std::get_if<StreamSequence>(&*place))
        return m_list->goTo(*sequence);
    m_list->goTo(std::get<ServerTime>(*place));
}

void MessagesPage::search()
{
    const QString text = m_tools->searched();
    m_match.reset();
    m_list->setSearched(text);
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
    m_list->goTo(matches[*m_match]);
    m_tools->setSearch(m_search.words(), m_search.isRunning(), matches.size(), m_match);
}

void MessagesPage::followReplay()
{
    if (!m_list->chosen() || !m_session.link())
        return;
    StreamReplaySource source{.server = m_session.link(), .stream = m_open};
    if (const ConsumerSnapshot* reader = collector(); reader != nullptr && reader->isDurable())
        source.likeDurable = reader->name;
    ReplayRequest request;
    request.source = std::move(source);
    request.range.from = *m_list->chosen();
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
        m_list->goTo(*std::exchange(m_wanted, std::nullopt));
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
    m_list->setSearched({});
    m_detail->setMarked({});
    m_list->setFocus();
    return true;
}

bool MessagesPage::playPause()
{
    m_list->setFollowing(!m_list->isFollowing());
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
    m_list->setSubjectsShown(window()->width() >= 1000);
    if (beside == m_isBeside)
        return;
    m_isBeside = beside;
    m_split->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
    QTimer::singleShot(0, m_list, &MessageList::showChosenAgain); // the chosen one stays in sight
}

} // namespace jetlag::ui
