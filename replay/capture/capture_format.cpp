// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_format.h"

#include "model/base/hash.h"
#include "model/record/headers.h"

namespace jetlag::capture {

namespace {

constexpr std::string_view kVersion1 = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE streams(
  id INTEGER PRIMARY KEY, name BLOB NOT NULL,
  created INTEGER NOT NULL, known_sequence INTEGER NOT NULL, known_time INTEGER NOT NULL,
  config TEXT NOT NULL, filters TEXT NOT NULL,
  asked_from INTEGER NOT NULL, covered_to INTEGER NOT NULL,
  messages INTEGER NOT NULL, bytes INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
  first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
  checksum INTEGER NOT NULL);
CREATE TABLE subjects(
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, subject BLOB NOT NULL,
  messages INTEGER NOT NULL, bytes INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
  checksum INTEGER NOT NULL, UNIQUE(stream, subject));
CREATE TABLE events(
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
  first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
  before INTEGER NOT NULL, count INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL, body_bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL, data BLOB NOT NULL);
CREATE UNIQUE INDEX events_by_sequence ON events(stream, first_sequence, last_sequence, first_time, last_time, before, count);
CREATE TABLE gaps(
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, reason TEXT NOT NULL,
  checksum INTEGER NOT NULL);
CREATE UNIQUE INDEX gaps_by_sequence ON gaps(stream, first_sequence);
)";

constexpr std::string_view kSteps[] = {kVersion1};

} // namespace

const sqlite::Schema& schema()
{
    static constexpr sqlite::Schema kSchema{"capture", /*applicationId=*/0x4A4C4350, kSteps};
    return kSchema;
}

HeaderColumn headerColumnFor(std::string_view name) noexcept
{
    if (name == headers::kMessageId)
        return HeaderColumn::MessageId;
    if (name == headers::kPrevious)
        return HeaderColumn::Previous;
    if (name == headers::kKey)
        return HeaderColumn::Key;
    return HeaderColumn::Plain;
}

RowChecksum& RowChecksum::integer(std::int64_t value)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        m_row.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xff));
    return *this;
}

RowChecksum& RowChecksum::bytes(std::string_view value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        m_row.push_back(static_cast<char>(value.size() >> shift & 0xff));
    m_row.append(value);
    return *this;
}

RowChecksum& RowChecksum::dataBytes(std::string_view value)
{
    return integer(static_cast<std::int64_t>(hash64(value)));
}

std::int64_t RowChecksum::value() const
{
    return static_cast<std::int64_t>(hash64(m_row));
}

} // namespace jetlag::capture
