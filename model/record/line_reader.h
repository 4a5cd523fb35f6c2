#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/record/byte_stream.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace jetlag {

/// One line as it stands in a log.
struct LogLine
{
    std::uint64_t offset = 0; ///< uncompressed bytes of the file before it
    std::string_view bytes;   ///< without the `\n`, all else untouched (a `\r` stays); of one above
                              ///< kMaxRecordBytes the first kOversizeKeptBytes
    std::uint64_t length =
        0; ///< real length without the `\n`; more than bytes.size() only when above kMaxRecordBytes
};

/// Some lines and what owns their bytes. kPayloadPadding readable bytes follow each line.
struct LineBlock
{
    std::vector<LogLine> lines;
    std::shared_ptr<const void> owner; ///< keep it as long as any view of the lines

    void clear()
    {
        lines.clear();
        owner.reset();
    }
};

enum class LineOutcome {
    Lines, ///< the block holds at least one line
    AtEnd, ///< nothing more now
};

enum class LastLine {
    IsRecord, ///< a last line without an end is a line
    MayGrow,  ///< it is kept back until its end comes, or close() says that none will
};

/// Splits a stream of bytes into lines, about a megabyte of them at a time, without a copy or an allocation
/// per line. Memory is bounded whatever the input: a line above kMaxRecordBytes is cut and counted.
/// A file cut short by damage gives all its complete lines, then the error; the broken line is not a record.
///
///     auto stream = openLogBytes(path);
///     LineReader reader(std::move(*stream), LastLine::IsRecord);
///     while (true) {
///         auto outcome = reader.next(block);         // or an error: what came before it was delivered
///         if (!outcome || *outcome == LineOutcome::AtEnd) break;
///         ... block.lines ...
///     }
///
/// One thread; blocks may be kept and dropped on others.
class LineReader final
{
public:
    /// `offset`: where `stream` begins in its file.
    LineReader(std::unique_ptr<ByteStream> stream, LastLine lastLine, std::uint64_t offset = 0);
    ~LineReader();
    LineReader(LineReader&&) noexcept;
    LineReader& operator=(LineReader&&) noexcept;

    /// Replaces the block's content. After AtEnd it may be called again: a file that grew goes on.
    [[nodiscard]] Result<LineOutcome> next(LineBlock& block);
    /// MayGrow only: the file is closed (rotated away, or its writer is gone) and was read to its end; what
    /// was kept back is a line now. Does what next() does; go on with next() until AtEnd.
    [[nodiscard]] Result<LineOutcome> close(LineBlock& block);

    /// Where the next line begins: everything before it was delivered.
    [[nodiscard]] std::uint64_t nextOffset() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
