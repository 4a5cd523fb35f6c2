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
    driver.createConsumer(R"("deliver_subject":"deliver.$S")");
    driver.publish(100);
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("deliver_subject":"deliver.$S")");
    Worker& subscriber = driver.subscribe({});
    driver.publish(100);
    driver.begin();
    driver.nextAt(8);
    subscriber.stop();
    driver.nextAt(16);
    driver.subscribe({});
}

} // namespace

Scenarios noInterest()
{
    return {
        {"no_interest_first",
         "A push consumer whose subscriber never came.",
         11,
         {{0, {NoInterest}, 2, "nobody listens"}},
         first},
        {"no_interest_later",
         "The subscriber leaves, and returns.",
         23,
         {{0, {None}, 2, "all is well"},
          {8, {NoInterest}, 2, "the subscriber leaves"},
          {16, {None, CatchingUp}, 4, "it is back"}},
         later},
    };
}

} // namespace jetlag::scenario
