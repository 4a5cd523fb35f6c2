// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void unread(Driver& driver)
{
    driver.createStream(R"("max_msgs":1000)");
    driver.createConsumer();
    driver.prefill(1'100);
    driver.publish(400);
    driver.pull({.batch = 10, .perMessage = 50ms});
    driver.begin();
}

void unacked(Driver& driver)
{
    driver.createStream(R"("max_msgs":300)");
    driver.createConsumer();
    driver.publish(60);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    worker.change({.batch = 10, .answer = keepIt});
    const auto stream = driver.lookAtStream();
    const std::uint64_t end = stream ? stream->lastSequence.value() : 0;
    driver.waitUntil([&](const ConsumerSnapshot&) {
        const auto now = driver.lookAtStream();
        return now && now->firstSequence.value() > end + 10;
    });
    driver.next();
}

void filtered(Driver& driver)
{
    driver.createStream(R"("max_msgs":1000)");
    driver.prefill(300);
    driver.createConsumer(R"("filter_subject":"$S.a")");
    driver.publish(225, {"a", "b", "b", "b", "b", "b", "b", "b", "b", "b"});
    driver.begin();
    driver.waitUntil([&](const ConsumerSnapshot&) {
        const auto now = driver.lookAtStream();
        return now && now->firstSequence.value() > 2;
    });
    driver.next();
}

void purged(Driver& driver)
{
    driver.createStream();
    driver.prefill(480);
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 10, .perMessage = 50ms});
    driver.begin();
    driver.nextAt(8);
    driver.purge();
}

void aged(Driver& driver)
{
    driver.createStream(R"("max_age":6000000000,"duplicate_window":6000000000)");
    driver.createConsumer();
    driver.publish(100);
    driver.pull({.batch = 10, .perMessage = 25ms});
    driver.begin();
    driver.nextAt(9);
    driver.nextAt(13);
}

} // namespace

Scenarios lost()
{
    return {
        {"lost_unread",
         "400/s against 20/s, and the stream keeps 1,000.",
         12,
         {{0, {Lost}, 2, "unread messages are evicted"}},
         unread},
        {"lost_unacked",
         "Taken, never acked, and evicted meanwhile.",
         22,
         {{0, {None}, 2, "all is well"},
          {8, {Lost, None, kNothing}, std::nullopt, "the worker stops acking"},
          {13, {Lost}, 6, "messages in hand are evicted"}},
         unacked},
        {"lost_filtered",
         "Nobody reads, and what matches is evicted.",
         14,
         {{0, {NoPulls, Lost, kNothing}, std::nullopt, "nobody comes"},
          {3, {Lost}, 4, "matching messages are evicted"}},
         filtered},
        {"lost_purged",
         "Somebody purges unread messages.",
         14,
         {{0, {Slow}, 5, "too few workers"}, {8, {Lost}, 1, "a purge"}},
         purged},
        {"lost_age",
         "Messages live 6 s, and the backlog is older.",
         20,
         {{0, {Slow, None}, 3, "too few workers"},
          {9, {Lost, Slow, None}, std::nullopt, "the backlog gets old"},
          {13, {Lost}, 3, "unread messages are too old"}},
         aged},
    };
}

} // namespace jetlag::scenario
