// SPDX-License-Identifier: Apache-2.0
#include "model/base/byte_io.h"
#include "model/record/assembler.h"

namespace jetlag {

namespace {

constexpr std::uint8_t kVersion = 1;

} // namespace

std::string toBytes(const HeldMessage& held)
{
    ByteWriter writer;
    writer.u8(kVersion);
    writer.u64(held.sequence.value());
    writer.i64(held.time.time_since_epoch().count());
    writer.string(held.subject);
    writer.u32(static_cast<std::uint32_t>(held.headers.size()));
    for (const auto& [name, value] : held.headers) {
        writer.string(name);
        writer.string(value);
    }
    writer.string(held.payload);
    return writer.take();
}

Result<HeldMessage> heldMessageFrom(std::string_view bytes)
{
    ByteReader reader(bytes);
    const std::uint8_t version = reader.u8();
    if (version != kVersion)
        return Error(ErrorCode::Unsupported,
                     "a waiting message in the checkpoint is of a version that this program does "
                     "not know");
    HeldMessage held;
    held.sequence = StreamSequence(reader.u64());
    held.time = ServerTime(ServerTime::duration(reader.i64()));
    held.subject = reader.string();
    for (std::uint32_t left = reader.u32(); left > 0 && reader.ok(); --left) {
        const std::string_view name = reader.string();
        held.headers.emplace_back(name, reader.string());
    }
    held.payload = reader.string();
    if (!reader.ok() || !reader.atEnd())
        return Error(ErrorCode::Corrupt, "a waiting message in the checkpoint is damaged");
    return held;
}

} // namespace jetlag
