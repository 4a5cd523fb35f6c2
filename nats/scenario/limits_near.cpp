// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void messages(Driver& driver)
{
    driver.createStream(R"("max_msgs":600)");
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 1'000, .between = 5s, .noWait = true});
    driver.begin();
    driver.nextAt(12);
}

void age(Driver& driver)
{
    driver.createStream(R"("max_age":7000000000,"duplicate_window":7000000000)");
    driver.createConsumer();
    driver.publish(60);
    driver.pull({.batch = 1'000, .between = 5s, .noWait = true});
    driver.begin();
    driver.nextAt(12);
}

} // namespace

Scenarios limitsNear()
{
    return {
        {"near_msgs",
         "500 messages wait every 5 s, and the stream keeps 600.",
         30,
         {{0, {LimitsNear, None}, std::nullopt, "a fetch every 5 s"},
          {12, {LimitsNear}, 3, "each peak is near the limit"}},
         messages},
        {"near_age",
         "Read every 5 s, and messages live 7 s.",
         30,
         {{0, {LimitsNear, None}, std::nullopt, "a fetch every 5 s"},
          {12, {LimitsNear}, 3, "each peak is near the limit"}},
         age},
    };
}

} // namespace jetlag::scenario
