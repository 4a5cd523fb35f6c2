// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void after(Driver& driver)
{
    driver.createStream();
    driver.prefill(100);
    driver.createConsumer();
    driver.pull({.batch = 20});
    driver.waitUntilCaughtUp();
    driver.begin();
}

void stops(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    Load& load = driver.publish(100);
    driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    load.setRate(0);
}

void nobody(Driver& driver)
{
    driver.createStream();
    driver.prefill(100);
    driver.createConsumer();
    Worker& worker = driver.pull({.batch = 20});
    driver.waitUntilCaughtUp();
    worker.stop();
    driver.begin();
}

void refusing(Driver& driver)
{
    driver.createStream(R"("max_msgs":50,"discard":"new")");
    driver.createConsumer();
    driver.pull({.batch = 10});
    driver.prefill(50);
    driver.publish(50);
    driver.waitUntilCaughtUp();
    driver.begin();
}

} // namespace

Scenarios idle()
{
    return {
        {"idle_after",
         "The stream is drained; then silence.",
         15,
         {{0, {Idle}, 6, "everything is read"}},
         after},
        {"idle_stops",
         "The producer stops.",
         20,
         {{0, {None}, 2, "all is well"}, {8, {Idle}, 5, "the producer stops"}},
         stops},
        {"idle_nobody",
         "Nobody reads, and nothing is there to be read.",
         14,
         {{0, {Idle}, 5, "the last reader has left"}},
         nobody},
        {"idle_refusing",
         "A full stream that refuses looks like a silent producer.",
         14,
         {{0, {Idle}, 6, "the stream is full"}},
         refusing},
        {"idle_cluster", "A quiet cluster of three.", 18, {{0, {Idle}, 6, "everything is read"}}, after, 3},
    };
}

} // namespace jetlag::scenario
