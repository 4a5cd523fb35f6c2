// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/held_bodies.h"

#include "nats/source/sequence_source.h"

#include <algorithm>

namespace jetlag {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostBytes = 256; ///< of a body: its begin, for somebody to recognise it by

/// False: it may not be read, and so no other one.
bool readOne(HoldingMessage& held, const std::string& stream, ReadOnlyApi& reads, std::stop_token stop)
{
    const StreamSequence sequence(held.sequence);
    Result<std::unique_ptr<SequenceSource>> source = SequenceSource::open(
        reads, stream, {.from = sequence, .to = sequence, .window = 1, .patience = 2s}, stop);
    if (!source)
        return false;
    MessageBatch batch;
    const Result<SourceOutcome> outcome = (*source)->next(batch, 2s, stop);
    if (!outcome)
        return false;
    if (batch.messages.empty() || batch.messages.front().sequence != sequence)
        return true;
    const Message& message = batch.messages.front();
    held.time = message.time;
    held.subject = message.subject;
    held.bytes = message.payload.size();
    held.body = std::string(message.payload.substr(0, kMostBytes));
    return true;
}

} // namespace

void readHeldBodies(Diagnosis& diagnosis, ReadOnlyApi& reads, std::stop_token stop)
{
    for (HoldingMessage& held : diagnosis.messages) {
        if (stop.stop_requested() || !readOne(held, diagnosis.stream, reads, stop))
            return;
    }
}

} // namespace jetlag
