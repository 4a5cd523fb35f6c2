// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/runtime.h"
#include "tests/support/broker.h"
#include "tests/support/fake_services.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/live_session.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

using State = LiveSession::State;

constexpr auto kServer = "nats://fake:4222";
constexpr int kPatienceMs = 20'000;

} // namespace

class TestLiveSession : public QObject
{
    Q_OBJECT

private:
    OwnDataHome m_dataHome;
    std::unique_ptr<FakeServices> m_fakes;
    std::unique_ptr<LiveSession> m_session;

    void open(const char* server = kServer) { m_session->open({.context = std::nullopt, .server = server}); }
    [[nodiscard]] bool reaches(State state) const
    {
        return QTest::qWaitFor([&] { return m_session->state() == state; }, kPatienceMs);
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_fakes = std::make_unique<FakeServices>();
        m_session = std::make_unique<LiveSession>(m_fakes->services());
    }
    void cleanup()
    {
        m_session.reset();
        QThreadPool::globalInstance()->waitForDone();
        m_fakes.reset();
    }

    void nothingIsOpenUntilSomebodyAsks()
    {
        QVERIFY(m_session->state() == State::None);
        QVERIFY(!m_session->link());
        QVERIFY(!m_session->report());
        QVERIFY(!m_session->ageSeconds());
        QCOMPARE(m_session->stateSentence(), QStringLiteral("Not connected to a server."));
    }

    void aServerThatAnswersIsWatched()
    {
        const auto server = m_fakes->connections.addServer(kServer, reportWith(3));
        open();
        QVERIFY(m_session->state() == State::Connecting);
        QVERIFY(reaches(State::Connected));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        QCOMPARE(m_session->report()->collectors.size(), 3u);
        QVERIFY(*m_session->ageSeconds() < 60);
        QVERIFY(m_session->stateSentence().isEmpty());
        QCOMPARE(server->monitor().watchers(), 1u);
        const ConsumerSnapshot& first = m_session->report()->collectors.front().consumer;
        QVERIFY(m_session->history().collector({first.stream, first.name}) != nullptr);
    }

    void aDeadServerIsTriedAgainUntilItAnswers()
    {
        m_fakes->connections.addServer(kServer, reportWith(1));
        m_fakes->connections.kill(kServer);
        open();
        QVERIFY(reaches(State::Waiting));
        QVERIFY2(m_session->stateSentence().contains(QLatin1String("Trying again in")),
                 qPrintable(m_session->stateSentence()));
        QTRY_VERIFY_WITH_TIMEOUT(m_fakes->connections.opened.count() >= 2, kPatienceMs); // by itself
        m_fakes->connections.revive(kServer);
        QVERIFY(reaches(State::Waiting));
        m_session->tryNow();
        QVERIFY(reaches(State::Connected));
        QVERIFY(m_session->lastError().isEmpty());
    }

    void aRefusedLoginIsNotTriedAgain()
    {
        m_fakes->connections.deny(kServer);
        open();
        QVERIFY(reaches(State::None));
        QVERIFY(!m_session->lastError().isEmpty());
        QCOMPARE(m_session->stateSentence(), m_session->lastError());
        QCOMPARE(m_fakes->connections.opened.count(), 1u);
    }

    void aLostConnectionSaysSoAndKeepsTheLastSample()
    {
        const auto server = m_fakes->connections.addServer(kServer, reportWith(2));
        open();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        server->setConnected(false);
        QVERIFY(reaches(State::Lost));
        QVERIFY(m_session->stateSentence().contains(QLatin1String("lost at")));
        QVERIFY(m_session->stateSentence().endsWith(QLatin1String("Trying again by itself.")));
        server->setNextTry(NextTry{.number = 9, .comesAt = std::chrono::steady_clock::now()});
        QVERIFY(m_session->stateSentence().contains(QLatin1String("Trying again in ")));
        QVERIFY(m_session->stateSentence().endsWith(QLatin1String(", attempt 9.")));
        server->setNextTry(NextTry{.number = 9});
        QVERIFY(m_session->stateSentence().endsWith(QLatin1String("Trying now, attempt 9.")));
        m_session->tryNow();
        QCOMPARE(server->hurried.load(), 1);
        QCOMPARE(m_session->report()->collectors.size(), 2u);
        server->setConnected(true);
        QVERIFY(reaches(State::Connected));
        QVERIFY(m_session->stateSentence().isEmpty());
    }

