// SPDX-License-Identifier: Apache-2.0
//
// Several connections at once: none mixes with another, none waits for another, and all come back.

#include "app/runtime/runtime.h"
#include "tests/support/broker.h"
#include "tests/support/temp_folder.h"
#include "tests/ui/event_scenes.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/event_feeds.h"
#include "ui/bridge/remembered_connections.h"
#include "ui/pages/connections/connection_tile.h"
#include "ui/pages/pages.h"
#include "ui/window/connection_chip.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>

#include <algorithm>
#include <set>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

using State = LiveSession::State;
using Then = LiveSessions::Then;

ClusterReport oneCollector(const char* stream, const char* name, int second = 0)
{
    return reportOf({plainCollector(stream, name, 7)}, second);
}

} // namespace

class TestLiveSessions : public UiTest
{
    Q_OBJECT

private:
    OwnDataHome m_dataHome;
    std::shared_ptr<FakeServerLink> m_eu;
    std::shared_ptr<FakeServerLink> m_stage;

    LiveSession& open(const std::string& context, Then then = Then::Show)
    {
        return m_sessions->open({.context = context, .server = std::nullopt}, then);
    }
    /// prod-eu, then stage-1 in front; both with a report.
    void openTwo()
    {
        m_eu = m_fakes->connections.addServer("prod-eu", oneCollector("ORDERS", "billing"));
        m_stage = m_fakes->connections.addServer("stage-1", oneCollector("CLICKS", "counter"));
        LiveSession& eu = open("prod-eu");
        LiveSession& stage = open("stage-1");
        QTRY_VERIFY_WITH_TIMEOUT(eu.report() && stage.report(), kPatienceMs);
    }
    void showWindow()
    {
        m_window = std::make_unique<MainWindow>(*m_sessions);
        addPages(*m_window, *m_sessions);
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get(), kPatienceMs));
    }
    [[nodiscard]] LiveSession& at(std::size_t place) const { return *m_sessions->open().at(place); }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (const LiveSession* session : m_sessions->open())
            names << session->name();
        return names;
    }
    [[nodiscard]] int recordedOf(const std::string& connection) const
    {
        const std::vector<FakeHistoryService::Report> all = m_fakes->history.recorded();
        return static_cast<int>(std::ranges::count(all, connection, &FakeHistoryService::Report::first));
    }
    [[nodiscard]] std::vector<HistoryMark> marksOf(const std::string& connection) const
    {
        const auto job = m_fakes->history.marks({.connection = connection});
        return job->wait(std::chrono::seconds(30)) ? *job->takeResult() : std::vector<HistoryMark>();
    }
    [[nodiscard]] QList<ConnectionChip*> chips() const
    {
        QList<ConnectionChip*> found;
        for (ConnectionChip* chip : m_window->findChildren<ConnectionChip*>()) {
            if (chip->isVisible())
                found << chip;
        }
        std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->x() < b->x(); });
        return found;
    }
    [[nodiscard]] QString cellsInFront() const
    {
        QString text;
        for (const QTableView* table : m_window->currentPage()->findChildren<QTableView*>()) {
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                for (int column = 0; column < table->model()->columnCount(); ++column)
                    text += table->model()->index(row, column).data().toString() + QLatin1Char(' ');
            }
        }
        return text;
    }

