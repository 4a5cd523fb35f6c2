// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

constexpr double kNamed = 2; // seconds: three samples

void steady(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 10});
    driver.begin();
}

void pool(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 3, .perMessage = 60ms}, 8);
    driver.begin();
}

void bursty(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    Load& load = driver.publish(0);
    driver.pull({.batch = 50});
    driver.begin();
    for (double at = 0.5; at < 30; at += 5) {
        driver.until(at);
        load.burst(1'500);
    }
}

void batch(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(80);
    driver.pull({.batch = 500, .between = 5s, .noWait = true});
    driver.begin();
}

void batchLate(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(80);
    driver.pull({.batch = 300, .wholeBatch = true, .perBatch = 3s, .noWait = true});
    driver.begin();
}

void between(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 200, .between = 500ms, .noWait = true});
    driver.begin();
}

void low(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(1.0 / 6);
    driver.pull({.batch = 10});
    driver.begin();
}

void lowPoll(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(1.0 / 7);
    driver.pull({.batch = 10, .between = 4s, .noWait = true});
    driver.begin();
}

void cron(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(20);
    driver.pull({.batch = 1'000, .between = 14s, .noWait = true});
    driver.begin();
    driver.nextAt(34);
}

void atCap(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("max_ack_pending":20)");
    driver.publish(100);
    driver.pull({.batch = 10, .perMessage = 15ms}, 2);
    driver.begin();
}

void someNaks(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 20, .answer = [](const Delivery& one) {
                     return Reply{one.sequence % 10 == 0 && one.deliveries == 1 ? Reply::Kind::Nak
                                                                                : Reply::Kind::Ack};
                 }});
    driver.begin();
}

void longJob(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(60);
    driver.pull({.batch = 2, .time = [](const Delivery& one) { return one.sequence == 365 ? 8s : 0s; }}, 4);
    driver.begin();
}

void poolStart(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(20);
    driver.pull({.batch = 1, .perMessage = 450ms}, 20);
    driver.begin();
}

void lockstep(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(40);
    driver.pull({.batch = 20, .perMessage = 100ms}, 5);
    driver.begin();
}

void longBatch(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(10);
    driver.pull({.batch = 200, .wholeBatch = true, .perBatch = 8s, .noWait = true});
    driver.begin();
    driver.nextAt(24);
}

void uneven(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    Load& load = driver.publish(0);
    driver.pull({.batch = 10, .perMessage = 3ms}, 2);
    driver.begin();
    std::uint32_t chance = 1; // a plain generator: the same load each time
    for (double at = 0; at < 20; at += 0.1) {
        driver.until(at);
        chance = chance * 1'664'525 + 1'013'904'223;
        load.burst(chance >> 28); // 0 to 15
    }
}

} // namespace

Scenarios healthyLoads()
{
    return {
        {"ok_steady",
         "A worker keeps up with 100 messages/s.",
         15,
         {{0, {None}, kNamed, "all is well"}},
         steady},
        {"ok_deep_async",
         "Eight workers of 60 ms a message keep up with 100/s.",
         15,
         {{0, {None}, kNamed, "all is well"}},
         pool},
        {"ok_bursty",
         "1,500 messages at once every 5 s, read at once.",
         31,
         {{0, {None, Idle}, 6, "bursts are drained between two looks"}},
         bursty},
        {"ok_batch",
         "One fetch of up to 500 every 5 s, 80/s come in.",
         33,
         {{0, {None}, 18, "a rhythm, no backlog"}},
         batch},
        {"ok_batch_late",
         "Fetches, works for 3 s, acks the whole batch at the end.",
         25,
         {{0, {None}, 12, "a rhythm, no backlog"}},
         batchLate},
        {"ok_between", "Short pulls twice a second.", 15, {{0, {None}, kNamed, "all is well"}}, between},
        {"ok_low", "One message per 6 s.", 26, {{0, {None, Idle}, 5, "little to do"}}, low},
        {"ok_low_poll",
         "One message per 7 s, looked for every 4 s.",
         30,
         {{0, {None, Idle}, 8, "little to do"}},
         lowPoll},
        {"ok_lockstep",
         "Five workers take 20 each and work 2 s on them, 40/s come in.",
         25,
         {{0, {None}, 6, "all is well"}},
         lockstep},
        {"ok_long_batch",
         "Everything there is is fetched, worked on for 8 s, acked at the end.",
         40,
         {{0, {None, NoPulls, CatchingUp, kNothing}, std::nullopt, "a rhythm longer than any seen"},
          {24, {None}, 12, "the rhythm is known"}},
         longBatch},
        {"ok_uneven", "75/s on average, in uneven steps.", 20, {{0, {None}, 2, "all is well"}}, uneven},
        {"ok_cron",
         "A fetch every 14 s, as a timer would: learned after two pauses.",
         63,
         {{0, {None, NoPulls, CatchingUp}, std::nullopt, "a silence longer than any seen"},
          {34, {None}, 14, "the rhythm is known"}},
         cron},
        {"ok_at_cap",
         "Two workers with a batch each in hand: at the cap, acks flow.",
         15,
         {{0, {None}, kNamed, "all is well"}},
         atCap},
        {"ok_some_naks",
         "A tenth of the messages is naked once.",
         15,
         {{0, {None}, kNamed, "all is well"}},
         someNaks},
        {"ok_long_job",
         "One job takes 8 s while others flow.",
         20,
         {{0, {None}, kNamed, "all is well"}},
         longJob},
        {"ok_pool_start",
         "20 workers, acks 450 ms later.",
         15,
         {{0, {None}, kNamed, "all is well"}},
         poolStart},
    };
}

} // namespace jetlag::scenario
