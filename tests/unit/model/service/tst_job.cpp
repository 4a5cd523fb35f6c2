// SPDX-License-Identifier: Apache-2.0
#include "model/service/job_runner.h"

#include <QTest>

#include <atomic>
#include <latch>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 30s;

// Works until cancelled, then gives what it has.
Result<int> untilCancelled(Job<int>& job)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, job.stopToken(), [] { return false; });
    return 7;
}

} // namespace

class TestJob : public QObject
{
    Q_OBJECT

private slots:
    void aValueComesBack()
    {
        JobRunner runner;
        const JobPtr<int> job = runner.start<int>([](Job<int>& self) -> Result<int> {
            self.setProgress({.done = 1, .total = 2, .unit = "steps", .words = "half"});
            return 42;
        });
        QVERIFY(job->wait(kPatience));
        QCOMPARE(job->progress().done, 1u);
        QCOMPARE(job->takeResult().value(), 42);
        QVERIFY2(!job->takeResult(), "a result is taken once");
    }

    void cancellingKeepsThePartialResult()
    {
        JobRunner runner;
        const JobPtr<int> job = runner.start<int>(untilCancelled);
        QVERIFY(!job->isFinished());
        job->cancel();
        QVERIFY(job->wait(kPatience));
        QCOMPARE(job->takeResult().value(), 7);
    }

    void anExceptionBecomesAnError()
    {
        JobRunner runner;
        const JobPtr<int> job =
            runner.start<int>([](Job<int>&) -> Result<int> { throw std::runtime_error("library"); });
        QVERIFY(job->wait(kPatience));
        const Result<int> result = job->takeResult();
        QVERIFY(!result);
        QCOMPARE(result.error().message(), std::string("library"));
    }

    void finishIsTold()
    {
        JobRunner runner;
        std::atomic<int> calls = 0;
        std::latch mayEnd(1);
        const JobPtr<int> job = runner.start<int>([&mayEnd](Job<int>&) -> Result<int> {
            mayEnd.wait();
            return 1;
        });
        job->onFinished([&calls] { ++calls; });
        QCOMPARE(calls.load(), 0);
        mayEnd.count_down();
        QTRY_COMPARE_WITH_TIMEOUT(calls.load(), 1, 30'000);
        job->onFinished([&calls] { ++calls; });
        QCOMPARE(calls.load(), 2);
    }

    void theRunnerEndsWhatStillRuns()
    {
        JobPtr<int> job;
        {
            JobRunner runner;
            job = runner.start<int>(untilCancelled);
        }
        QVERIFY(job->isFinished());
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "tst_job.moc"
