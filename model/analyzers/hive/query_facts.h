#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/hive/hive_event.h"
#include "model/base/byte_io.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What is known of one query, as views into its packed bytes and into the event being folded in.
///
/// Millions of queries are kept, one small block of bytes each; only the one that an event is about is
/// ever unpacked. The packed form is the snapshot.
struct QueryFacts
{
    bool submitted = false;
    bool completed = false;
    HiveOutcome outcome = HiveOutcome::Unknown;
    std::optional<std::int64_t> startTime;
    std::optional<std::int64_t> endTime;
    std::string_view user;
    std::string_view requestUser;
    std::string_view queue;
    std::string_view executionMode;
    std::string_view operation;
    std::string_view error;
    std::string_view queryText;
    std::optional<std::vector<std::string_view>> tablesRead;
    std::optional<std::vector<std::string_view>> tablesWritten;

    /// Joins an event to what is known; in whatever order submission and completion come, the same facts
    /// come out. The submission's words win, the completion's fill in what it does not carry. Of two
    /// submissions, or two completions, the first counts: a query runs once.
    void add(const HiveEvent& event);

    /// Texts that are too long are cut, and say so.
    void pack(ByteWriter& writer) const;
    /// False when the bytes are none of pack()'s. The views point into what `reader` reads.
    [[nodiscard]] bool unpack(ByteReader& reader);
};

/// `text`, or, when it is longer than `limit` bytes, its beginning (whole UTF-8 characters) and how many
/// bytes the whole had; never longer than `limit`, so that nothing is cut twice.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t limit);

} // namespace jetlag
