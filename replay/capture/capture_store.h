#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/result.h"
#include "model/sqlite/connection.h"
#include "model/sqlite/transaction.h"
#include "replay/capture/capture_lock.h"
#include "replay/capture/capture_rows.h"
#include "replay/capture/chunk_encoder.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag::capture {

enum class Target {
    New,       ///< a file that exists is refused
    Overwrite, ///< a file that exists is removed first
    Append,    ///< the file must be a capture
};

/// The writing side of a capture's tables. One thread at a time.
class CaptureStore final
{
public:
    /// Takes the writer's lock, makes or opens the file, marks it as being written.
    [[nodiscard]] static Result<std::unique_ptr<CaptureStore>>
    open(const std::filesystem::path& path, Target target, const std::string& vfs, const Clock& clock);

    /// The streams that were there when it was opened. Corrupt when a row's checksum is wrong.
    [[nodiscard]] Result<std::vector<StreamRow>> streams();
    /// Gives `row` its id and commits it.
    [[nodiscard]] Result<void> addStream(StreamRow& row);

    // Inside a transaction, which begins with the first of these and ends with commit().
    /// head.id 0: a new chunk, its id is set; else that chunk is replaced.
    [[nodiscard]] Result<void> putChunk(ChunkHead& head, std::string_view data);
    /// A gap that goes on where the stream's newest one ends makes that one longer.
    [[nodiscard]] Result<void> addGap(std::int64_t stream, const SequenceGap& gap);
    [[nodiscard]] Result<void> addToSubject(std::int64_t stream, const SubjectTotals& more);
    [[nodiscard]] Result<void> putStream(const StreamRow& row);
    [[nodiscard]] Result<void> commit();
    [[nodiscard]] bool inTransaction() const noexcept { return m_transaction.has_value(); }

    /// Marks the file as closed and makes it one file. False: somebody reads it, so it stays in WAL mode.
    [[nodiscard]] Result<bool> closeClean();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_connection.path(); }

private:
    CaptureStore(sqlite::Connection connection, WriterLock lock, const Clock& clock);
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> putMeta(std::string_view key, const std::string& value);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> markAsBeingWritten(bool isNew);

    // The lock goes last: nobody may start to write before the connection is closed.
    WriterLock m_lock;
    sqlite::Connection m_connection;
    std::optional<sqlite::Transaction> m_transaction;
    std::optional<sqlite::Statement> m_putMeta, m_putStream, m_putChunk, m_putGap, m_findSubject,
        m_putSubject;
    std::map<std::int64_t, GapRow> m_lastGaps; // by stream
    std::int64_t m_nextChunk = 1;
    std::int64_t m_nextGap = 1;
    std::int64_t m_nextSubject = 1;
    const Clock& m_clock;
};

} // namespace jetlag::capture
