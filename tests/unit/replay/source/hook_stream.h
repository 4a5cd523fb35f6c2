#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/record/chain_writer.h"
#include "model/record/framer.h"
#include "model/record/line_reader.h"
#include "model/record/log_file.h"
#include "model/record/outgoing.h"
#include "tests/support/engine_fakes.h"

#include <QtGlobal>

#include <filesystem>
#include <string>
#include <vector>

namespace jetlag::test {

/// What a stream holds after a hook has published these logs, without any server.
inline std::vector<FakeMessage> hookStream(const std::vector<std::filesystem::path>& paths, RecordKind kind,
                                           unsigned partitions = kDefaultPartitions,
                                           std::size_t maxPayload = 1024 * 1024)
{
    std::vector<FakeMessage> stream;
    const Result<std::vector<LogFile>> files = expandLogPaths(paths);
    Q_ASSERT(files);
    RecordFramer framer({.kind = kind, .severalFiles = files->size() > 1});
    OutgoingBuilder builder({.prefix = std::string(toString(kind)),
                             .stream = "S",
                             .partitions = partitions,
                             .maxPayload = maxPayload});
    ChainWriter chain;
    FramedBatch framed;
    const auto publish = [&] {
        for (const FramedRecord& record : framed.records) {
            const unsigned partition = builder.partitionFor(record);
            const auto messages = builder.build(record, chain.previous(record.source, partition));
            if (!messages)
                qFatal("%s", messages.error().message().c_str());
            for (const OutgoingMessage& message : *messages) {
                FakeMessage& stored = stream.emplace_back();
                stored.subject = message.subject;
                stored.payload = message.payload;
                for (const OutgoingHeader& header : message.headers)
                    stored.headers.emplace_back(header.name, header.value);
            }
            chain.published(record.source, partition, record.lastOffset);
        }
        framed.clear();
    };
    for (const LogFile& file : *files) {
        auto bytes = openLogBytes(file.path);
        if (!bytes || !framer.begin(file))
            qFatal("cannot open a log");
        LineReader reader(std::move(*bytes), LastLine::IsRecord);
        LineBlock block;
        while (true) {
            const Result<LineOutcome> outcome = reader.next(block);
            if (!outcome || *outcome == LineOutcome::AtEnd)
                break;
            framer.add(block, framed);
            publish();
        }
        framer.end(framed);
        publish();
    }
    return stream;
}

} // namespace jetlag::test
