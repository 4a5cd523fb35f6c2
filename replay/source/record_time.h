#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/time_zone.h"
#include "model/record/framer.h"

#include <memory>
#include <optional>
#include <string_view>

namespace jetlag {

/// Finds the time that a record of a raw log carries: an audit line's date, a Hive event's timestamp, a
/// Spark event's own time. Costs a parse per record, so it is asked only where a range or a pace needs it.
/// One thread.
class RecordTimeReader final
{
public:
    /// `zone` is where times without a zone were written.
    RecordTimeReader(RecordKind kind, TimeZone zone);
    ~RecordTimeReader();
    RecordTimeReader(RecordTimeReader&&) noexcept;
    RecordTimeReader& operator=(RecordTimeReader&&) noexcept;

    /// nullopt when the record tells none (Spark's environment, a malformed line). kPayloadPadding readable
    /// bytes follow the record.
    [[nodiscard]] std::optional<ServerTime> timeOf(std::string_view record);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
