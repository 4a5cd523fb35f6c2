// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

constexpr std::uint64_t kBad = 7;

/// Naks what `isBad` says after `delay`, acks the rest.
Work nakking(bool (*isBad)(std::uint64_t), std::chrono::milliseconds delay)
{
    return {.batch = 30, .answer = [=](const Delivery& one) {
                return isBad(one.sequence) ? Reply{Reply::Kind::Nak, delay} : Reply{};
            }};
}

void naked(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":1000000000)");
    driver.publish(150);
    driver.pull(nakking([](std::uint64_t sequence) { return sequence == kBad; }, 200ms));
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() == kBad - 1; });
    driver.begin();
}

void crash(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":2000000000)");
    driver.publish(100);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.until(8);
    const auto now = driver.lookAtStream();
    const std::uint64_t bad = (now ? now->lastSequence.value() : 0) + 10;
    worker.change({.batch = 10, .answer = [bad](const Delivery& one) {
                       return Reply{one.sequence == bad ? Reply::Kind::Keep : Reply::Kind::Ack};
                   }});
    driver.next();
}

void filtered(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":1000000000,"filter_subject":"$S.a")");
    driver.prefill(10);
    driver.publish(20, {"a"});
    driver.publish(5, {"b"});
    driver.pull(nakking([](std::uint64_t sequence) { return sequence == kBad; }, 1s));
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.redelivered > 0; });
    driver.begin();
}

void crashFiltered(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":1000000000,"filter_subject":"$S.a")");
    driver.prefill(10);
    driver.publish(20, {"a"});
    driver.publish(50, {"b"});
    driver.pull({.batch = 10, .answer = [](const Delivery& one) {
                     return Reply{one.sequence == kBad ? Reply::Kind::Keep : Reply::Kind::Ack};
                 }});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() > 0; });
    driver.begin();
}

void three(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":1000000000)");
    driver.publish(80);
    Worker& worker = driver.pull(nakking(
        [](std::uint64_t sequence) { return sequence == kBad || sequence == 20 || sequence == 33; }, 300ms));
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.redelivered == 3; });
    driver.begin();
    driver.nextAt(13);
    worker.change({.batch = 30});
}

} // namespace

Scenarios poison()
{
    return {
        {"poison_nak",
         "One message is naked again and again.",
         14,
         {{0, {Poison}, 5, "the bad one is there"}},
         naked},
        {"poison_crash",
         "The worker dies of one message each time; ack_wait 2 s.",
         24,
         {{0, {None}, 2, "all is well"}, {8, {Poison}, 7, "a bad message arrives"}},
         crash},
        {"poison_filtered",
         "A bad message under a filter, naked with a delay.",
         16,
         {{0, {Poison}, 5, "the bad one is there"}},
         filtered},
        {"poison_crash_filtered",
         "A message under a filter that is never acked.",
         18,
         {{0, {Poison}, 7, "the bad one is there"}},
         crashFiltered},
        {"poison_three",
         "Three bad messages; then the app is mended.",
         22,
         {{0, {Poison}, 4, "the bad ones are there"}, {13, {None}, 4, "the app is mended"}},
         three},
    };
}

} // namespace jetlag::scenario
