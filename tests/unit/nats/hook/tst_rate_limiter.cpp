// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/rate_limiter.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

class TestRateLimiter : public QObject
{
    Q_OBJECT
private slots:
    void noLimit();
    void staysBelowTheRate_data();
    void staysBelowTheRate();
    void aPauseIsNotCaughtUp();
    void tellsHowLongToWait();

private:
    const RateLimiter::TimePoint m_start{1000s};
};

void TestRateLimiter::noLimit()
{
    RateLimiter limiter(0, m_start);
    QVERIFY(limiter.available(m_start) > 1'000'000'000);
    limiter.take(1'000'000);
    QVERIFY(limiter.available(m_start) > 1'000'000'000);
    QCOMPARE(limiter.untilNext(m_start).count(), 0);
}

void TestRateLimiter::staysBelowTheRate_data()
{
    QTest::addColumn<double>("rate");
    QTest::newRow("one in four seconds") << 0.25;
    QTest::newRow("one a second") << 1.0;
    QTest::newRow("a hundred a second") << 100.0;
    QTest::newRow("fifty thousand a second") << 50'000.0;
}

void TestRateLimiter::staysBelowTheRate()
{
    QFETCH(double, rate);
    RateLimiter limiter(rate, m_start);
    std::uint64_t sent = 0;
    const auto step = 7ms;
    const auto end = m_start + 60s;
    std::uint64_t largestStep = 0;
    for (auto now = m_start; now <= end; now += step) {
        const std::uint64_t now_ = limiter.available(now);
        limiter.take(now_);
        sent += now_;
        largestStep = std::max(largestStep, now_);
    }
    const double expected = rate * 60;
    QVERIFY2(static_cast<double>(sent) <= expected + 1 &&
                 static_cast<double>(sent) >= expected - rate * 0.05 - 1,
             qPrintable(QString::number(sent)));
    QVERIFY(static_cast<double>(largestStep) <= std::max(1.0, rate * 0.05));
}

void TestRateLimiter::aPauseIsNotCaughtUp()
{
    RateLimiter limiter(1000, m_start);
    limiter.take(limiter.available(m_start));
    QCOMPARE(limiter.available(m_start + 1h), std::uint64_t(50));
}

void TestRateLimiter::tellsHowLongToWait()
{
    RateLimiter limiter(10, m_start);
    QCOMPARE(limiter.available(m_start), std::uint64_t(1));
    limiter.take(1);
    QCOMPARE(limiter.available(m_start), std::uint64_t(0));
    QCOMPARE(limiter.untilNext(m_start), std::chrono::nanoseconds(100ms));
    QCOMPARE(limiter.untilNext(m_start + 60ms), std::chrono::nanoseconds(40ms));
    QCOMPARE(limiter.available(m_start + 100ms), std::uint64_t(1));
}

QTEST_GUILESS_MAIN(TestRateLimiter)
#include "tst_rate_limiter.moc"
