#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/history/history_mark.h"
#include "model/history/history_series.h"
#include "model/sqlite/connection.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jetlag {

/// The reading end of the history's file, beside whoever writes it: sees all that is committed. Changes
/// nothing. One thread.
class HistoryReader final
{
public:
    /// NotFound: there is no history yet. The rest as HistoryWriter::open().
    [[nodiscard]] static Result<HistoryReader> open(const std::filesystem::path& path);

    /// Takes the tier that suits the width of the range, and coarser ones where that one does not reach back.
    /// Damaged blocks are gaps. A row that nothing is known of gives empty lines.
    [[nodiscard]] Result<HistorySeries> series(const HistoryQuery& query);
    [[nodiscard]] Result<std::vector<HistoryMark>> marks(const MarkQuery& query);

private:
    struct Row
    {
        std::int64_t connection = 0;
        std::int64_t id = 0; ///< 0 = unknown
    };
    explicit HistoryReader(sqlite::Connection connection)
        : m_connection(std::move(connection))
    {}
    [[nodiscard]] Result<Row> findRow(const HistoryQuery& query);
    [[nodiscard]] Result<ServerTime> oldestOf(std::int64_t row);

    sqlite::Connection m_connection;
};

} // namespace jetlag
