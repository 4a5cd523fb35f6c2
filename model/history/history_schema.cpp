// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_schema.h"

#include "model/history/history_series.h"

namespace jetlag {

namespace {

constexpr std::array<std::string_view, 2> kSteps{R"(
CREATE TABLE connections(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE);
CREATE TABLE history_rows(
  id INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  stream BLOB NOT NULL,
  collector BLOB NOT NULL,
  UNIQUE(connection, stream, collector));
CREATE TABLE states(
  id INTEGER PRIMARY KEY,
  verdict TEXT NOT NULL,
  cause TEXT NOT NULL,
  UNIQUE(verdict, cause));
CREATE TABLE blocks(
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL);
CREATE TABLE journal(
  id INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  newest_tail INTEGER NOT NULL,
  data BLOB NOT NULL);
CREATE INDEX journal_by_connection ON journal(connection, newest_tail);
CREATE TABLE marks(
  id INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  stream BLOB NOT NULL,
  collector BLOB NOT NULL,
  word TEXT NOT NULL,
  detail TEXT NOT NULL,
  verdict TEXT NOT NULL,
  verdict_before TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  reviewed INTEGER NOT NULL,
  muted INTEGER NOT NULL);
CREATE INDEX marks_by_time ON marks(connection, at);
)",
                                                 // Readers look at one part only.
                                                 R"(
DROP TABLE journal;
CREATE TABLE journal(
  id INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  part INTEGER NOT NULL,
  newest_tail INTEGER NOT NULL,
  data BLOB NOT NULL);
CREATE INDEX journal_by_part ON journal(connection, part, newest_tail);
)"};

constexpr sqlite::Schema kSchema{
    .what = "history",
    .applicationId = 0x4a4c4849, // "JLHI"
    .steps = kSteps,
};

using std::chrono::milliseconds;
constexpr std::array<HistoryTier, 3> kTiers{{
    {.number = 0, .stepMs = 0, .blockMs = kTailMs, .kept = kSamplesKept},
    {.number = 1, .stepMs = 10'000, .blockMs = 1'800'000, .kept = kTenSecondsKept},
    {.number = 2, .stepMs = 60'000, .blockMs = 10'800'000, .kept = kMinutesKept},
}};

} // namespace

const sqlite::Schema& historySchema() noexcept
{
    return kSchema;
}

std::span<const HistoryTier, 3> historyTiers() noexcept
{
    return kTiers;
}

} // namespace jetlag
