// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void once(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    Load& load = driver.publish(60);
    driver.pull({.batch = 50, .perMessage = 5ms});
    driver.begin();
    driver.nextAt(10);
    load.setRate(600);
    driver.nextAt(17);
    load.setRate(60);
}

void block(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    Load& load = driver.publish(40);
    driver.pull({.batch = 50, .perMessage = 4ms});
    driver.begin();
    driver.nextAt(10);
    load.burst(4'000);
}

} // namespace

Scenarios burst()
{
    return {
        {"burst_once",
         "Ten times as much for 7 s.",
         26,
         {{0, {None}, 3, "all is well"},
          {10, {Burst}, 4, "the producer bursts"},
          {17, {Burst, CatchingUp}, 2, "the burst is over, its backlog is not"}},
         once},
        {"burst_block",
         "4,000 messages at once.",
         20,
         {{0, {None}, 3, "all is well"}, {10, {Burst}, 3, "4,000 at once"}},
         block},
    };
}

} // namespace jetlag::scenario
