#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/dead_letters.h"
#include "model/events/event_log.h"
#include "model/events/notice_planner.h"
#include "ui/bridge/collector_notes.h"
#include "ui/bridge/live_session.h"
#include "ui/bridge/notifier.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <span>

namespace jetlag::ui {

/// What has happened on one connection, whether its pages are in front or not: keeps the log, counts what
/// nobody has seen, and calls somebody when it is worth it. UI thread.
class EventFeed final : public QObject
{
    Q_OBJECT

public:
    EventFeed(LiveSession& session, std::shared_ptr<Notifier> notifier);

    [[nodiscard]] const EventLog& log() const { return *m_log; }
    [[nodiscard]] const DeadLetterList& deadLetters() const { return *m_letters; }
    [[nodiscard]] LiveSession& session() const { return m_session; }

    [[nodiscard]] bool isMuted(const ConsumerName& collector) const { return m_notes.isMuted(collector); }
    void setMuted(std::span<const ConsumerName> collectors, bool muted);
    void setMuted(const ConsumerName& collector, bool muted) { setMuted(std::span(&collector, 1), muted); }
    [[nodiscard]] qsizetype mutedCount() const { return m_notes.mutedCount(); }
    [[nodiscard]] bool isReviewed(const DeadLetterKey& letter) const { return m_notes.isReviewed(letter); }
    void setReviewed(const DeadLetterKey& letter, bool reviewed);
    [[nodiscard]] int unreviewed() const;

    /// The same for all connections.
    [[nodiscard]] NoticeLevel level() const { return m_notifier->level(); }
    void setLevel(NoticeLevel level) { m_notifier->setLevel(level); }

    /// Serious events that came since somebody looked; those of muted collectors don't count.
    [[nodiscard]] int unseen() const;
    void markSeen();

signals:
    void eventsChanged();
    void lettersChanged();
    void unseenChanged(int count);
    void levelChanged();
    /// Somebody muted or unmuted one, or the connection is another, with others muted.
    void mutedChanged();
    /// The window is to come to the front and show it.
    void showWanted(const jetlag::Notice& notice);
    /// There is no desktop to tell it on.
    void stayedInside(const jetlag::Notice& notice);

private:
    void startAnew();
    void followState();
    void takeReport(const std::shared_ptr<const ClusterReport>& report);
    void takeReports();
    void tellWhatIsDue();
    void countUnseen();
    void askForThePast();
    void keepInHistory(std::span<const Advisory> advisories);
    [[nodiscard]] bool isOurs(const Notice& notice) const;

    LiveSession& m_session;
    std::shared_ptr<Notifier> m_notifier;
    std::unique_ptr<EventLog> m_log;
    std::unique_ptr<DeadLetterList> m_letters;
    NoticePlanner m_planner;
    CollectorNotes m_notes;
    std::string m_connection; ///< its key
    std::shared_ptr<const ClusterReport> m_last;
    std::vector<std::shared_ptr<const ClusterReport>> m_waiting; ///< to be taken; with nulls
    std::uint64_t m_seen = 0; ///< the newest event that somebody has seen; of the past all are
    int m_unseen = 0;
    std::unique_ptr<JobWatch<std::vector<HistoryMark>>> m_past;
    QTimer m_beat;
    QTimer m_turn; ///< of the event loop, for a report
};

} // namespace jetlag::ui
