// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

constexpr double kNamed = 2; // seconds: three samples

Worker& keepsUp(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    return driver.pull({.batch = 10});
}

void restart(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.nextAt(8);
    driver.stop(0);
    driver.restart(0);
    driver.wait(2);
    driver.next();
}

void kill9(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.nextAt(8);
    driver.kill(0);
    driver.restart(0);
    driver.wait(3);
    driver.next();
}

void purge(Driver& driver)
{
    driver.createStream();
    driver.prefill(300);
    driver.createConsumer();
    driver.publish(20);
    driver.pull({.batch = 20});
    driver.waitUntilCaughtUp();
    driver.begin();
    driver.until(8);
    driver.purge();
}

void awayFor3(Driver& driver)
{
    Worker& worker = keepsUp(driver);
    driver.begin();
    driver.until(10);
    worker.stop();
    driver.until(13);
    driver.pull({.batch = 10});
}

void edit(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.until(8);
    driver.editStream(R"("subjects":["$S.>","extra.$S"])");
    driver.editConsumer(R"("max_ack_pending":500,"ack_wait":20000000000)");
}

void resetBefore(Driver& driver)
{
    keepsUp(driver);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() >= 300; });
    if (!driver.tryOnConsumer("CONSUMER.RESET", R"({"seq":100})"))
        return driver.skip("this server's consumers cannot be reset");
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.pending == 0; });
    driver.begin();
}

void stepDown(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(60);
    driver.pull({.batch = 10});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.delivered.consumer.value() > 0; });
    driver.begin();
    driver.nextAt(8);
    driver.stepDown("STREAM");
    driver.until(13);
    driver.stepDown("CONSUMER");
    driver.nextAt(14.5);
}

void serverGone(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.nextAt(8);
    driver.stop(0);
}

void consumerGone(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.nextAt(8);
    driver.deleteConsumer();
}

} // namespace

Scenarios healthyEvents()
{
    const std::vector<Phase> well{{0, {None}, kNamed, "all is well"}};
    return {
        {"ok_restart",
         "The server is restarted in good order.",
         20,
         {{0, {None}, kNamed, "all is well"},
          {8, {None, kNothing}, std::nullopt, "the server is restarted"},
          {12, {None, CatchingUp}, 4, "it is back"}},
         restart,
         1,
         true},
        {"ok_kill9",
         "The server is killed and started again.",
         20,
         {{0, {None}, kNamed, "all is well"},
          {8, {None, kNothing}, std::nullopt, "the server is killed"},
          {12, {None, CatchingUp}, 4, "it is back"}},
         kill9,
         1,
         true},
        {"ok_purge", "A purge of messages that were all read.", 15, well, purge},
        {"ok_short_restart", "The collector is away for 3 s.", 22, well, awayFor3},
        {"ok_edit", "Stream and consumer are edited.", 16, well, edit},
        {"ok_was_reset2", "The consumer was reset before anybody looked.", 15, well, resetBefore},
        {"gone_server",
         "The only server is stopped: nobody answers, and no cause is known.",
         16,
         {{0, {None}, 2, "all is well"}, {8, {kNothing}, 2, "the server is stopped"}},
         serverGone,
         1,
         true},
        {"gone_consumer",
         "The consumer is deleted for good.",
         16,
         {{0, {None}, 2, "all is well"}, {8, {kNothing}, 2, "the consumer is deleted"}},
         consumerGone},
        {"ok_stepdown",
         "The leaders of stream and consumer step down.",
         24,
         {{0, {None}, 4, "all is well"},
          {8, {None, Cluster, kNothing}, std::nullopt, "the leaders step down, one after the other"},
          {14.5, {None, CatchingUp}, 5, "new leaders"}},
         stepDown,
         3},
    };
}

} // namespace jetlag::scenario
