// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void first(Driver& driver)
{
    driver.createStream();
    driver.prefill(900);
    driver.createConsumer();
    driver.publish(300);
    driver.pull({.batch = 10, .perMessage = 16'667us});
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    worker.change({.batch = 10, .perMessage = 20ms});
}

void inBatches(Driver& driver)
{
    driver.createStream();
    driver.prefill(300);
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 200, .wholeBatch = true, .between = 4s});
    driver.begin();
}

void atCap(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer(R"("max_ack_pending":10)");
    driver.publish(100);
    driver.pull({.batch = 10, .perMessage = 25ms});
    driver.begin();
}

void filtered(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer(R"("filter_subject":"$S.a")");
    driver.publish(300, {"a", "b", "b"});
    driver.pull({.batch = 10, .perMessage = 25ms});
    driver.begin();
}

void push(Driver& driver)
{
    driver.createStream();
    driver.prefill(600);
    driver.createConsumer(R"("deliver_subject":"deliver.$S","max_ack_pending":200)");
    driver.publish(100);
    driver.subscribe({.perMessage = 20ms});
    driver.begin();
}

void clears(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 10, .perMessage = 20ms});
    driver.begin();
    driver.nextAt(14);
    driver.pull({.batch = 10, .perMessage = 20ms}, 16);
}

} // namespace

Scenarios slow()
{
    return {
        {"slow_first",
         "300/s come in, one worker does 60/s.",
         15,
         {{0, {Slow}, 4, "too few workers"}},
         first},
        {"slow_later",
         "A healthy worker slows down to half of what comes in.",
         24,
         {{0, {None}, 2, "all is well"}, {8, {Slow}, 9, "the worker slows down"}},
         later},
        {"slow_batch",
         "One fetch of 200 per 4 s against 100/s.",
         30,
         {{0, {Slow}, 14, "too few fetches"}},
         inBatches},
        {"slow_capped",
         "A cap of 10 that is always full, acks flow, 40/s against 100/s.",
         15,
         {{0, {Slow}, 4, "too few in hand at a time"}},
         atCap},
        {"slow_filtered", "Too slow under a filter.", 15, {{0, {Slow}, 4, "too few workers"}}, filtered},
        {"slow_push",
         "A push subscriber that is too slow.",
         16,
         {{0, {Slow}, 7, "it works too slowly"}},
         push},
        {"slow_clears",
         "Too slow, then more workers come.",
         24,
         {{0, {Slow}, 4, "too few workers"}, {14, {None, CatchingUp}, 6, "more workers"}},
         clears},
    };
}

} // namespace jetlag::scenario