    // Each report tells what was heard since the one before; a busy window gets only the newest.
    void whatWasHeardWhileTheWindowWasBusyIsKept()
    {
        const auto server = m_fakes->connections.addServer(kServer, reportWith(1));
        open();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        QSignalSpy reports(m_session.get(), &LiveSession::reportChanged);
        ClusterReport next = *m_session->report();
        for (const std::uint64_t sequence : {7, 8, 9}) {
            next = later(std::move(next), std::chrono::seconds(1));
            next.advisories = {
                {.kind = "max-deliveries", .stream = "S", .consumer = "c", .sequence = sequence}};
            server->monitor().setReport(next);
        }
        QVERIFY(reports.wait(kPatienceMs));
        QCOMPARE(reports.size(), 1);
        QVERIFY(m_session->report()->at == next.at);
        std::vector<std::uint64_t> heard;
        for (const Advisory& one : m_session->report()->advisories)
            heard.push_back(one.sequence);
        QCOMPARE(heard, (std::vector<std::uint64_t>{7, 8, 9}));
    }

    // An echo of old rows is no news: the age goes on, the past gets no point.
    void aLookThatFailsDoesNotMakeTheSampleYoung()
    {
        const auto server = m_fakes->connections.addServer(kServer, reportWith(1));
        open();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        const ConsumerSnapshot& first = m_session->report()->collectors.front().consumer;
        const ConsumerName name{first.stream, first.name};
        const std::size_t points = m_session->history().collector(name)->size();
        QSignalSpy reports(m_session.get(), &LiveSession::reportChanged);
        const double age = *m_session->ageSeconds();
        server->monitor().failLook("the server does not answer");
        QVERIFY(reports.wait(kPatienceMs));
        QVERIFY(*m_session->ageSeconds() >= age);
        QVERIFY(m_session->report()->collectors.front().consumer.stale);
        QCOMPARE(m_session->history().collector(name)->size(), points);
    }

    void openingAnotherLeavesNothingOfTheFirst()
    {
        const auto one = m_fakes->connections.addServer(kServer, reportWith(5));
        const auto two = m_fakes->connections.addServer("nats://other:4222", reportWith(1));
        open();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        open("nats://other:4222");
        QVERIFY(!m_session->report());
        QTRY_VERIFY_WITH_TIMEOUT(m_session->report(), kPatienceMs);
        QCOMPARE(m_session->report()->collectors.size(), 1u);
        QTRY_VERIFY_WITH_TIMEOUT(one->monitor().watchers() == 0, kPatienceMs);
        one->monitor().setReport(reportWith(5)); // nobody listens
        QCoreApplication::processEvents();
        QCOMPARE(m_session->report()->collectors.size(), 1u);
    }

    void closingWhileItConnectsEndsTheTry()
    {
        m_fakes->connections.addServer(kServer, reportWith(1));
        m_fakes->connections.stall(kServer);
        open();
        QTRY_COMPARE_WITH_TIMEOUT(m_fakes->connections.opened.count(), 1u, kPatienceMs);
        m_session->close();
        QVERIFY(m_session->state() == State::None);
        QVERIFY(m_fakes->connections.opened.job(0)->isCancelled());
    }

    void showingAllAsksTheMonitorForAll()
    {
        const auto server = m_fakes->connections.addServer(kServer, reportWith(1));
        open();
        QVERIFY(reaches(State::Connected));
        m_session->setShowAll(true);
        QVERIFY(server->monitor().requests().back().all);
        QTRY_COMPARE_WITH_TIMEOUT(server->monitor().watchers(), 1u, kPatienceMs); // not two
    }

    void theDemoStartsIsWatchedAndEnds()
    {
        m_fakes->connections.addServer(FakeDemoService::kUrl, reportWith(3));
        QSignalSpy moments(m_session.get(), &LiveSession::demoMoment);
        m_session->startDemo();
        QVERIFY(m_session->state() == State::StartingDemo);
        QVERIFY(reaches(State::Connected));
        QCOMPARE(m_session->name(), QStringLiteral("demo"));
        m_fakes->demos.happens({.what = "hive-queries stopped"});
        QVERIFY(moments.wait(kPatienceMs));
        QCOMPARE(moments.front().front().toString(), QStringLiteral("hive-queries stopped"));
        m_session->close();
        QTRY_COMPARE_WITH_TIMEOUT(m_fakes->demos.alive(), 0, kPatienceMs);
    }

