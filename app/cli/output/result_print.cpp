// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output/result_print.h"

#include "app/cli/output/text_table.h"
#include "model/base/number_text.h"
#include "model/base/text.h"
#include "model/service/result_format.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

// A screen's worth; --table NAME or --format json give all.
constexpr std::size_t kRowsShown = 20;
constexpr std::size_t kCellWidth = 48;

bool isNumber(const Cell& cell)
{
    return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<std::uint64_t>(cell) ||
           std::holds_alternative<double>(cell);
}

std::string elided(std::string text)
{
    if (text.size() <= kCellWidth)
        return text;
    std::size_t end = kCellWidth - 1;
    while (end > 0 && (text[end] & 0xc0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

std::string shown(const Cell& cell, Unit unit)
{
    const auto* number = std::get_if<std::int64_t>(&cell);
    if (unit == Unit::UnixMillis && number)
        return formatRfc3339(ServerTime(std::chrono::milliseconds(*number)));
    return elided(cellText(cell));
}

// Columns that say nothing in any row only push the others off the screen.
std::vector<std::size_t> columnsWithValues(const Table& table)
{
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < table.schema().columns.size(); ++i) {
        const bool any = std::any_of(table.rows().begin(), table.rows().end(), [i](const Row& row) {
            return !std::holds_alternative<std::monostate>(row[i]);
        });
        if (any)
            columns.push_back(i);
    }
    return columns;
}

void printTable(const Table& table, std::size_t limit)
{
    const std::size_t total = table.rows().size();
    fmt::print("\n{} ({} {})\n", table.schema().name, exactCount(total), total == 1 ? "row" : "rows");
    if (total == 0)
        return;
    const std::vector<std::size_t> columns = columnsWithValues(table);
    std::vector<TextTable::Heading> headings;
    for (std::size_t column : columns) {
        const bool right =
            isNumber(table.rows().front()[column]) && table.schema().columns[column].unit != Unit::UnixMillis;
        headings.push_back(
            {table.schema().columns[column].name, right ? TextTable::Align::Right : TextTable::Align::Left});
    }
    TextTable text(std::move(headings));
    for (std::size_t i = 0; i < std::min(total, limit); ++i) {
        std::vector<std::string> cells;
        for (std::size_t column : columns)
            cells.push_back(shown(table.rows()[i][column], table.schema().columns[column].unit));
        text.add(std::move(cells));
    }
    fmt::print("{}", text.text());
    if (total > limit)
        fmt::print("… {} more; --table {} shows all, --format json every column\n", exactCount(total - limit),
                   table.schema().name);
}

} // namespace

void printResult(const ReplayResult& result, const std::vector<std::string>& tables)
{
    const EngineCounters& counters = result.engine.counters;
    fmt::print("{} {}: {} events from {} messages, sequence {} to {}\n", result.analyzer, result.version,
               exactCount(counters.events()), exactCount(counters.records.messages),
               exactCount(result.engine.firstSequence.value()),
               exactCount(result.engine.lastSequence.value()));
    const auto note = [](std::uint64_t count, const char* words) {
        if (count > 0)
            fmt::print("  {} {}\n", exactCount(count), words);
    };
    note(counters.quarantined, "quarantined: not well-formed, set aside");
    note(counters.skipped, "skipped: of another kind");
    note(counters.records.duplicates, "duplicates dropped");
    note(counters.records.parked, "waiting for a predecessor that has not come");
    note(counters.records.lost, "gaps given up on");
    if (result.engine.partial)
        fmt::print("  partial: what came before the range is not in it\n");
    fmt::print("digest {}\n", result.engine.digest.toHex());

    for (const Table& table : result.engine.tables) {
        const bool named = std::find(tables.begin(), tables.end(), table.schema().name) != tables.end();
        if (tables.empty())
            printTable(table, kRowsShown);
        else if (named)
            printTable(table, table.rows().size());
    }
    if (!result.engine.quarantined.empty() && tables.empty()) {
        fmt::print("\nquarantined\n");
        TextTable text({{"sequence", TextTable::Align::Right},
                        {"reason"},
                        {"subject"},
                        {"bytes", TextTable::Align::Right},
                        {"begins"}});
        const std::size_t count = std::min(result.engine.quarantined.size(), kRowsShown);
        for (std::size_t i = 0; i < count; ++i) {
            const QuarantinedEvent& event = result.engine.quarantined[i];
            text.add({exactCount(event.sequence.value()), std::string(toString(event.reason)),
                      elided(safeForDisplay(event.subject)), exactCount(event.bytes.size()),
                      elided(safeForDisplay(std::string_view(event.bytes).substr(0, kCellWidth)))});
        }
        fmt::print("{}", text.text());
    }
}

} // namespace jetlag
