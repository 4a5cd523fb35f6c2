// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

/// Some of each batch is acked in time: it lasts a quarter of an hour.
constexpr std::uint64_t kBacklog = 20'000;

void prefetch(Driver& driver)
{
    driver.createStream();
    driver.prefill(kBacklog);
    driver.createConsumer(R"("ack_wait":1000000000)");
    driver.publish(10);
    driver.pull({.batch = 100, .perMessage = 40ms, .ahead = true});
    driver.begin();
}

/// 70 to 150 ms, the same for the same message.
std::chrono::microseconds someTime(const Delivery& one)
{
    return std::chrono::milliseconds(70 + one.sequence * 37 % 81);
}

void pool(Driver& driver)
{
    driver.createStream();
    driver.prefill(kBacklog);
    driver.createConsumer(R"("ack_wait":1000000000)");
    driver.publish(20);
    driver.pull({.batch = 20, .time = someTime, .stagger = 430ms}, 5);
    driver.begin();
}

void filtered(Driver& driver)
{
    driver.createStream();
    driver.prefill(kBacklog);
    driver.createConsumer(R"("ack_wait":1000000000,"filter_subject":"$S.a")");
    driver.publish(60, {"a", "b", "b"});
    driver.pull({.batch = 20, .time = someTime, .stagger = 430ms}, 5);
    driver.begin();
}

void longJobs(Driver& driver)
{
    driver.createStream();
    driver.prefill(kBacklog);
    driver.createConsumer(R"("ack_wait":1000000000)");
    // Apart, else it is chance whether one asks before another's late ack.
    driver.pull({.batch = 1, .perMessage = 2'500ms, .stagger = 400ms}, 5);
    driver.begin();
}

void veryLongJobs(Driver& driver)
{
    driver.createStream();
    driver.prefill(kBacklog);
    driver.createConsumer(R"("ack_wait":1000000000)");
    driver.pull({.batch = 1, .perMessage = 5s, .stagger = 1'100ms}, 5);
    driver.begin();
    driver.nextAt(6);
}

} // namespace

Scenarios ackWait()
{
    return {
        {"ackwait_prefetch",
         "100 prefetched, 40 ms each, ack_wait 1 s.",
         20,
         {{0, {AckWait}, 8, "most of each batch waits too long"}},
         prefetch},
        {"ackwait_pool",
         "Five workers fetch 20, 70 to 150 ms each, ack_wait 1 s.",
         18,
         {{0, {AckWait}, 6, "the rest of each batch waits too long"}},
         pool},
        {"ackwait_filtered",
         "The same under a filter.",
         18,
         {{0, {AckWait}, 6, "the rest of each batch waits too long"}},
         filtered},
        {"ackwait_long",
         "Jobs of 5 s with ack_wait 1 s, five at a time.",
         32,
         {{0, {RedeliveryLoop, AckWait, kNothing}, std::nullopt, "nothing is done yet"},
          {6, {AckWait}, 8, "every job takes five times as long as ack_wait"}},
         veryLongJobs},
        {"ackwait_short",
         "Jobs of 2.5 s with ack_wait 1 s.",
         24,
         {{0, {AckWait}, 9, "every job takes longer than ack_wait"}},
         longJobs},
    };
}

} // namespace jetlag::scenario