    void aDemoThatCannotStartSaysWhy()
    {
        m_fakes->demos.failWith(Error(ErrorCode::NotFound, "no nats-server program was found"));
        m_session->startDemo();
        QVERIFY(reaches(State::None));
        QVERIFY(m_session->stateSentence().contains(QLatin1String("no nats-server program")));
    }

    void leavingWhileTheDemoStartsEndsItToo()
    {
        m_fakes->demos.stall(true);
        m_session->startDemo();
        m_session->close();
        m_fakes->demos.stall(false);
        QTRY_COMPARE_WITH_TIMEOUT(m_fakes->demos.started(), 1u, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_fakes->demos.alive(), 0, kPatienceMs);
        QVERIFY(m_session->state() == State::None);
    }

    void whatIsWatchedIsKept()
    {
        const auto link = m_fakes->connections.addServer(kServer, reportWith(3));
        open();
        QVERIFY(reaches(State::Connected));
        QTRY_VERIFY(!m_fakes->history.recorded().empty());
        QCOMPARE(m_fakes->history.recorded().front().first, m_session->historyName());
        QCOMPARE(m_session->historyName(), link->description().name);
        link->setConnected(false);
        QVERIFY(reaches(State::Lost));
        link->setConnected(true);
        QVERIFY(reaches(State::Connected));
        const Result<std::vector<HistoryMark>> marks =
            m_fakes->history.marks({.connection = m_session->historyName()})->takeResult();
        QCOMPARE(marks->size(), std::size_t{2});
        QCOMPARE(marks->front().word, std::string("connection lost"));
        QCOMPARE(marks->back().word, std::string("connected"));
        m_session->close();
        QVERIFY(m_session->historyName().empty());
    }

    // The real thing: a server that dies under the session and comes back.
    void aRealServerThatIsKilledAndComesBack()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s"],"storage":"file"})");
        client.createConsumer("S", R"({"durable_name":"c","ack_policy":"explicit"})");
        client.publishMany("s", "payload", 25);
        Runtime runtime;
        {
            LiveSession session(runtime.services());
            session.open({.context = std::nullopt, .server = broker.url()});
            QTRY_VERIFY_WITH_TIMEOUT(session.report() && session.report()->collectors.size() == 1,
                                     kPatienceMs);
            QCOMPARE(session.report()->collectors.front().lag, 25u);
            QTRY_VERIFY_WITH_TIMEOUT(session.report()->collectors.front().timeLagSeconds &&
                                         session.report()->collectors.front().ackedPerSecond,
                                     kPatienceMs);
            broker.kill9();
            QTRY_VERIFY_WITH_TIMEOUT(session.state() == State::Lost, kPatienceMs);
            QTRY_VERIFY_WITH_TIMEOUT(session.report()->collectors.front().consumer.stale, kPatienceMs);
            QVERIFY(session.report()->collectors.front().timeLagSeconds); // the last sample stays whole
            QVERIFY(session.report()->collectors.front().ackedPerSecond);
            QTRY_VERIFY_WITH_TIMEOUT(session.stateSentence().contains(QLatin1String(", attempt ")),
                                     kPatienceMs);
            broker.restart();
            QTRY_VERIFY_WITH_TIMEOUT(session.state() == State::Connected, kPatienceMs);
            QTRY_VERIFY_WITH_TIMEOUT(!session.report()->collectors.front().consumer.stale, kPatienceMs);
            QCOMPARE(session.report()->collectors.front().lag, 25u);
            // The break makes no spike.
            for (const CollectorSample& sample : *session.history().collector({"S", "c"}))
                QVERIFY(sample.delivered.value_or(0) < 1 && sample.in.value_or(0) < 1);
        }
        QThreadPool::globalInstance()->waitForDone();
    }
};

QTEST_MAIN(TestLiveSession)
#include "tst_live_session.moc"
