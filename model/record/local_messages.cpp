// SPDX-License-Identifier: Apache-2.0
#include "model/record/local_messages.h"

#include "model/record/headers.h"
#include "model/record/outgoing.h"

#include <string>
#include <utility>
#include <vector>

namespace jetlag {

void appendLocalMessages(FramedBatch& batch, StreamSequence first, MessageBatch& out)
{
    // Records that follow each other mostly share key and zone, and so their header fields.
    std::vector<HeaderField> fields;
    constexpr std::size_t kMostFields = 3;
    fields.reserve(batch.records.size() * kMostFields); // spans into it must not move
    out.messages.reserve(out.messages.size() + batch.records.size());

    StreamSequence sequence = first;
    HeaderFields shared;
    const FramedRecord* before = nullptr;
    for (const FramedRecord& record : batch.records) {
        if (!before || before->key != record.key || before->zone != record.zone || before->oversize() ||
            record.oversize()) {
            const std::size_t begin = fields.size();
            fields.push_back({headers::kKey, out.arena.copy(keyForHeader(record.key))});
            if (!record.zone.empty())
                fields.push_back({headers::kZone, record.zone});
            if (record.oversize())
                fields.push_back({headers::kOversize, out.arena.copy(std::to_string(record.fullLength))});
            shared = {fields.data() + begin, fields.size() - begin};
        }
        Message& message = out.messages.emplace_back();
        message.sequence = sequence;
        message.subject = record.subject;
        message.headers = shared;
        message.payload = record.payload;
        message.padded = true;
        before = &record;
        sequence = sequence.next();
    }
    if (!batch.records.empty())
        out.coveredTo = sequence.previous();

    out.keep(std::move(fields));
    out.keep(std::move(batch.owners));
    out.keep(std::move(batch.arena));
    batch = {};
}

} // namespace jetlag
