// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

/// Twice as fast as its load: what a reset brings back takes it some seconds, and is seen.
Worker& keepsUp(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.publish(100);
    return driver.pull({.batch = 10, .perMessage = 3ms});
}

void atPosition(Driver& driver)
{
    Worker& worker = keepsUp(driver);
    driver.begin();
    driver.until(10);
    worker.stop();
    const auto consumer = driver.lookAtConsumer();
    if (!consumer)
        return;
    driver.next();
    driver.deleteConsumer();
    driver.createConsumer(R"("deliver_policy":"by_start_sequence","opt_start_seq":)" +
                          std::to_string(consumer->delivered.stream.value() + 1));
    driver.pull({.batch = 10});
}

void fromTheStart(Driver& driver)
{
    driver.createStream();
    driver.prefill(2'000);
    driver.createConsumer();
    driver.publish(50);
    Worker& worker = driver.pull({.batch = 50});
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.pending == 0; });
    driver.begin();
    driver.nextAt(10);
    worker.stop();
    driver.deleteConsumer();
    driver.until(13);
    driver.createConsumer();
    driver.pull({.batch = 50});
    driver.next();
}

void rewind(Driver& driver)
{
    if (!driver.tryOnConsumer("CONSUMER.RESET", R"({"seq":100})"))
        driver.skip("this server's consumers cannot be reset");
}

void rewound(Driver& driver)
{
    keepsUp(driver);
    driver.begin();
    driver.nextAt(10);
    rewind(driver);
}

void rewoundEarly(Driver& driver)
{
    keepsUp(driver);
    driver.waitUntil([](const ConsumerSnapshot& now) { return now.ackFloor.stream.value() >= 300; });
    driver.begin();
    driver.nextAt(2);
    rewind(driver);
    driver.nextAt(35);
}

void wholeStream(Driver& driver)
{
    Worker& worker = keepsUp(driver);
    driver.begin();
    driver.nextAt(10);
    worker.stop();
    driver.deleteStream();
    driver.createStream();
    driver.createConsumer();
    driver.pull({.batch = 10, .perMessage = 3ms});
}

} // namespace

Scenarios recreated()
{
    return {
        {"recreated_pos",
         "Deleted and made anew at the old position.",
         18,
         {{0, {None}, 2, "all is well"}, {10, {Recreated}, 2, "it is made anew"}},
         atPosition},
        {"recreated_all",
         "Deleted, and made anew from the start 3 s later.",
         20,
         {{0, {None}, 3, "all is well"},
          {10, {Recreated, kNothing}, std::nullopt, "it is deleted"},
          {13, {Recreated}, 3, "it is made anew"}},
         fromTheStart},
        {"recreated_stream",
         "The stream is deleted and made anew, and the consumer with it.",
         18,
         {{0, {None}, 2, "all is well"}, {10, {Recreated}, 2, "both are made anew"}},
         wholeStream},
        {"rewound",
         "Reset to 100.",
         17,
         {{0, {None}, 2, "all is well"}, {10, {Recreated}, 2, "it is reset"}},
         rewound},
        {"ok_was_reset",
         "Reset right after the first look: nothing is wrong 35 s later.",
         40,
         {{0, {None, kNothing}, std::nullopt, "all is well"},
          {2, {Recreated, None, kNothing}, std::nullopt, "it is reset"},
          {35, {None}, 2, "it has read on for long"}},
         rewoundEarly},
    };
}

} // namespace jetlag::scenario
