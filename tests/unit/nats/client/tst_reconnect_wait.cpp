// SPDX-License-Identifier: Apache-2.0
#include "nats/client/reconnect_wait.h"

#include <QTest>

#include <thread>

using namespace jetlag;
using namespace std::chrono_literals;

class TestReconnectWait : public QObject
{
    Q_OBJECT

private:
    /// How long somebody waits for the try of that number, who is not left waiting.
    static std::chrono::nanoseconds waitBefore(ReconnectWait& wait, unsigned number)
    {
        const auto began = std::chrono::steady_clock::now();
        std::jthread waiting([&] { wait.waitFor(number); });
        std::optional<NextTry> next;
        do { // hurried before it waits, it would not hear of it
            next = wait.next();
        } while (!next || next->number != number || !next->comesAt);
        wait.hurry();
        return *next->comesAt - began;
    }

private slots:
    void waitsGrowUpToTheLongest()
    {
        ReconnectWait wait(5s);
        QVERIFY(!wait.next());
        QVERIFY(waitBefore(wait, 5) >= 500ms);
        QVERIFY(wait.next() && wait.next()->number == 5 && !wait.next()->comesAt); // it is under way
        QVERIFY(waitBefore(wait, 7) >= 2s);
        for (const unsigned number : {9u, 100u, 4'000'000'000u})
            QVERIFY(waitBefore(wait, number) >= 5s);
        wait.connected();
        QVERIFY(!wait.next());
    }

    void afterTheEndNobodyWaits()
    {
        ReconnectWait wait(24h);
        std::jthread waiting([&] { wait.waitFor(14); });
        wait.stop();
        waiting.join();
        wait.waitFor(14);
    }
};

QTEST_GUILESS_MAIN(TestReconnectWait)
#include "tst_reconnect_wait.moc"
