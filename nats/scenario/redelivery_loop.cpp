// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

Reply nakIt(const Delivery&)
{
    return {Reply::Kind::Nak};
}

void nakAtOnce(Driver& driver)
{
    driver.createStream();
    driver.prefill(2'000);
    driver.createConsumer(R"("ack_wait":60000000000,"max_ack_pending":40)");
    driver.publish(50);
    driver.pull({.batch = 20, .answer = nakIt, .wholeBatch = true, .between = 100ms});
    driver.begin();
}

void nakDelayed(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":60000000000,"max_ack_pending":400)");
    driver.publish(60);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    worker.change({.batch = 100, .answer = [](const Delivery&) { return Reply{Reply::Kind::Nak, 1s}; }});
}

void givesUp(Driver& driver, std::string_view members, const std::vector<std::string>& tokens, double rate)
{
    driver.createStream();
    driver.prefill(200, tokens);
    driver.createConsumer(members);
    driver.publish(rate, tokens);
    driver.pull({.batch = 40, .answer = keepIt, .between = 1s});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackPending > 0; });
    driver.begin();
}

void ackWaitPasses(Driver& driver)
{
    givesUp(driver, R"("ack_wait":1000000000,"max_ack_pending":50)", {"a"}, 20);
}

void filtered(Driver& driver)
{
    givesUp(driver, R"("ack_wait":1000000000,"max_ack_pending":60,"filter_subject":"$S.a")", {"a", "b"}, 60);
}

void clears(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_wait":60000000000,"max_ack_pending":100)");
    driver.publish(60);
    Worker& worker = driver.pull({.batch = 10});
    driver.begin();
    driver.nextAt(8);
    worker.change({.batch = 20, .answer = nakIt, .wholeBatch = true, .between = 100ms});
    driver.nextAt(20);
    worker.change({.batch = 50});
}

} // namespace

Scenarios redeliveryLoop()
{
    return {
        {"loop_nak",
         "Every message is naked at once.",
         14,
         {{0, {RedeliveryLoop}, 4, "all is naked"}},
         nakAtOnce},
        {"loop_nak_delay",
         "Every message is naked with a delay of 1 s.",
         22,
         {{0, {None}, 2, "all is well"}, {8, {RedeliveryLoop}, 4, "everything is naked"}},
         nakDelayed},
        {"loop_ack_wait",
         "Attempts are given up; ack_wait of 1 s brings them back.",
         18,
         {{0, {RedeliveryLoop}, 6, "nothing is ever acked"}},
         ackWaitPasses},
        {"loop_filtered",
         "The same under a filter.",
         18,
         {{0, {RedeliveryLoop}, 7, "nothing is ever acked"}},
         filtered},
        {"loop_clears",
         "Everything is naked for 12 s, then all is well.",
         29,
         {{0, {None}, 2, "all is well"},
          {8, {RedeliveryLoop}, 4, "everything is naked"},
          {20, {None, CatchingUp}, 5, "the app is mended"}},
         clears},
    };
}

} // namespace jetlag::scenario
