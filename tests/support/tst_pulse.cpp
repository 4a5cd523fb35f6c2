// SPDX-License-Identifier: Apache-2.0
#include "tests/support/broker.h"
#include "tests/support/pulse.h"

#include <QTest>

#include <csignal>

using namespace jetlag::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

class TestPulse : public QObject
{
    Q_OBJECT

private slots:
    void aServerThatStandsStillIsNoticedWhileAndAfterwards()
    {
        const auto before = steady_clock::now();
        Broker broker;
        const Pulse pulse(broker.profile());
        const auto stopped = steady_clock::now();
        QVERIFY(::kill(broker.server().pid(), SIGSTOP) == 0);
        const bool noticed = waitUntil([&] {
            const auto stall = pulse.longestIn(stopped, steady_clock::now());
            return stall && stall->who == "the server";
        });
        QVERIFY(::kill(broker.server().pid(), SIGCONT) == 0);
        QVERIFY(noticed);
        const auto stall = pulse.longestIn(stopped, steady_clock::now());
        QVERIFY(stall && stall->length >= Pulse::kBearable);
        QVERIFY(describe(*stall).starts_with("the server stood still for "));
        QVERIFY(!pulse.longestIn(before - 1h, before)); // another time
    }

    void ofTheMachineOnlyItAsksNobody()
    {
        const Pulse pulse;
        const auto now = steady_clock::now();
        QVERIFY(!pulse.longestIn(now - 1h, now - 30min));
    }
};

QTEST_GUILESS_MAIN(TestPulse)
#include "tst_pulse.moc"
