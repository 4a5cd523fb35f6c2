// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void one(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":1000000000,"max_deliver":3)");
    driver.publish(50);
    driver.pull({.batch = 10, .answer = [](const Delivery& delivery) {
                     constexpr std::uint64_t kBad = 200; // calm enough before to be seen
                     return Reply{delivery.sequence == kBad ? Reply::Kind::Keep : Reply::Kind::Ack};
                 }});
    driver.begin();
    driver.nextAt(8); // 4 s of calm, 3 attempts of 1 s each
}

void all(Driver& driver)
{
    driver.createStream(R"("retention":"workqueue")");
    driver.prefill(5);
    driver.createConsumer(R"("ack_wait":500000000,"max_deliver":1)");
    driver.pull({.batch = 5, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.delivered.stream.value() == 5; });
    driver.wait(2);
    driver.begin();
}

/// Lowered below what was tried already: no advisory is sent.
void lowered(Driver& driver)
{
    // A limits stream would not do: 2.10 moves the floor over them as if they were acked.
    driver.createStream(R"("retention":"workqueue")");
    driver.prefill(5);
    driver.createConsumer(R"("ack_wait":500000000)");
    driver.pull({.batch = 5, .answer = keepIt});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.delivered.consumer.value() >= 15; });
    driver.editConsumer(R"("max_deliver":2)");
    driver.wait(2);
    driver.begin();
}

} // namespace

Scenarios deadLetters()
{
    return {
        {"dead_one",
         "One bad message among 50/s runs out of its three deliveries.",
         19,
         {{0, {None, DeadLetters}, 2, "all is well, then a bad message is tried three times"},
          {8, {DeadLetters}, 3, "it is out of deliveries"}},
         one},
        {"dead_all",
         "Taken once, never acked, and only one delivery each; seen afterwards.",
         12,
         {{0, {DeadLetters, Stranded}, 3, "nothing moves, and messages are left"}},
         all},
        {"dead_lowered",
         "Messages were tried three times when max_deliver is lowered to two; seen afterwards.",
         18,
         {{0, {DeadLetters, Stranded}, 12, "no advisory tells, and messages are left"}},
         lowered},
    };
}

} // namespace jetlag::scenario
