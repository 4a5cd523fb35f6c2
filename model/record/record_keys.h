#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// An application id and attempt out of Spark's own words.
struct SparkApplication
{
    std::string id;
    std::string attempt; ///< empty = none

    [[nodiscard]] std::string key() const { return attempt.empty() ? id : id + '/' + attempt; }
    bool operator==(const SparkApplication&) const = default;
};

/// Does it look like what Spark's cluster managers give out (`application_<ms>_<n>`, `app-<time>-<n>`,
/// `local-<ms>`, `spark-<32 hex digits>`, `spark-application-<ms>`)?
[[nodiscard]] bool looksLikeSparkApplicationId(std::string_view text) noexcept;
/// From the name of an event log or of the directory of a rolled one: `<id>[_<attempt>]`, without
/// `eventlog_v2_`, `events_<n>_` and the endings that say how it is compressed or that it is in progress.
[[nodiscard]] std::optional<SparkApplication> sparkApplicationFromName(std::string_view fileName);

/// The acting user of an HDFS audit line: its `ugi=` up to the first `/`, `@` or blank. Empty when the line
/// is no audit line. A view into `line`.
[[nodiscard]] std::string_view hdfsAuditUser(std::string_view line) noexcept;

/// Reads the few fields of a JSON line that a key needs; keeps its parser. Lines need kPayloadPadding
/// readable bytes behind them. One thread.
class JsonKeyReader final
{
public:
    JsonKeyReader();
    ~JsonKeyReader();
    JsonKeyReader(JsonKeyReader&&) noexcept;
    JsonKeyReader& operator=(JsonKeyReader&&) noexcept;

    /// From a SparkListenerApplicationStart; nothing for any other event, or without an id.
    [[nodiscard]] std::optional<SparkApplication> sparkApplicationStart(std::string_view line);

    struct HiveNames
    {
        std::string_view queryId; ///< good until the next call; empty = none
        std::string_view user;    ///< `user`, else `requestUser`
    };
    [[nodiscard]] HiveNames hiveNames(std::string_view line);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
