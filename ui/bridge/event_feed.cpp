// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/event_feed.h"

#include "model/service/history_service.h"
#include "ui/bridge/session_words.h"

#include <chrono>

namespace jetlag::ui {

namespace {

constexpr int kBeatMs = 500;
constexpr std::size_t kPastMarks = 2'000;
constexpr std::size_t kKeptOfAReport = 50;

ServerTime now()
{
    return std::chrono::time_point_cast<ServerTime::duration>(std::chrono::system_clock::now());
}

/// The message behind the floor of a collector of which the rules say that it will not get it.
bool addFound(DeadLetterList& letters, const CollectorReport& row, ServerTime at)
{
    if (!row.diagnosis || !row.cause || (row.cause != "dead-letters" && row.cause != "poison"))
        return false;
    bool changed = false;
    for (const HoldingMessage& message : row.diagnosis->messages) {
        if (message.sequence == 0 || message.role == "oldest unread")
            continue;
        changed |= letters.addFound({.key = {row.consumer.stream, row.consumer.name, message.sequence},
                                     .reason = message.role,
                                     .at = at,
                                     .subject = message.subject});
    }
    return changed;
}

} // namespace

EventFeed::EventFeed(LiveSession& session, std::shared_ptr<Notifier> notifier)
    : m_session(session)
    , m_notifier(std::move(notifier))
{
    startAnew();
    connect(&m_session, &LiveSession::stateChanged, this, &EventFeed::followState);
    // With thousands of collectors pages need a turn of the event loop for a report; this takes the next one.
    m_turn.setSingleShot(true);
    connect(&m_session, &LiveSession::reportChanged, this, [this] {
        m_waiting.push_back(m_session.report());
        m_turn.start();
    });
    connect(&m_turn, &QTimer::timeout, this, &EventFeed::takeReports);
    connect(m_notifier.get(), &Notifier::showWanted, this, [this](const Notice& notice) {
        if (isOurs(notice))
            emit showWanted(notice);
    });
    connect(m_notifier.get(), &Notifier::stayedInside, this, [this](const Notice& notice) {
        if (isOurs(notice))
            emit stayedInside(notice);
    });
    connect(m_notifier.get(), &Notifier::levelChanged, this, &EventFeed::levelChanged);
    connect(&m_beat, &QTimer::timeout, this, &EventFeed::tellWhatIsDue);
    m_beat.start(kBeatMs);
}

void EventFeed::startAnew()
{
    m_log = std::make_unique<EventLog>();
    m_letters = std::make_unique<DeadLetterList>();
    m_planner = {};
    m_last.reset();
    m_waiting.clear();
    m_seen = EventLog::kFirstNumber - 1;
    m_notes.open(m_session.isDemo() ? "demo" : m_connection); // each demo's server has another address
    countUnseen();
    emit mutedChanged();
    emit eventsChanged();
    emit lettersChanged();
}

void EventFeed::followState()
{
    // A name comes late: until a server has answered it may be an address.
    const bool isNamed = m_session.state() == LiveSession::State::Connected;
    if (isNamed && m_session.key() != m_connection) {
        m_connection = m_session.key();
        startAnew();
        askForThePast();
    }
    if (m_session.state() == LiveSession::State::Lost)
        m_log->connectionLost(now(), m_session.lastError().toStdString());
    else if (isNamed)
        m_log->connectionBack(now());
    else
        return;
    m_waiting.push_back(m_session.report());
    takeReports();
}

void EventFeed::askForThePast()
{
    using Marks = std::vector<HistoryMark>;
    MarkQuery query{.connection = m_session.historyName(), .limit = kPastMarks};
    m_past = std::make_unique<JobWatch<Marks>>(m_session.services().history.marks(std::move(query)),
                                               [this](Result<Marks> marks) {
                                                   m_past.reset();
                                                   if (!marks)
                                                       return; // the live view does not depend on it
                                                   m_log->addPast(*marks);
                                                   if (m_letters->addPast(*marks))
                                                       emit lettersChanged();
                                                   takeReports();
                                               });
}

// A collector that gives up thousands a second is no list to keep.
void EventFeed::keepInHistory(std::span<const Advisory> advisories)
{
    std::size_t kept = 0;
    for (const Advisory& advisory : advisories) {
        std::optional<HistoryMark> mark = deadLetterMark(advisory);
        if (mark && kept++ < kKeptOfAReport)
            m_session.services().history.addMark(m_session.historyName(), std::move(*mark));
    }
}

void EventFeed::takeReport(const std::shared_ptr<const ClusterReport>& report)
{
    const bool isNew = report && report != m_last && (!m_last || report->at != m_last->at);
    if (!isNew)
        return;
    const std::span<const Advisory> advisories = report->advisories;
    m_log->add(*report, advisories);
    keepInHistory(advisories);
    bool changed = m_letters->add(*report, advisories);
    for (const CollectorReport& row : report->collectors)
        changed |= addFound(*m_letters, row, report->at);
    if (changed)
        emit lettersChanged();
    m_last = report;
}

void EventFeed::takeReports()
{
    for (const auto& report : std::exchange(m_waiting, {}))
        takeReport(report);
    const std::vector<std::uint64_t> touched = m_log->takeTouched();
    if (touched.empty())
        return;
    const auto steady = std::chrono::steady_clock::now();
    for (const std::uint64_t number : touched)
        m_planner.consider(*m_log->find(number), steady);
    countUnseen();
    emit eventsChanged();
}

void EventFeed::tellWhatIsDue()
{
    auto notice = m_planner.take(*m_log, std::chrono::steady_clock::now(), level(),
                                 [this](const ConsumerName& name) { return isMuted(name); });
    if (!notice)
        return;
    // Whoever is called need not be looking at this connection.
    notice->title = titleOf(m_session).toStdString() + ": " + notice->title;
    notice->connection = m_session.key();
    m_notifier->tell(*notice);
}

bool EventFeed::isOurs(const Notice& notice) const
{
    return notice.connection == m_session.key();
}

void EventFeed::setMuted(std::span<const ConsumerName> collectors, bool muted)
{
    m_notes.setMuted(collectors, muted);
    countUnseen();
    emit mutedChanged();
    emit eventsChanged();
}

void EventFeed::setReviewed(const DeadLetterKey& letter, bool reviewed)
{
    m_notes.setReviewed(letter, reviewed);
    emit lettersChanged();
}

int EventFeed::unreviewed() const
{
    int count = 0;
    for (const auto& [key, letter] : m_letters->letters())
        count += m_notes.isReviewed(key) ? 0 : 1;
    return count;
}

int EventFeed::unseen() const
{
    return m_unseen;
}

void EventFeed::markSeen()
{
    if (!m_log->events().empty())
        m_seen = m_log->events().back().number;
    countUnseen();
}

void EventFeed::countUnseen()
{
    int count = 0;
    const auto& events = m_log->events();
    for (auto event = events.rbegin(); event != events.rend() && event->number > m_seen; ++event)
        count += event->isSerious() && !isMuted({event->stream, event->collector}) ? 1 : 0;
    if (count == m_unseen)
        return;
    m_unseen = count;
    emit unseenChanged(count);
}

} // namespace jetlag::ui
