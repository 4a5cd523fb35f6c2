#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace jetlag {

struct Event;

/// What an event says about its query.
enum class HivePhase : std::uint8_t {
    Other,     ///< neither of the two below
    Submitted, ///< planned and about to run
    Completed, ///< ended, one way or the other
};

enum class HiveOutcome : std::uint8_t { Unknown, Succeeded, Failed };

/// One event of a Hive hook, as views that stay good until the reader's next call. Empty text = not given.
struct HiveEvent
{
    HivePhase phase = HivePhase::Other;
    HiveOutcome outcome = HiveOutcome::Unknown; ///< of a completed one
    std::string_view eventType;
    std::string_view queryId;
    std::string_view user;
    std::string_view requestUser;
    std::string_view queue;
    std::string_view executionMode;
    std::string_view operation;
    std::string_view queryText;
    std::string_view error;
    std::optional<std::int64_t> time;      ///< of the event itself; milliseconds UTC
    std::optional<std::int64_t> startTime; ///< of the query
    std::optional<std::int64_t> endTime;
    std::optional<std::vector<std::string_view>> tablesRead; ///< nullopt = not given; may be empty
    std::optional<std::vector<std::string_view>> tablesWritten;
};

/// Reads what Hive's own hook writes (HiveHookEventProto as JSON) and the hive_process entities of Atlas.
/// Unknown fields and shapes are passed over; only JSON that is not well-formed as a whole is refused.
/// One thread.
class HiveEventReader final
{
public:
    HiveEventReader();
    ~HiveEventReader();
    HiveEventReader(const HiveEventReader&) = delete;
    HiveEventReader& operator=(const HiveEventReader&) = delete;

    /// False when simdjson's DOM parser refuses the payload; then `event` holds nothing of use.
    [[nodiscard]] bool read(const Event& from, HiveEvent& event);

private:
    struct Parsers;
    std::unique_ptr<Parsers> m_parsers;
};

} // namespace jetlag
