// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/list.h"

namespace jetlag::scenario {

namespace {

using enum Cause;
using namespace std::chrono_literals;

void purgedSubject(Driver& driver)
{
    driver.createStream(R"("retention":"workqueue")");
    driver.prefill(60, {"gone", "stays"});
    driver.createConsumer();
    driver.purge("gone");
    Worker& worker = driver.pull({.batch = 10});
    driver.wait(1);
    const auto consumer = driver.lookAtConsumer();
    const auto stream = driver.lookAtStream();
    if (consumer && stream && !(consumer->lag() == 0 && stream->messages == 30)) {
        worker.stop();
        return driver.skip("this server does not strand messages at a purge of one subject");
    }
    driver.begin();
}

void widened(Driver& driver)
{
    driver.createStream();
    driver.prefill(40, {"a", "b"});
    driver.createConsumer(R"("filter_subject":"$S.a")");
    driver.pull({.batch = 10});
    driver.waitUntilCaughtUp();
    driver.begin();
    driver.until(9);
    driver.editConsumer(R"("filter_subject":"$S.>")");
    const auto consumer = driver.lookAtConsumer();
    if (consumer && consumer->pending > 0)
        return driver.skip("this server delivers what a wider filter matches");
    driver.next();
}

void putBack(Driver& driver)
{
    driver.createStream();
    driver.createConsumer();
    driver.prefill(80);
    driver.pull({.batch = 10});
    driver.waitUntilCaughtUp();
    driver.rememberStore();
    driver.prefill(20);
    driver.waitUntilCaughtUp();
    driver.putStoreBack();
    const auto stream = driver.lookAtStream();
    driver.wait(1);
    const auto consumer = driver.lookAtConsumer();
    if (stream && consumer && consumer->delivered.stream.value() <= stream->lastSequence.value())
        return driver.skip("this server mends a consumer that stands beyond its stream");
    driver.begin();
}

} // namespace

Scenarios stranded()
{
    return {
        {"stranded_purge",
         "One subject of a work queue is purged under a wider consumer.",
         12,
         {{0, {Stranded}, 3, "lag 0, and 30 messages"}},
         purgedSubject},
        {"stranded_filter",
         "A filter is widened after the position has passed.",
         19,
         {{0, {None, Idle}, 6, "all is read"}, {9, {Stranded}, 6, "the filter is widened"}},
         widened},
        {"stranded_rollback",
         "The stream's store is put back, the consumer's is not.",
         12,
         {{0, {Stranded}, 3, "the consumer stands beyond the stream's end"}},
         putBack,
         1,
         true},
    };
}

} // namespace jetlag::scenario