private slots:
    void cleanup()
    {
        UiTest::cleanup();
        m_eu.reset();
        m_stage.reset();
    }

    void anotherOneStandsBesideTheFirst()
    {
        QVERIFY(m_sessions->open().empty());
        openTwo();
        QCOMPARE(names(), (QStringList{QStringLiteral("prod-eu"), QStringLiteral("stage-1")}));
        QVERIFY(&m_sessions->current() == &at(1));
        QVERIFY(at(0).state() == State::Connected && at(1).state() == State::Connected);
        // Who is not looked at is watched all the same, and under its own name.
        m_eu->monitor().setReport(oneCollector("ORDERS", "billing", 60));
        QTRY_VERIFY_WITH_TIMEOUT(at(0).report()->at == oneCollector("ORDERS", "billing", 60).at, kPatienceMs);
        QCOMPARE(at(1).report()->collectors.front().consumer.name, std::string("counter"));
        QCOMPARE(at(0).historyName(), std::string("prod-eu"));
        QCOMPARE(at(1).historyName(), std::string("stage-1"));
        QCOMPARE(recordedOf("prod-eu"), 2);
        QCOMPARE(recordedOf("stage-1"), 1);
    }

    void theSameOneIsNotOpenedTwice_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<int>("open");
        const auto row = [](const char* name, const char* first, const char* second, int open) {
            QTest::newRow(name) << QString::fromLatin1(first) << QString::fromLatin1(second) << open;
        };
        row("the same context", "prod-eu", "prod-eu", 1);
        row("the same address", "nats://a:4222", "nats://a:4222", 1);
        row("with and without scheme", "nats://a:4222", "a:4222", 1);
        row("the same user with another password", "nats://jane:1@a:4222", "nats://jane:2@a:4222", 1);
        row("another user of the same server", "nats://jane:1@a:4222", "nats://john:1@a:4222", 2);
        row("with and without a user", "nats://a:4222", "nats://john:1@a:4222", 2);
        row("another port", "nats://a:4222", "nats://a:4223", 2);
    }
    void theSameOneIsNotOpenedTwice()
    {
        QFETCH(QString, first);
        QFETCH(QString, second);
        const auto request = [](const QString& where) {
            const std::string name = where.toStdString();
            return where.contains(QLatin1Char(':')) ? ConnectionRequest{.context = {}, .server = name}
                                                    : ConnectionRequest{.context = name, .server = {}};
        };
        m_sessions->open(request(first));
        m_sessions->open(request(second));
        QTEST(static_cast<int>(m_sessions->open().size()), "open");
        QVERIFY(&m_sessions->current() == m_sessions->open().back());
        for (const LiveSession* session : m_sessions->open()) // a password is nowhere
            QVERIFY(!session->name().contains(QLatin1String(":1@")) &&
                    session->key().find(":1@") == std::string::npos);
    }

    void whatNobodyNamedMakesWay()
    {
        m_sessions->open({}); // localhost, where nobody answers
        QTRY_VERIFY_WITH_TIMEOUT(!at(0).lastError().isEmpty(), kPatienceMs);
        openTwo();
        QCOMPARE(names(), (QStringList{QStringLiteral("prod-eu"), QStringLiteral("stage-1")}));
    }

    void oneThatDiesDoesNotTouchTheOther()
    {
        openTwo();
        EventFeeds feeds(*m_sessions, std::make_shared<FakeNotifier>());
        m_eu->setConnected(false);
        QTRY_VERIFY_WITH_TIMEOUT(at(0).state() == State::Lost, kPatienceMs);
        m_stage->monitor().setReport(oneCollector("CLICKS", "counter", 5));
        QTRY_VERIFY_WITH_TIMEOUT(at(1).report()->at == oneCollector("CLICKS", "counter", 5).at, kPatienceMs);
        QVERIFY(at(1).state() == State::Connected);
        QVERIFY(marksOf("stage-1").empty());
        QCOMPARE(marksOf("prod-eu").size(), 1u); // the break
    }

    void deadOnesHoldNobodyUp()
    {
        m_fakes->connections.stall("far-1");
        m_fakes->connections.stall("far-2");
        open("far-1");
        open("far-2");
        openTwo();
        QCOMPARE(m_sessions->open().size(), 4u);
        m_sessions->close(at(0)); // it is still connecting
        QCOMPARE(names().first(), QStringLiteral("far-2"));
        QVERIFY(at(1).state() == State::Connected && at(2).state() == State::Connected);
    }

    void aClosedOneGoesAloneAndTheNextIsShown()
    {
        openTwo();
        int closed = 0;
        connect(m_sessions.get(), &LiveSessions::closing, this, [&] { ++closed; });
        LiveSession& eu = at(0);
        m_sessions->close(at(1));
        QCOMPARE(closed, 1);
        QCOMPARE(names(), QStringList{QStringLiteral("prod-eu")});
        QVERIFY(&m_sessions->current() == &eu);
        QThreadPool::globalInstance()->waitForDone();
        QCOMPARE(m_stage->monitor().watchers(), 0u);
        QCOMPARE(m_eu->monitor().watchers(), 1u);
        m_sessions->close(eu);
        QVERIFY(m_sessions->open().empty());
        QVERIFY(m_sessions->current().isBlank()); // pages have something to read from
        open("stage-1");
        QTRY_VERIFY_WITH_TIMEOUT(at(0).report(), kPatienceMs);
    }

    void turningGoesRound()
    {
        m_sessions->turn(1); // none is open
        openTwo();
        m_sessions->turn(1);
        QVERIFY(&m_sessions->current() == &at(0));
        m_sessions->turn(-1);
        QVERIFY(&m_sessions->current() == &at(1));
    }

    void whatIsOpenOutlivesTheWindow()
    {
        m_fakes->connections.deny("refused");
        {
            RememberedConnections remembered(*m_sessions);
            QVERIFY(!remembered.restore());
            openTwo();
            open("refused");
            open("gone \xff/x");
            m_sessions->open({.context = {}, .server = "nats://jane:secret@a:4222"});
            m_sessions->open({.context = {}, .server = "a:4222,b:4222"});
            m_sessions->setCurrent(at(1));
            QTRY_VERIFY_WITH_TIMEOUT(at(2).state() == State::None, kPatienceMs);
        }
        startSessions();
        RememberedConnections remembered(*m_sessions);
        QVERIFY(remembered.restore());
        QCOMPARE(m_sessions->open().size(), 5u); // all but the one with a login
        QCOMPARE(m_sessions->current().name(), QStringLiteral("stage-1"));
        QCOMPARE(at(3).key(), std::string("gone \xff/x"));
        QCOMPARE(at(4).key(), std::string("nats://a:4222, nats://b:4222"));
        QTRY_VERIFY_WITH_TIMEOUT(at(0).report() && at(1).report(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(at(2).state() == State::None, kPatienceMs);
        QVERIFY(!at(2).lastError().isEmpty()); // keeps its place, with the reason
        for (const QString& key : QSettings().allKeys())
            QVERIFY(!QSettings()
                         .value(key)
                         .toStringList()
                         .join(QLatin1Char(' '))
                         .contains(QLatin1String("secret")));
    }

    void settingsThatSomebodyEditedAreNoObstacle()
    {
        QSettings().setValue(QStringLiteral("connections/open"),
                             QStringList{QStringLiteral("nonsense"), QStringLiteral("context "), QString(),
                                         QStringLiteral("context prod-eu")});
        m_fakes->connections.addServer("prod-eu", reportWith(1));
        RememberedConnections remembered(*m_sessions);
        QVERIFY(remembered.restore());
        QCOMPARE(names(), QStringList{QStringLiteral("prod-eu")});
    }

    void noticesAndEventsBelongToTheirConnection()
    {
        auto notifier = std::make_shared<FakeNotifier>();
        EventFeeds feeds(*m_sessions, notifier);
        m_eu = m_fakes->connections.addServer("prod-eu", verdictReport(0, {}));
        m_stage = m_fakes->connections.addServer("stage-1", verdictReport(0, {}));
        LiveSession& eu = open("prod-eu");
        LiveSession& stage = open("stage-1");
        QTRY_VERIFY_WITH_TIMEOUT(eu.report() && stage.report(), kPatienceMs);
        const std::pair<const char*, const char*> well{"keeping-up", "none"};
        const auto report = [&](FakeServerLink& link, int second, const char* verdict, const char* cause) {
            QSignalSpy came(&eu, &LiveSession::reportChanged);
            link.monitor().setReport(verdictReport(second, {{verdict, cause}, well, well}));
            QTRY_VERIFY_WITH_TIMEOUT(!came.isEmpty(), kPatienceMs);
        };
        report(*m_eu, 1, "keeping-up", "none");
        report(*m_eu, 60, "stopped", "no-pulls"); // not the one in front
        QTRY_COMPARE_WITH_TIMEOUT(notifier->told.size(), 1u, kPatienceMs);
        QCOMPARE(notifier->told.front().title, std::string("prod-eu · production: hive-queries: no pulls"));
        QVERIFY(feeds.of(stage).log().events().empty());
        QCOMPARE(feeds.of(eu).unseen(), 1);
        const LiveSession* wanted = nullptr;
        connect(&feeds, &EventFeeds::showWanted, this, [&](LiveSession& session) { wanted = &session; });
        notifier->press(notifier->told.front());
        QVERIFY(wanted == &eu);
    }

    void whatIsMutedHereIsNotMutedThere()
    {
        EventFeeds feeds(*m_sessions, std::make_shared<FakeNotifier>());
        openTwo();
        feeds.of(at(0)).setMuted({"S", "c"}, true);
        QVERIFY(!feeds.of(at(1)).isMuted({"S", "c"}));
        feeds.of(at(0)).setLevel(NoticeLevel::All);
        QVERIFY(feeds.of(at(1)).level() == NoticeLevel::All); // how loud it is holds for all
    }

    void pagesOfOneNeverShowRowsOfAnother()
    {
        showWindow();
        openTwo();
        QTRY_VERIFY_WITH_TIMEOUT(cellsInFront().contains(QLatin1String("counter")), kPatienceMs);
        auto* filter = m_window->currentPage()->findChild<QLineEdit*>();
        QTest::keyClicks(filter, QStringLiteral("counter"));
        for (int round = 0; round < 3; ++round) {
            QTest::keyClick(m_window.get(), Qt::Key_1, Qt::AltModifier);
            QVERIFY(&m_sessions->current() == &at(0));
            QTRY_VERIFY_WITH_TIMEOUT(cellsInFront().contains(QLatin1String("billing")), kPatienceMs);
            QVERIFY(!cellsInFront().contains(QLatin1String("counter")));
            QVERIFY(m_window->currentPage()->findChild<QLineEdit*>()->text().isEmpty());
            QTest::keyClick(m_window.get(), Qt::Key_Tab, Qt::ControlModifier);
            QVERIFY(&m_sessions->current() == &at(1));
            QVERIFY(cellsInFront().contains(QLatin1String("counter")));
            QVERIFY(!cellsInFront().contains(QLatin1String("billing")));
            QCOMPARE(m_window->currentPage()->findChild<QLineEdit*>()->text(), QStringLiteral("counter"));
        }
        QVERIFY(m_window->windowTitle().startsWith(QStringLiteral("stage-1 · staging")));
        m_window->showPage(PageId::Connections);
        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::AltModifier); // back to where somebody was
        QVERIFY(m_window->currentPage()->pageId() == PageId::Overview);
    }

    void chipsChooseAndClose()
    {
        showWindow();
        openTwo();
        QCOMPARE(chips().size(), 2);
        QCOMPARE(chips()[0]->accessibleName(), QStringLiteral("prod-eu · production"));
        QTest::mouseClick(chips()[0], Qt::LeftButton, {}, QPoint(20, 10));
        QVERIFY(&m_sessions->current() == &at(0));
        m_stage->setConnected(false);
        QTRY_VERIFY_WITH_TIMEOUT(chips()[1]->toolTip().contains(QLatin1String("connection lost")),
                                 kPatienceMs);
        QTest::mouseClick(chips()[1], Qt::MiddleButton);
        QCOMPARE(names(), QStringList{QStringLiteral("prod-eu")});
        ConnectionChip* last = chips().first();
        QTest::mouseClick(last, Qt::LeftButton, {},
                          QPoint(last->width() - 11, last->height() / 2)); // the cross
        QVERIFY(m_sessions->open().empty());
        QVERIFY(chips().isEmpty());
    }

    void manyChipsFoldAndTheCurrentOneStays()
    {
        showWindow();
        std::vector<std::string> hostile{std::string(255, 'n'), "pay\xE2\x80\xAEnimda", "\xff\xfe",
                                         "<b>&x</b>"};
        for (int number = 0; number < 8; ++number)
            hostile.push_back("staging-cluster-of-europe-" + std::to_string(number));
        for (const std::string& name : hostile) {
            m_fakes->connections.addServer(name, reportWith(1));
            open(name, Then::StayInTheBackground);
        }
        QTRY_VERIFY_WITH_TIMEOUT(at(11).report(), kPatienceMs);
        for (const QSize size : {QSize(1440, 900), QSize(1024, 700)}) {
            m_window->resize(size);
            for (const std::size_t current : {std::size_t{0}, std::size_t{11}}) {
                m_sessions->setCurrent(at(current));
                QCoreApplication::processEvents();
                QCOMPARE(m_window->size(), size);
                const QList<ConnectionChip*> shownChips = chips();
                QVERIFY(shownChips.size() >= 3 && shownChips.size() < 12);
                QVERIFY(std::any_of(shownChips.begin(), shownChips.end(), [&](const ConnectionChip* chip) {
                    return &chip->session() == &at(current);
                }));
                for (int place = 1; place < shownChips.size(); ++place) // none over another
                    QVERIFY(shownChips[place - 1]->geometry().right() < shownChips[place]->geometry().left());
                const QString more = QStringLiteral("+%1").arg(12 - shownChips.size());
                const QList<QToolButton*> buttons = m_window->findChildren<QToolButton*>();
                QVERIFY(std::any_of(buttons.begin(), buttons.end(), [&](const QToolButton* button) {
                    return button->isVisible() && button->text() == more;
                }));
            }
        }
    }

    void tilesShowAndClose()
    {
        showWindow();
        openTwo();
        m_window->showPage(PageId::Connections);
        const auto button = [this](std::size_t place, const QString& words) {
            for (ConnectionTile* tile : m_window->findChildren<ConnectionTile*>()) {
                if (&tile->session() != &at(place))
                    continue;
                for (QPushButton* one : tile->findChildren<QPushButton*>()) {
                    if (one->text() == words)
                        return one;
                }
            }
            return static_cast<QPushButton*>(nullptr);
        };
        QVERIFY(button(0, QStringLiteral("Show")) != nullptr);
        QTest::mouseClick(button(0, QStringLiteral("Show")), Qt::LeftButton);
        QVERIFY(&m_sessions->current() == &at(0));
        QVERIFY(m_window->currentPage()->pageId() == PageId::Overview);
        m_window->showPage(PageId::Connections);
        QTest::mouseClick(button(1, QStringLiteral("Close")), Qt::LeftButton);
        QCOMPARE(names(), QStringList{QStringLiteral("prod-eu")});
        QTRY_COMPARE_WITH_TIMEOUT(m_window->findChildren<ConnectionTile*>().size(), 1, kPatienceMs);
    }

    void aDemoStandsBesideAndOneIsEnough()
    {
        m_fakes->connections.addServer(FakeDemoService::kUrl, reportWith(1));
        showWindow();
        openTwo();
        m_window->follow({.page = PageId::Overview, .startDemo = true});
        m_window->follow({.page = PageId::Overview, .startDemo = true});
        QCOMPARE(m_sessions->open().size(), 3u);
        QTRY_VERIFY_WITH_TIMEOUT(at(2).report(), kPatienceMs);
        QVERIFY(m_sessions->current().isDemo());
        QCOMPARE(m_fakes->demos.started(), 1u);
    }

    // Two real servers with a stream of the same name: other rows, other history; one is killed.
    void twoRealServers()
    {
        Broker first;
        Broker second;
        std::uint64_t count = 10;
        for (Broker* broker : {&first, &second}) {
            TestClient client = broker->client();
            client.createStream(R"({"name":"S","subjects":["s"],"storage":"file"})");
            client.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit"})");
            client.publishMany("s", "payload", count);
            count += 15;
        }
        Runtime runtime;
        {
            LiveSessions sessions(runtime.services());
            LiveSession& one = sessions.open({.context = {}, .server = first.url()});
            LiveSession& two = sessions.open({.context = {}, .server = second.url()});
            LiveSession& dead = sessions.open({.context = {}, .server = "nats://127.0.0.1:1"});
            const auto lagOf = [](const LiveSession& session) {
                return session.report() && session.report()->collectors.size() == 1
                           ? session.report()->collectors.front().lag
                           : 0;
            };
            QTRY_VERIFY_WITH_TIMEOUT(lagOf(one) == 10 && lagOf(two) == 25, kPatienceMs);
            QVERIFY(dead.state() == State::Waiting || dead.state() == State::Connecting);
            first.kill9();
            QTRY_VERIFY_WITH_TIMEOUT(one.state() == State::Lost, kPatienceMs);
            const ServerTime before = two.report()->at;
            QTRY_VERIFY_WITH_TIMEOUT(two.report()->at > before, kPatienceMs); // goes on
            QVERIFY(two.state() == State::Connected);
            QVERIFY(two.footprint().total().requests > 0);
            QCOMPARE(two.footprint().total().consumersCreated, std::uint64_t{0});
            const auto lagInHistory = [&](const LiveSession& session) {
                auto job = runtime.services().history.series({.connection = session.historyName(),
                                                              .stream = "S",
                                                              .collector = "c",
                                                              .values = {HistoryValue::Lag},
                                                              .from = before - std::chrono::hours(1),
                                                              .to = before + std::chrono::hours(1)});
                if (!job->wait(std::chrono::seconds(30)))
                    return std::set<double>();
                std::set<double> values;
                const Result<HistorySeries> series = job->takeResult();
                for (const auto& point : series->lines.front())
                    values.insert(point.value);
                return values;
            };
            QTRY_COMPARE_WITH_TIMEOUT(lagInHistory(one), std::set<double>{10}, kPatienceMs);
            QTRY_COMPARE_WITH_TIMEOUT(lagInHistory(two), std::set<double>{25}, kPatienceMs);
            sessions.close(one); // its server is dead
            QCOMPARE(sessions.open().size(), 2u);
        }
        QThreadPool::globalInstance()->waitForDone();
    }
};

QTEST_MAIN(TestLiveSessions)
#include "tst_live_sessions.moc"
