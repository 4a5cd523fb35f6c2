// SPDX-License-Identifier: Apache-2.0
//
// The parts do what a scenario says of them: rates, in hand, naks, orderly ends, skips and stops.
#include "nats/scenario/driver.h"
#include "tests/support/pulse.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>
#include <fmt/format.h>

using namespace jetlag;
using namespace jetlag::scenario;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

const Scenario kScenario{.name = "made_up", .shows = "", .length = 60, .phases = {{0, {Cause::None}, 2, ""}}};

} // namespace

class TestScenarioWorker : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::optional<EmbeddedCluster> m_servers;
    int m_number = 0;

    std::unique_ptr<Driver> driver(std::stop_token stop = {})
    {
        Result<std::unique_ptr<Driver>> made =
            Driver::create(*m_servers, kScenario, "S" + std::to_string(++m_number), std::move(stop));
        return made ? std::move(*made) : nullptr;
    }

private slots:
    void initTestCase()
    {
        m_folder = std::make_unique<TempFolder>();
        Result<EmbeddedCluster> started =
            EmbeddedCluster::start({.folder = m_folder->path() / "servers", .nodes = 1});
        QVERIFY2(started, started ? "" : started.error().message().c_str());
        m_servers = std::move(*started);
    }
    void cleanupTestCase() { m_servers.reset(); }

    void aLoadKeepsItsRateAndItsSubjects()
    {
        const Pulse pulse(m_servers->profile());
        const std::string wrong = tryUntilItCounts(
            [&] {
                const auto from = std::chrono::steady_clock::now();
                Tried tried{.wrong = wrongOfALoad(), .stall = {}};
                if (const auto stall = pulse.longestIn(from, std::chrono::steady_clock::now()))
                    tried.stall = describe(*stall);
                return tried;
            },
            [](const std::string& why) { qInfo("started over: %s", why.c_str()); });
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private:
    std::string wrongOfALoad()
    {
        const auto driver = this->driver();
        driver->createStream();
        driver->createConsumer(R"("filter_subject":"$S.a")");
        driver->begin();
        const auto began = std::chrono::steady_clock::now();
        driver->publish(200, {"a", "b", "b"});
        driver->wait(3);
        const auto stream = driver->lookAtStream();
        const auto consumer = driver->lookAtConsumer();
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        if (!stream || !consumer)
            return "no answer";
        const auto sent = static_cast<double>(stream->lastSequence.value());
        const auto matching = static_cast<double>(consumer->pending);
        const bool isRight = sent > 200 * seconds - 200 && sent < 200 * seconds + 200 &&
                             matching > sent / 3 - 100 && matching < sent / 3 + 100;
        return isRight ? "" : fmt::format("{} in {:.1f} s, {} of them for $S.a", sent, seconds, matching);
    }

private slots:

    void whatIsKeptStaysInHandUntilItIsAcked()
    {
        const auto driver = this->driver();
        driver->createStream();
        driver->prefill(50);
        driver->createConsumer(R"("max_ack_pending":20)");
        Worker& worker = driver->pull({.batch = 10, .answer = keepIt});
        driver->waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 20; });
        worker.change({.batch = 10});
        worker.ackKept();
        driver->waitUntilCaughtUp();
        QVERIFY2(driver->progress().problem.empty(), driver->progress().problem.c_str());
    }

    void aWorkerThatFinishesLeavesNothingInHand()
    {
        const auto driver = this->driver();
        driver->createStream();
        driver->createConsumer();
        driver->publish(200);
        Worker& worker = driver->pull({.batch = 20, .perMessage = 1ms});
        driver->waitUntil([](const ConsumerSnapshot& now) { return now.delivered.stream.value() > 50; });
        worker.finish();
        driver->waitUntil(
            [](const ConsumerSnapshot& now) { return now.ackPending == 0 && now.pending > 20; });
        QVERIFY2(driver->progress().problem.empty(), driver->progress().problem.c_str());
    }

    void aNakBringsTheMessageBack()
    {
        const auto driver = this->driver();
        driver->createStream();
        driver->prefill(5);
        driver->createConsumer();
        driver->pull({.batch = 5, .answer = [](const Delivery& one) {
                          return Reply{one.deliveries < 3 ? Reply::Kind::Nak : Reply::Kind::Ack};
                      }});
        driver->waitUntil([](const ConsumerSnapshot& now) {
            return now.lag() == 0 && now.delivered.consumer.value() == 15;
        });
        QVERIFY2(driver->progress().problem.empty(), driver->progress().problem.c_str());
    }

    void anEditChangesOnlyWhatItNames()
    {
        const auto driver = this->driver();
        driver->createStream();
        driver->createConsumer(R"("ack_wait":7000000000)");
        driver->editConsumer(R"("max_ack_pending":77)");
        const auto consumer = driver->lookAtConsumer();
        QVERIFY(consumer);
        QCOMPARE(consumer->maxAckPending, 77);
        QVERIFY(consumer->ackWait == 7s);
    }

    void aStepThatFailsEndsTheScenario()
    {
        const auto driver = this->driver();
        driver->createConsumer(); // of no stream
        QVERIFY(driver->isOver());
        QVERIFY(!driver->progress().problem.empty());
        const auto began = std::chrono::steady_clock::now();
        driver->begin();
        driver->wait(50);
        driver->waitUntilCaughtUp();
        QVERIFY(std::chrono::steady_clock::now() - began < 20s);
        QVERIFY(driver->progress().phases.empty());
    }

    void aStopEndsAWaitAndIsNoFailure()
    {
        std::stop_source stop;
        const auto driver = this->driver(stop.get_token());
        driver->begin();
        std::jthread later([&stop] {
            std::this_thread::sleep_for(50ms);
            stop.request_stop();
        });
        driver->wait(50);
        QVERIFY(driver->isOver());
        QVERIFY(driver->progress().problem.empty());
    }
};

QTEST_GUILESS_MAIN(TestScenarioWorker)
#include "tst_scenario_worker.moc"
