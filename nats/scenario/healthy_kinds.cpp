// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

constexpr double kNamed = 2; // seconds: three samples

void rareFilter(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("filter_subject":"$S.rare")");
    driver.publish(200, {"busy"});
    driver.publish(1, {"rare"});
    driver.pull({.batch = 10});
    driver.begin();
}

void neverFilter(Driver& driver)
{
    driver.createStream(R"("max_msgs":500)");
    driver.createConsumer(R"("filter_subject":"$S.rare")");
    driver.prefill(3, {"rare"});
    driver.publish(200, {"busy"});
    driver.pull({.batch = 10});
    driver.begin();
}

void manyFilters(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("filter_subjects":["$S.a","$S.b"])");
    if (const auto consumer = driver.lookAtConsumer(); consumer && consumer->filters.size() != 2)
        return driver.skip("this server's consumers take one filter only");
    driver.publish(120, {"a", "b", "c"});
    driver.pull({.batch = 10});
    driver.begin();
}

void keyValue(Driver& driver)
{
    driver.createStream(R"("max_msgs_per_subject":1)");
    driver.createConsumer();
    std::vector<std::string> keys;
    for (int key = 0; key < 20; ++key)
        keys.push_back("k" + std::to_string(key));
    driver.publish(100, keys);
    driver.pull({.batch = 1, .perMessage = 50ms});
    driver.begin();
}

void deliverNew(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer(R"("deliver_policy":"new")");
    driver.publish(50);
    driver.pull({.batch = 10});
    driver.begin();
}

void deliverNewQuiet(Driver& driver)
{
    driver.createStream();
    driver.prefill(500);
    driver.createConsumer(R"("deliver_policy":"new")");
    driver.pull({.batch = 10});
    driver.begin();
}

void lastPerSubject(Driver& driver)
{
    driver.createStream();
    driver.prefill(200, {"a", "b", "c", "d", "e"});
    driver.createConsumer(R"("deliver_policy":"last_per_subject","filter_subject":"$S.>")");
    driver.publish(5, {"a", "b", "c", "d", "e"});
    driver.pull({.batch = 10});
    driver.begin();
}

void ackNone(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_policy":"none","max_ack_pending":-1)");
    driver.publish(100);
    driver.pull({.batch = 10, .answer = keepIt});
    driver.begin();
}

void ackAll(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("ack_policy":"all")");
    driver.publish(100);
    driver.pull({.batch = 100, .answer = [](const Delivery& one) {
                     return Reply{one.sequence % 100 == 0 ? Reply::Kind::Ack : Reply::Kind::Keep};
                 }});
    driver.begin();
}

void steadyOn(Driver& driver, std::string_view members, double rate)
{
    driver.createStream(members);
    driver.createConsumer();
    driver.publish(rate);
    driver.pull({.batch = 10});
    driver.begin();
}

void workQueue(Driver& driver)
{
    steadyOn(driver, R"("retention":"workqueue")", 100);
}

void interest(Driver& driver)
{
    steadyOn(driver, R"("retention":"interest")", 100);
}

void interestDrops(Driver& driver)
{
    driver.createStream(R"("retention":"interest")");
    driver.createConsumer(R"("filter_subject":"$S.a")");
    driver.publish(100, {"a", "b"});
    driver.pull({.batch = 10});
    driver.begin();
}

void smallStream(Driver& driver)
{
    steadyOn(driver, R"("max_msgs":300)", 200);
}

void shortAge(Driver& driver)
{
    steadyOn(driver, R"("max_age":3000000000,"duplicate_window":3000000000)", 100);
}

void push(Driver& driver)
{
    driver.createStream();
    driver.createConsumer(R"("deliver_subject":"deliver.$S")");
    driver.subscribe({});
    driver.publish(100);
    driver.begin();
}

} // namespace

Scenarios healthyKinds()
{
    const std::vector<Phase> well{{0, {None}, kNamed, "all is well"}};
    const std::vector<Phase> quiet{{0, {None, Idle}, 6, "nothing to do"}};
    return {
        {"ok_rare_filter",
         "One matching message a second on a busy stream.",
         20,
         {{0, {None, Idle}, 5, "little to do"}},
         rareFilter},
        {"ok_never_filter", "Nothing matches any more, and the stream evicts.", 20, quiet, neverFilter},
        {"ok_multi_filter", "Two filters on one consumer.", 15, well, manyFilters},
        {"ok_kv", "Values are overwritten faster than they are read: superseded, not lost.", 22, well,
         keyValue},
        {"ok_new", "A consumer that starts at the end.", 15, well, deliverNew},
        {"ok_new_quiet", "A consumer that starts at the end of a quiet stream.", 15, quiet, deliverNewQuiet},
        {"ok_last_per",
         "The last value of each subject, then what comes.",
         15,
         {{0, {None, Idle}, kNamed, "all is well"}},
         lastPerSubject},
        {"ok_ack_none", "Ack policy none.", 15, well, ackNone},
        {"ok_ack_all", "Ack policy all, one ack per hundred.", 15, well, ackAll},
        {"ok_workqueue", "A work queue that is worked off.", 15, well, workQueue},
        {"ok_interest", "An interest stream that is worked off.", 15, well, interest},
        {"ok_interest_drops", "An interest stream drops at once what no filter takes.", 15, well,
         interestDrops},
        {"ok_small_stream", "300 messages kept at 200/s: evicted long after they were read.", 15, well,
         smallStream},
        {"ok_age", "Messages live 3 s, and are read at once.", 15, well, shortAge},
        {"ok_push", "A push subscriber keeps up.", 15, well, push},
    };
}

} // namespace jetlag::scenario
