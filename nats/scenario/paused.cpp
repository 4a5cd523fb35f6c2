// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

// Far enough: nobody waits for it.
constexpr std::string_view kForYears = R"("pause_until":"2136-01-01T00:00:00Z")";
constexpr std::string_view kCannot = "this server cannot pause a consumer";

void full(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(kForYears);
    if (const auto consumer = driver.lookAtConsumer(); consumer && !consumer->paused)
        return driver.skip(std::string(kCannot));
    driver.prefill(100);
    driver.publish(50);
    driver.pull({.batch = 10});
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(50);
    driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    if (!driver.tryOnConsumer("CONSUMER.PAUSE", '{' + std::string(kForYears) + '}'))
        return driver.skip(std::string(kCannot));
    driver.nextAt(16);
    (void)driver.tryOnConsumer("CONSUMER.PAUSE", "{}");
}

} // namespace

Scenarios paused()
{
    return {
        {"paused_full", "Created paused.", 12, {{0, {Paused}, 1, "it is paused"}}, full},
        {"paused_later",
         "Paused, then resumed.",
         23,
         {{0, {None}, 2, "all is well"},
          {8, {Paused}, 1, "somebody pauses it"},
          {16, {None, CatchingUp}, 3, "it is resumed"}},
         later},
    };
}

} // namespace jetlag::scenario
