// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void first(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer();
    Worker& worker = driver.pull({.batch = 200, .wholeBatch = true, .between = 60s});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() == 200; });
    worker.stop();
    driver.publish(200);
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.until(9);
    worker.finish(); // up to a second
    driver.nextAt(10);
    driver.nextAt(22);
    driver.pull({.batch = 50});
}

void holding(Driver& driver)
{
    driver.createStream();
    driver.prefill(50);
    driver.createConsumer(R"("ack_wait":5000000000)");
    Worker& worker = driver.pull({.batch = 50, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 50; });
    worker.stop();
    driver.begin();
}

void holdingAll(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("max_ack_pending":50,"ack_wait":8000000000)");
    driver.publish(50);
    Worker& worker = driver.pull({.batch = 25, .wholeBatch = true, .perBatch = 200ms});
    driver.begin();
    driver.until(9);
    worker.change({.batch = 50, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 50; });
    driver.next();
    worker.stop();
}

void never(Driver& driver)
{
    driver.createStream();
    driver.prefill(100);
    driver.createConsumer();
    driver.begin();
}

void onThree(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(60);
    Worker& worker = driver.pull({.batch = 10});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() > 0; });
    driver.begin();
    driver.until(7);
    worker.finish();
    driver.nextAt(8);
}

void inHand(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":8000000000)");
    driver.publish(100);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.until(9);
    worker.change({.batch = 10, .answer = keepIt});
    driver.nextAt(10);
    worker.stop();
}

void afterSilence(Driver& driver)
{
    driver.createStream();
    driver.prefill(100);
    driver.createConsumer();
    Load& load = driver.publish(0);
    Worker& worker = driver.pull({.batch = 20});
    driver.waitUntilCaughtUp();
    driver.begin();
    driver.until(7);
    worker.finish();
    driver.nextAt(9);
    load.setRate(100);
    driver.nextAt(11);
}

} // namespace

Scenarios noPulls()
{
    return {
        {"no_pulls_first",
         "200 of 500 are acked, then nobody comes.",
         15,
         {{0, {NoPulls}, 6, "the worker is gone"}},
         first},
        {"no_pulls_later",
         "A worker stops, and returns.",
         29,
         {{0, {None}, 2, "all is well"},
          {10, {NoPulls}, 6, "the worker stops"},
          {22, {CatchingUp, None}, 4, "it is back"}},
         later},
        {"no_pulls_holding",
         "50 are taken, then silence.",
         15,
         {{0, {NoPulls}, 7, "the worker hangs"}},
         holding},
        {"no_pulls_holding2",
         "A worker dies with as much in hand as the cap allows.",
         24,
         {{0, {None}, 6, "all is well"}, {9, {NoPulls}, 10, "the worker dies"}},
         holdingAll},
        {"no_pulls_never",
         "A consumer that nobody has ever read.",
         14,
         {{0, {NoPulls}, 6, "nobody comes"}},
         never},
        {"no_pulls_in_hand",
         "A worker dies with some messages in hand and ack_wait 8 s: it might be at work until then.",
         24,
         {{0, {None}, 2, "all is well"}, {10, {NoPulls, kNothing}, 10, "the worker dies"}},
         inHand},
        {"no_pulls_after_idle",
         "A collector dies while nothing comes; then the producer starts again.",
         20,
         {{0, {Idle}, 6, "everything is read"},
          {9, {NoPulls, None, Idle, kNothing}, std::nullopt, "the producer starts again"},
          {11, {NoPulls}, 5, "nobody comes for it"}},
         afterSilence},
        {"no_pulls_cluster",
         "A worker stops, on a cluster of three.",
         20,
         {{0, {None}, 4, "all is well"}, {8, {NoPulls}, 6, "the worker stops"}},
         onThree,
         3},
    };
}

} // namespace jetlag::scenario
