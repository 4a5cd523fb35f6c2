#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/stream_identity.h"
#include "model/record/chain_writer.h"
#include "model/record/framer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What one look at a file tells: the same stamp, the same content (a file that is being written changes its
/// size or its time).
struct FileStamp
{
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since the epoch

    bool operator==(const FileStamp&) const = default;
};

/// How far a source is published: everything up to here is acked.
struct SourcePosition
{
    std::string source;
    std::uint64_t ackedOffset = 0;  ///< where the last acked record begins
    std::uint64_t ackedHash = 0;    ///< of that record: to know it again
    std::uint64_t ackedRecords = 0; ///< since the source's beginning
    /// Framing can go on here: at or before the last acked record, with what was decided by then.
    std::uint64_t resumeOffset = 0;
    FramerState framer;
    std::vector<ChainWriter::Head> heads; ///< the chain as of the last acked record
    FramerState framerLatest;             ///< what was decided by the last record that was read
    /// The file in which it was read to its end and acked whole; zeros while it is not.
    FileStamp complete;
    std::string naming; ///< by which options it got its name: with others the same file is another source

    bool operator==(const SourcePosition&) const = default;
};

/// Where the hooks of this user stand, in one stream: a SQLite file, committed after acks, so that a hook
/// that was killed sends again what it had sent since, with the same message ids, and nothing is left out.
///
/// Positions belong to one stream, known by name, creation time and one message; those of a stream that was
/// deleted and made anew start anew. Several hooks may share the file; each claims the sources that it
/// publishes, and a claim ends with its process, however that ends.
///
/// One thread.
class PositionStore final
{
public:
    enum class Claim {
        Mine,
        HeldElsewhere, ///< another hook publishes that source right now
    };

    /// `folder` is made if missing: one for each stream name.
    [[nodiscard]] static Result<PositionStore> open(const std::filesystem::path& folder);
    ~PositionStore();
    PositionStore(PositionStore&&) noexcept;
    PositionStore& operator=(PositionStore&&) noexcept;

    /// Streams that positions are kept for, the last used one first.
    [[nodiscard]] Result<std::vector<StreamIdentity>> streams();
    /// Positions from now on are those of `identity`, which is one of streams() (found by its creation time
    /// and known message as they stand there) or a new one, without positions.
    [[nodiscard]] Result<void> use(const StreamIdentity& identity);
    /// The same stream, now known by this: a later message, or the creation time that it shows now.
    [[nodiscard]] Result<void> rename(const StreamIdentity& identity);

    [[nodiscard]] Result<std::optional<SourcePosition>> find(std::string_view source);
    /// A source that was published whole out of this very file, named in this way.
    [[nodiscard]] Result<std::optional<SourcePosition>> findComplete(const FileStamp& stamp,
                                                                     std::string_view naming);
    /// Kept in memory until commit(); find() knows it at once.
    void put(SourcePosition position);
    /// Writes what was put, all of it or nothing; durable when it returns.
    [[nodiscard]] Result<void> commit();

    [[nodiscard]] Result<Claim> claim(std::string_view source);
    void release(std::string_view source);

private:
    struct State;
    explicit PositionStore(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
