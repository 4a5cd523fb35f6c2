#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "replay/capture/capture_reader.h"
#include "replay/capture/capture_writer.h"
#include "replay/capture/chunk_decoder.h"

#include "message_maker.h"
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace jetlag::test {

inline StreamIdentity identityOf(std::string name)
{
    return {.name = std::move(name), .created = ServerTime(std::chrono::seconds(1'600'000'000))};
}

/// A batch that views the messages [begin, end) of `messages`.
inline MessageBatch batchOf(const std::deque<Message>& messages, std::size_t begin = 0,
                            std::size_t end = SIZE_MAX)
{
    MessageBatch batch;
    for (std::size_t i = begin; i < std::min(end, messages.size()); ++i)
        batch.messages.push_back(messages[i]);
    if (!batch.messages.empty())
        batch.coveredTo = batch.messages.back().sequence;
    return batch;
}

/// All good messages of one stream, and what owns their bytes.
struct ReadBack
{
    std::vector<Message> messages;
    std::vector<std::unique_ptr<capture::ChunkMemory>> memories;
    std::size_t chunks = 0;
    std::size_t damaged = 0;
    std::string error; ///< of opening or of the disk
};

inline ReadBack readBack(CaptureReader& reader, const std::string& stream)
{
    ReadBack all;
    const Result<capture::StreamRow> row = reader.stream(stream);
    if (!row) {
        all.error = row.error().message();
        return all;
    }
    capture::ChunkDecoder decoder;
    capture::ChunkHead head;
    for (std::int64_t after = 0;; after = head.id) {
        std::string_view data;
        const auto outcome = reader.nextChunk(row->id, after, head, data);
        if (!outcome) {
            all.error = outcome.error().message();
            return all;
        }
        if (*outcome == CaptureReader::ChunkOutcome::End)
            return all;
        auto memory = std::make_unique<capture::ChunkMemory>();
        if (*outcome == CaptureReader::ChunkOutcome::Damaged ||
            !decoder.decode(head.row, data, *memory, all.messages)) {
            ++all.damaged;
            continue;
        }
        ++all.chunks;
        all.memories.push_back(std::move(memory));
    }
}

inline ReadBack readBack(const std::filesystem::path& path, const std::string& stream)
{
    Result<CaptureReader> reader = CaptureReader::open(path);
    if (!reader) {
        ReadBack failed;
        failed.error = reader.error().message();
        return failed;
    }
    return readBack(*reader, stream);
}

/// Empty when `got` is what `wanted` begins with, and long enough.
inline std::string difference(const ReadBack& got, const std::deque<Message>& wanted,
                              std::size_t atLeast = SIZE_MAX)
{
    if (!got.error.empty())
        return got.error;
    if (got.messages.size() > wanted.size() || got.messages.size() < std::min(atLeast, wanted.size()))
        return std::to_string(got.messages.size()) + " messages";
    for (std::size_t i = 0; i < got.messages.size(); ++i) {
        if (const std::string differs = difference(got.messages[i], wanted[i]); !differs.empty())
            return differs;
    }
    return {};
}

} // namespace jetlag::test
