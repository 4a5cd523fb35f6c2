// SPDX-License-Identifier: Apache-2.0
#include "model/engine/checkpoint_bytes.h"

#include "model/base/byte_io.h"

#include <algorithm>

namespace jetlag {

namespace {

// Far more than anybody writes on a command line; keeps damaged bytes from asking for memory.
constexpr std::uint32_t kMaxFilters = 10'000;

void write(ByteWriter& writer, ServerTime time)
{
    writer.i64(time.time_since_epoch().count());
}

ServerTime readTime(ByteReader& reader)
{
    return ServerTime(std::chrono::nanoseconds(reader.i64()));
}

void write(ByteWriter& writer, const RecordCounters& counters)
{
    writer.u64(counters.messages);
    writer.u64(counters.duplicates);
    writer.u64(counters.parked);
    writer.u64(counters.lost);
    writer.u64(counters.chainGaps);
}

RecordCounters readRecordCounters(ByteReader& reader)
{
    RecordCounters counters;
    counters.messages = reader.u64();
    counters.duplicates = reader.u64();
    counters.parked = reader.u64();
    counters.lost = reader.u64();
    counters.chainGaps = reader.u64();
    return counters;
}

Hash128 readHash(ByteReader& reader)
{
    Hash128 hash;
    const std::string_view bytes = reader.raw(hash.bytes.size());
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
}

} // namespace

std::string toBytes(const CheckpointHeader& header)
{
    ByteWriter writer;
    writer.string(header.analyzer);
    writer.u32(header.analyzerVersion);
    writer.string(header.stream.name);
    write(writer, header.stream.created);
    writer.u64(header.stream.knownSequence.value());
    write(writer, header.stream.knownTime);
    writer.u32(static_cast<std::uint32_t>(header.filters.size()));
    for (const std::string& filter : header.filters)
        writer.string(filter);
    writer.u64(header.first.value());
    writer.u64(header.sequence.value());
    writer.raw(header.digest.view());
    writer.u64(header.counters.applied);
    writer.u64(header.counters.quarantined);
    writer.u64(header.counters.skipped);
    write(writer, header.counters.records);
    writer.boolean(header.partial);
    return writer.take();
}

Result<CheckpointHeader> checkpointHeaderFrom(std::string_view bytes)
{
    ByteReader reader(bytes);
    CheckpointHeader header;
    header.analyzer = reader.string();
    header.analyzerVersion = reader.u32();
    header.stream.name = reader.string();
    header.stream.created = readTime(reader);
    header.stream.knownSequence = StreamSequence(reader.u64());
    header.stream.knownTime = readTime(reader);
    const std::uint32_t filters = reader.u32();
    for (std::uint32_t i = 0; i < filters && i < kMaxFilters && reader.ok(); ++i)
        header.filters.emplace_back(reader.string());
    header.first = StreamSequence(reader.u64());
    header.sequence = StreamSequence(reader.u64());
    header.digest = readHash(reader);
    header.counters.applied = reader.u64();
    header.counters.quarantined = reader.u64();
    header.counters.skipped = reader.u64();
    header.counters.records = readRecordCounters(reader);
    header.partial = reader.boolean();
    if (!reader.ok() || !reader.atEnd())
        return Error(ErrorCode::Corrupt, "the checkpoint's header is damaged");
    return header;
}

std::string assemblerBytes(const AssemblerState& state)
{
    ByteWriter writer;
    writer.u64(state.first.value());
    writer.u64(state.lastSequence.value());
    writer.u64(state.lastHole.value());
    write(writer, state.counters);
    return writer.take();
}

Result<AssemblerState> assemblerStateFrom(std::string_view bytes)
{
    ByteReader reader(bytes);
    AssemblerState state;
    state.first = StreamSequence(reader.u64());
    state.lastSequence = StreamSequence(reader.u64());
    state.lastHole = StreamSequence(reader.u64());
    state.counters = readRecordCounters(reader);
    if (!reader.ok() || !reader.atEnd())
        return Error(ErrorCode::Corrupt, "the checkpoint's chain state is damaged");
    return state;
}

} // namespace jetlag
