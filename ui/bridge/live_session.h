#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/recent_history.h"
#include "model/service/connection_service.h"
#include "model/service/demo_service.h"
#include "model/service/monitor_service.h"
#include "model/service/services.h"
#include "ui/bridge/connection_target.h"
#include "ui/bridge/footprint_meter.h"
#include "ui/bridge/job_watch.h"
#include "ui/bridge/latest_value.h"
#include "ui/bridge/retry_plan.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace jetlag::ui {

/// One connection: opens it, tries again by itself, keeps the newest report and the last minutes, and says
/// in a sentence how it stands. Pages read from it and repaint on its signals. LiveSessions holds those that
/// are open. UI thread; nothing here waits.
class LiveSession final : public QObject
{
    Q_OBJECT

public:
    enum class State {
        None,         ///< nobody asked for a connection
        StartingDemo, ///< server, hooks and collectors of the demo are being started
        Connecting,   ///< the first try is under way
        Waiting,      ///< a try failed; the next one comes by itself
        Connected,
        Lost, ///< was connected; the client reconnects by itself and what is shown is old
    };

    explicit LiveSession(Services services);
    ~LiveSession() override;

    /// In place of what it showed before.
    void open(ConnectionRequest request);
    void startDemo(DemoOptions options = {});
    void close();
    /// The next try comes now, of a first connection and of one that was lost.
    void tryNow();
    /// The next sample comes now; a waiting connection is tried.
    void refreshNow();
    /// System, KV and object streams and ephemeral consumers too.
    void setShowAll(bool all);
    [[nodiscard]] bool showsAll() const { return m_all; }

    [[nodiscard]] State state() const { return m_state; }
    /// What is so, since when and what happens next, for the place where content would stand. Empty when
    /// connected.
    [[nodiscard]] QString stateSentence() const;
    /// Why the last try failed; empty when none did.
    [[nodiscard]] QString lastError() const { return m_lastError; }
    /// Name of the context, address, or "demo"; empty when nobody asked for a connection.
    [[nodiscard]] QString name() const { return m_target.name; }
    /// The same place has the same one, from open() on; empty for a demo that is only starting.
    [[nodiscard]] const std::string& key() const { return m_target.key; }
    /// The user's mark for this environment; empty where there is none.
    [[nodiscard]] QString colorScheme() const { return m_target.colorScheme; }
    /// Nobody asked for a connection.
    [[nodiscard]] bool isBlank() const { return m_target.name.isEmpty(); }
    /// Nobody named it, and it has never answered: whatever is opened next may take its place.
    [[nodiscard]] bool isMakeshift() const;
    [[nodiscard]] bool isDemo() const { return m_demo != nullptr || m_state == State::StartingDemo; }
    [[nodiscard]] const ConnectionRequest& request() const { return m_request; }
    /// Null unless connected or lost.
    [[nodiscard]] const std::shared_ptr<ServerLink>& link() const { return m_link; }
    /// Null until the first one came.
    [[nodiscard]] const std::shared_ptr<const ClusterReport>& report() const { return m_report; }
    /// Since the newest report that the server answered came; nullopt before the first.
    [[nodiscard]] std::optional<double> ageSeconds() const;
    /// What the time is by the clock of the reports, in seconds since the epoch; 0 before the first.
    [[nodiscard]] double nowSeconds() const;
    [[nodiscard]] const RecentHistory& history() const { return m_history; }
    /// Under which name the history keeps this connection; empty while there is none.
    [[nodiscard]] std::string historyName() const { return m_link ? m_target.key : std::string(); }
    /// The collector that somebody chose, on whichever page: a page that comes to the front shows it.
    [[nodiscard]] const std::optional<ConsumerName>& chosen() const { return m_chosen; }
    void choose(ConsumerName collector) { m_chosen = std::move(collector); }
    [[nodiscard]] const FootprintMeter& footprint() const { return m_footprint; }
    [[nodiscard]] const Services& services() const { return m_services; }

signals:
    void stateChanged(); ///< state(), its sentence or the link
    void reportChanged();
    void demoMoment(const QString& what);

private:
    struct DemoStart
    {
        std::uint64_t attempt = 0;
        std::shared_ptr<DemoRun> run;
        std::string problem;
    };

    /// A report on its way to the UI thread.
    struct Heard
    {
        std::uint64_t attempt = 0; ///< that it belongs to
        std::shared_ptr<const ClusterReport> report;
    };
    [[nodiscard]] static Heard joined(Heard older, Heard newer);
    void connectNow();
    void connected(std::shared_ptr<ServerLink> link);
    void failed(const Error& error);
    void demoStarted(DemoStart start);
    void forget();
    void dropConnection();
    void watch();
    void lookAtLink();
    void takeReport(Heard heard);
    void setState(State state);
    void noteConnection(bool connected);
    void beat();

    Services m_services;
    State m_state = State::None;
    ConnectionRequest m_request;
    ConnectionTarget m_target;
    QString m_lastError;
    bool m_all = false;
    std::optional<ConsumerName> m_chosen;

    std::shared_ptr<ServerLink> m_link;
    std::shared_ptr<DemoRun> m_demo;
    std::shared_ptr<const ClusterReport> m_report;
    RecentHistory m_history{
        300}; ///< five minutes, for sparklines and the first picture; the file has the rest
    std::optional<std::chrono::steady_clock::time_point> m_answered; ///< newest report that was no echo
    std::optional<std::chrono::system_clock::time_point> m_lostAt;

    std::uint64_t m_attempt = 0; ///< which open() or startDemo() answers belong to
    RetryPlan m_retry;
    FootprintMeter m_footprint;

    std::unique_ptr<JobWatch<std::shared_ptr<ServerLink>>> m_opening;
    LatestValue<Heard> m_reports;
    LatestValue<DemoStart> m_demoStarts;
    std::optional<Subscription> m_subscription;
    QTimer m_beat; ///< once a second: the link's state, count downs, the demo's moments
};

} // namespace jetlag::ui
