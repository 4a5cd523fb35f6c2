#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string_view>

namespace jetlag {

/// What the analyzer needs of one line of a NameNode's audit log; views into the line.
///
///     2015-07-09 00:00:00,172 INFO FSNamesystem.audit: allowed=true<TAB>ugi=hdfs
///     (auth:SIMPLE)<TAB>ip=/10.0.2.15
///         <TAB>cmd=listStatus<TAB>src=/user<TAB>dst=null<TAB>perm=null[<TAB>proto=rpc][<TAB>callerContext=CLI]
struct AuditLine
{
    std::int64_t localSeconds = 0; ///< date and time as written, counted as if they were UTC
    std::int64_t milliseconds = 0; ///< 0 to 999
    bool denied = false;
    std::string_view command; ///< without ` (options=..)`
    std::string_view source;  ///< `src` as logged; may be no path (`null`, `{}`, a token's name)
};

/// Nothing when it is no audit line: no date in front, or one of the seven fields that every NameNode writes
/// (allowed ugi ip cmd src dst perm) is missing, as in a line that was cut. Further fields may stand
/// anywhere; of a repeated one the first counts, because a path may hold a tab and what looks like a field.
[[nodiscard]] std::optional<AuditLine> parseAuditLine(std::string_view line) noexcept;

} // namespace jetlag
