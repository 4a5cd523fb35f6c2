// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void first(Driver& driver)
{
    driver.createStream();
    driver.prefill(2'000);
    driver.createConsumer(R"("max_ack_pending":200,"max_waiting":32)");
    driver.publish(50);
    driver.flood(200);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 200 && now.waiting == 32; });
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    // What the runaway client took stays with it.
    driver.createConsumer(R"("ack_wait":3600000000000,"max_ack_pending":500,"max_waiting":32)");
    driver.publish(100);
    driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    driver.flood(200);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 500; });
    driver.next();
}

} // namespace

Scenarios pullFlood()
{
    return {
        {"flood_first",
         "A client pulls 200 times a second and acks nothing.",
         14,
         {{0, {PullFlood}, 4, "the queue of pulls is full"}},
         first},
        {"flood_later",
         "The same client joins a healthy one.",
         28,
         {{0, {None}, 2, "all is well"},
          {8, {PullFlood, None}, std::nullopt, "a runaway client joins"},
          {16, {PullFlood}, 6, "the cap is full"}},
         later},
    };
}

} // namespace jetlag::scenario
