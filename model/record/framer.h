#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/record/line_reader.h"
#include "model/record/log_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What kind of log it is; also the first token of its subjects.
enum class RecordKind : std::uint8_t { Spark, Hdfs, Hive, Lines };
[[nodiscard]] std::string_view toString(RecordKind kind) noexcept; ///< `spark`, `hdfs`, `hive`, `lines`
[[nodiscard]] std::optional<RecordKind> recordKindFrom(std::string_view word) noexcept;

struct FramerOptions
{
    RecordKind kind = RecordKind::Lines;
    std::string prefix;        ///< what subjects begin with instead of the kind; may hold dots
    std::string source;        ///< instead of the name worked out from the log
    bool severalFiles = false; ///< then `source` is only put in front, or files would share offsets
    std::string application;   ///< Spark: when neither ApplicationStart nor the file's name tells
    std::string zone;          ///< IANA zone of times without one; empty = UTC
    std::string host;          ///< part of the source of plain lines; empty = this host's name
};

/// One record of a log, ready to be sent or to be fed to the engine. Views live in the batch it came with.
struct FramedRecord
{
    std::string_view source;       ///< percent-encoded outside `[A-Za-z0-9_./:=-]`
    std::uint64_t firstOffset = 0; ///< where its (first) record begins, in uncompressed bytes of the source
    std::uint64_t lastOffset = 0;  ///< the same but of the last of several in one; equal for one
    std::string_view key;          ///< application[/attempt], user, query id; `-` = none
    std::string_view label;        ///< application or user as a subject token, at most 128 bytes; `-` = none
    std::string_view subject;      ///< `<prefix>.<label>`: without partition, as the core will see it
    std::string_view zone;         ///< empty = UTC
    std::string_view payload;      ///< raw bytes; kPayloadPadding readable ones follow
    std::uint64_t fullLength =
        0; ///< of the record; more than payload.size() when it was cut (above kMaxRecordBytes)

    [[nodiscard]] bool oversize() const noexcept { return fullLength > payload.size(); }
};

/// Framed records and what owns their bytes. Moving it moves no bytes.
struct FramedBatch
{
    std::vector<FramedRecord> records;
    std::vector<std::shared_ptr<const void>> owners;
    ByteArena arena;

    void clear()
    {
        records.clear();
        owners.clear();
        arena.clear();
    }
};

/// What was decided about a file from its first lines: with it, framing goes on in the middle of that file
/// and names everything as before. A file of which nothing is decided has delivered no record yet. It goes
/// with the last record framed: several Spark logs in one file change the application on the way.
struct FramerState
{
    std::string source; ///< empty = nothing decided
    std::string application;
    std::string attempt;
    bool fromStart = false; ///< the log itself named the application
    bool partial = false;   ///< nothing did

    [[nodiscard]] bool decided() const noexcept { return !source.empty(); }
    bool operator==(const FramerState&) const = default;
};

/// Turns lines into records: names their source, finds key and label, changes no byte. The hook publishes
/// what comes out, the replay of a raw log feeds it to the engine, so both see the same records.
///
/// Source: Spark `<application>[/<attempt>][/<roll index>]`; HDFS and Hive the hash of the first line
/// (which holds time and id; where it does not, as for plain lines); plain lines host, device, inode and the
/// hash of the first line. Spark names the application only in its ApplicationStart event: up to 1,000
/// records or 4 MB wait for it; then the file's or directory's name counts if it looks like an application
/// id, then the option, else application and source are `unknown:<hash of what waited>` and results partial.
/// Malformed lines are framed like all others.
///
///     framer.begin(file);
///     while (reader.next(block) ...) framer.add(block, batch);   // may hold records back
///     framer.end(batch);                                         // gives what waited
///
/// One thread.
class RecordFramer final
{
public:
    explicit RecordFramer(FramerOptions options);
    ~RecordFramer();
    RecordFramer(RecordFramer&&) noexcept;
    RecordFramer& operator=(RecordFramer&&) noexcept;

    /// A file begins, from its first line on, or goes on with what was decided about it. Io and NotFound
    /// when the file cannot be looked at (plain lines need its device and inode).
    [[nodiscard]] Result<void> begin(const LogFile& file, FramerState state = {});
    /// Appends the block's records to `batch` (which then shares the block's bytes).
    void add(const LineBlock& block, FramedBatch& batch);
    /// The file is read to its end: appends what still waits for an application id.
    void end(FramedBatch& batch);

    /// Of the current file.
    [[nodiscard]] const FramerState& state() const noexcept;
    /// Some file so far did not tell its application.
    [[nodiscard]] bool partial() const noexcept;
    /// Records that wait for an application id.
    [[nodiscard]] std::size_t waiting() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
