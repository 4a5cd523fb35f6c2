// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void behind(Driver& driver)
{
    driver.createStream();
    driver.prefill(100'000);
    driver.createConsumer();
    driver.publish(50);
    driver.pull({.batch = 100, .perMessage = 1'250us});
    driver.begin();
}

void inBatches(Driver& driver)
{
    driver.createStream();
    driver.prefill(30'000);
    driver.createConsumer();
    driver.publish(30);
    driver.pull({.batch = 500, .wholeBatch = true, .between = 4s});
    driver.begin();
}

void drained(Driver& driver)
{
    driver.createStream();
    driver.prefill(4'000);
    driver.createConsumer();
    driver.publish(50);
    driver.pull({.batch = 50, .perMessage = 2'500us});
    driver.begin();
    driver.nextAt(8);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.pending < 50; });
    driver.wait(1);
    driver.next();
    driver.wait(9);
}

} // namespace

Scenarios catchingUp()
{
    return {
        {"catching_first",
         "100,000 behind, 800/s against 50/s.",
         15,
         {{0, {CatchingUp}, 6, "a long way to go"}},
         behind},
        {"catching_batch",
         "30,000 behind, 500 per 4 s against 30/s.",
         30,
         {{0, {CatchingUp}, 14, "a long way to go"}},
         inBatches},
        {"catching_done",
         "4,000 behind until all is read.",
         22,
         {{0, {CatchingUp}, 6, "a backlog"},
          {8, {CatchingUp, None}, std::nullopt, "nearly there"},
          {13, {None}, 4, "all is read"}},
         drained},
    };
}

} // namespace jetlag::scenario
