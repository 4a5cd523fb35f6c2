// SPDX-License-Identifier: Apache-2.0
//
// Runway and ETA at constant rates, against what must come.

#include "model/lag/outlook.h"
#include "model/lag/sequence_clock.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

/// A stream that gets `in` a second and a collector that takes `out`, seen once a second.
struct Flow
{
    double in = 100;
    double out = 60;
    double last = 10'000;
    double position = 9'000;
    StreamSnapshot limits;
    double at = 0;
    Outlook outlook;

    void pass(int seconds)
    {
        for (int second = 0; second < seconds; ++second) {
            at += 1;
            last += in;
            position = std::min(last, position + out);
            outlook.add(at, stream(), consumer(), in > 0 ? (last - position) / in : 0);
        }
    }
    [[nodiscard]] StreamSnapshot stream() const
    {
        StreamSnapshot now = limits;
        now.lastSequence = StreamSequence(static_cast<std::uint64_t>(last));
        now.firstSequence = StreamSequence(1);
        now.messages = static_cast<std::uint64_t>(last);
        now.bytes = 100 * now.messages;
        now.discard = now.discard.empty() ? "old" : now.discard;
        return now;
    }
    [[nodiscard]] ConsumerSnapshot consumer() const
    {
        ConsumerSnapshot now;
        now.delivered.stream = StreamSequence(static_cast<std::uint64_t>(position));
        now.pending = static_cast<std::uint64_t>(last - position);
        return now;
    }
    [[nodiscard]] std::optional<double> runway() const { return outlook.runwaySeconds(stream()); }
    [[nodiscard]] double behind() const { return last - position; }
};

bool isAbout(std::optional<double> value, double truth)
{
    return value && std::abs(*value - truth) <= 0.1 * truth;
}

} // namespace

class TestOutlook : public QObject
{
    Q_OBJECT

private slots:
    void aLagThatFallsHasAnEtaAndOneThatGrowsNone()
    {
        Flow falling{.in = 100, .out = 300, .last = 100'000, .position = 50'000};
        falling.pass(6);
        QVERIFY(isAbout(falling.outlook.etaSeconds(), falling.behind() / 200));
        Flow growing;
        growing.pass(6);
        QVERIFY(!growing.outlook.etaSeconds());
        Flow done{.position = 10'000};
        done.out = 1'000;
        done.pass(6);
        QCOMPARE(done.outlook.etaSeconds().value(), 0.0);
    }

    void limitsAreReachedWhenTheyAre()
    {
        Flow messages;
        messages.limits.maxMessages = 30'000; // 40 a second come nearer
        messages.pass(8);
        QVERIFY(isAbout(messages.runway(), (30'000 - messages.behind()) / 40));
        Flow bytes;
        bytes.limits.maxBytes = 3'000'000; // of 100 bytes each
        bytes.pass(8);
        QVERIFY(isAbout(bytes.runway(), (30'000 - bytes.behind()) / 40));
        Flow age;
        age.limits.maxAge = 120s; // the age grows by 0.4 s a second
        age.pass(8);
        QVERIFY(isAbout(age.runway(), (120 - age.behind() / 100) / 0.4));
        age.limits.maxMessages = 1'000'000; // the nearer one counts
        age.pass(1);
        QVERIFY(isAbout(age.runway(), (120 - age.behind() / 100) / 0.4));
        Flow stopped{.out = 0};
        stopped.limits.maxAge = 120s;
        stopped.pass(8);
        QVERIFY(isAbout(stopped.runway(), 120 - stopped.behind() / 100));
    }

    void whoGainsOrRefusesHasNoRunway()
    {
        Flow gains{.in = 100, .out = 300, .last = 100'000, .position = 50'000};
        gains.limits.maxMessages = 200'000;
        gains.limits.maxAge = 3'600s;
        gains.pass(8);
        QVERIFY(!gains.runway());
        Flow refuses;
        refuses.limits.maxMessages = 30'000;
        refuses.limits.discard = "new"; // deletes nothing
        refuses.pass(8);
        QVERIFY(!refuses.runway());
        Flow early;
        early.limits.maxMessages = 30'000;
        early.pass(2); // two samples prove no slope
        QVERIFY(!early.runway() && !early.outlook.etaSeconds());
        early.pass(6);
        QVERIFY(early.runway());
        early.outlook.restart();
        QVERIFY(!early.runway());
    }

    void betweenTwoKnownTimesLiesTheThird()
    {
        SequenceClock clock;
        QVERIFY(!clock.timeOf(StreamSequence(5)));
        clock.note(StreamSequence(10), ServerTime(100s));
        clock.note(StreamSequence(20), ServerTime(110s));
        QVERIFY(clock.timeOf(StreamSequence(15))->time == ServerTime(105s));
        QVERIFY(clock.timeOf(StreamSequence(15))->within == 5s);
        QVERIFY(clock.timeOf(StreamSequence(20))->within == 0s);
        QVERIFY(!clock.timeOf(StreamSequence(9)) && !clock.timeOf(StreamSequence(21)));
        // The stream was made anew: what was known is of another one.
        clock.note(StreamSequence(15), ServerTime(500s));
        QVERIFY(!clock.timeOf(StreamSequence(12)));
        // Bounded, and the newest stay exact.
        SequenceClock many;
        for (std::uint64_t second = 1; second <= 100'000; ++second)
            many.note(StreamSequence(second * 10), ServerTime(std::chrono::seconds(second)));
        QVERIFY(many.timeOf(StreamSequence(999'995))->within == 500ms);
        QVERIFY(many.timeOf(StreamSequence(15)));
    }
};

QTEST_GUILESS_MAIN(TestOutlook)
#include "tst_outlook.moc"
