// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void first(Driver& driver)
{
    driver.createStream();
    driver.prefill(3'000);
    driver.createConsumer(R"("max_ack_pending":100)");
    driver.publish(200);
    driver.pull({.batch = 10, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 100; });
    driver.begin();
}

void later(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("max_ack_pending":200)");
    driver.publish(100);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.until(8);
    worker.change({.batch = 10, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 200; });
    driver.next();
    driver.wait(12);
    driver.next();
    worker.change({.batch = 10});
    worker.ackKept();
}

void push(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("deliver_subject":"deliver.$S","max_ack_pending":100)");
    driver.subscribe({.answer = keepIt});
    driver.prefill(200);
    driver.publish(100);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending == 100; });
    driver.begin();
}

} // namespace

Scenarios capped()
{
    return {
        {"capped_first",
         "100 are in hand and none is acked; workers go on pulling.",
         14,
         {{0, {Capped}, 4, "the cap is full"}},
         first},
        {"capped_later",
         "Workers stop acking, and start again.",
         34,
         {{0, {None}, 2, "all is well"},
          {10, {Capped}, 5, "the cap is full: nobody acks"},
          {22, {CatchingUp, None}, 5, "acks flow again"}},
         later},
        {"capped_push", "A push subscriber never acks.", 14, {{0, {Capped}, 4, "the cap is full"}}, push},
    };
}

} // namespace jetlag::scenario
