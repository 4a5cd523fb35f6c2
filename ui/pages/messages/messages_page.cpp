// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/messages_page.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/messages/chosen_message.h"
#include "ui/pages/messages/message_list.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
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

constexpr int kBesideFrom = 1240;         // of the window
constexpr std::size_t kMostTicks = 2'000; // more than a screen has pixels

} // namespace

MessagesPage::MessagesPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_tools(new MessageTools)
    , m_strip(new StreamStrip)
    , m_list(new MessageList(session.services().events))
    , m_chosen(new ChosenMessage(session.services().events))
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_split(new QSplitter(Qt::Horizontal))
{
    m_split->addWidget(m_list);
    m_split->addWidget(m_chosen);
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
    connect(m_chosen, &ChosenMessage::replayWanted, this, &MessagesPage::followReplay);
    connect(m_chosen, &ChosenMessage::done, this, &Page::done);
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

StreamPlace MessagesPage::place() const
{
    return placeIn(m_session.report().get(), m_tools->stream(), m_tools->collector());
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
    const StreamPlace now = place();
    if (now.stream == nullptr)
        return;
    m_list->show(*now.stream, now.positions());
    if (const std::optional<StreamSequence> chosen = m_list->chosen())
        m_chosen->setStatus(now.statusOf(*chosen));
}

void MessagesPage::openStream()
{
    const StreamSnapshot* now = place().stream;
    if (now == nullptr || !m_session.link())
        return;
    m_open = now->name;
    m_link = m_session.link();
    m_search.clear();
    m_chosen->clear();
    m_list->open(m_link, m_open);
    showReport(); // the collectors of this stream
    if (now->messages > 0)
        m_list->goTo(std::exchange(m_wanted, std::nullopt).value_or(place().begin()));
}

void MessagesPage::showState()
{
    const std::optional<OverviewState> state = overviewState(m_session);
    const StreamSnapshot* now = place().stream;
    const bool hasRows = !m_list->isEmpty();
    m_body->setCurrentIndex(hasRows ? 0 : 1);
    m_strip->setVisible(hasRows);
    if (hasRows)
        return;
    if (state)
        m_state->say(state->title, state->sentence, stepsOf(*state, m_session, *this));
    else if (now != nullptr && now->messages == 0)
        m_state->say(
            tr("%1 is empty").arg(shown(now->name)),
            tr("It holds no message; its next one will be %1.").arg(exact(now->lastSequence.value() + 1)));
    else if (m_session.state() == LiveSession::State::Lost)
        m_state->say(tr("Nothing can be read now"), m_session.stateSentence());
    else if (!m_list->problem().isEmpty())
        m_state->say(tr("The messages of %1 cannot be read").arg(shown(m_tools->stream())), m_list->problem(),
                     {{tr("Try again"), [this] { openStream(); }},
                      {tr("What this account may see"),
                       [this] { emit linkFollowed({.page = PageId::Connections}); }}});
    else
        m_state->say({}, tr("Reading …"));
}

void MessagesPage::showStrip()
{
    StripPicture picture = place().picture();
    if (picture.last.isZero())
        return m_strip->setPicture({});
    std::tie(picture.windowFrom, picture.windowTo) = m_list->inSight();
    if (m_search.isRunning())
        picture.scannedTo = m_search.scannedTo();
    const auto& matches = m_search.matches();
    const std::size_t step = matches.size() / kMostTicks + 1;
    for (std::size_t match = 0; match < matches.size(); match += step)
        picture.matches.push_back(matches[match]);
    m_strip->setPicture(std::move(picture));
}

void MessagesPage::showChosen(const StoredMessage& message)
{
    m_chosen->show(m_link, m_open, message, place().statusOf(message.sequence));
}

void MessagesPage::jump(MessageTools::Jump jump)
{
    if (const StreamPlace now = place(); now.stream != nullptr)
        m_list->goTo(now.target(jump));
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
    m_list->setSearched(text);
    m_chosen->setMarked(text);
    const StreamSnapshot* now = place().stream;
    if (text.isEmpty() || now == nullptr)
        return m_search.clear();
    m_search.start(m_session.services().events, m_link, m_open,
                   {.from = now->firstSequence, .to = now->lastSequence}, now->messages, text.toStdString());
}

void MessagesPage::showSearch()
{
    m_tools->setSearch(m_search.words(), m_search.isRunning(), m_search.matches().size(), m_search.current());
    if (!m_search.current() && !m_search.matches().empty()) // the preview moves to the first one
        stepMatch(1);
    showStrip();
}

void MessagesPage::stepMatch(int step)
{
    const std::optional<StreamSequence> match = m_search.step(step);
    if (!match)
        return;
    m_list->goTo(*match);
    m_tools->setSearch(m_search.words(), m_search.isRunning(), m_search.matches().size(), m_search.current());
}

void MessagesPage::forgetSearch()
{
    m_search.clear();
    m_list->setSearched({});
    m_chosen->setMarked({});
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
