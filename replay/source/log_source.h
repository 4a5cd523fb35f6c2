#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/engine/event_source.h"
#include "model/record/framer.h"
#include "model/service/position.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// The kind of log that an analyzer reads: `spark`, `hdfs` and `hive` their own, `traffic` plain lines;
/// nullopt for an analyzer that reads no logs.
[[nodiscard]] std::optional<RecordKind> logKindFor(std::string_view analyzer) noexcept;

struct LogSourceOptions
{
    std::vector<std::filesystem::path> paths; ///< files and directories, read in this order
    RecordKind kind = RecordKind::Lines;
    std::string timeZone;    ///< IANA name for times without a zone; empty = UTC
    std::string application; ///< Spark: where neither log nor name tells it
    /// Sequences are record numbers, from 1 over all files. Times are the records' own: of each file, from
    /// the first record at or after `from` up to the last one before something later than `to`.
    PositionRange range;
    std::vector<std::string> filters; ///< on `<kind>.<label>`; empty = everything
    bool wantTimes = false;           ///< messages carry their record's time, for a pace; costs a parse each
};

/// Raw log files (plain, gzip, zstd) as a source: the records that a hook would publish, framed by the same
/// code, so that a raw log, the stream it became and a capture of that stream give one digest. What a stream
/// would drop as a duplicate (the same source at offsets that were read already) is left out as well.
///
/// A file that is damaged gives all records before the damage; the other files are still read, then the
/// error comes instead of the end. One thread.
class LogSource final : public EventSource
{
public:
    /// NotFound, Denied: a path that cannot be read. InvalidArgument: no path, or a zone that nobody knows.
    [[nodiscard]] static Result<std::unique_ptr<LogSource>> open(LogSourceOptions options);
    ~LogSource() override;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override;

    /// Share of the files' bytes read so far, 0 to 1: by whole files for compressed ones. Any thread.
    [[nodiscard]] double fractionRead() const noexcept;
    /// Some file did not tell its application, so results are partial. After the end.
    [[nodiscard]] bool partial() const noexcept;
    /// Records left out because their source had them already. Any thread.
    [[nodiscard]] std::uint64_t repeatedRecords() const noexcept;

private:
    struct Impl;
    explicit LogSource(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
