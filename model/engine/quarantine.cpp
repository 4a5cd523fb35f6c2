// SPDX-License-Identifier: Apache-2.0
#include "model/engine/quarantine.h"

#include "model/base/byte_io.h"

namespace jetlag {

Hash128 quarantineHash(const Record& record, QuarantineReason reason)
{
    if (reason != QuarantineReason::TooLarge)
        return hash128(record.event.payload);
    ByteWriter length;
    length.u64(record.fullLength);
    Hasher128 hasher;
    hasher.add(record.event.payload.substr(0, kOversizeKeptBytes));
    hasher.add(length.view());
    return hasher.result();
}

void QuarantineCollector::add(const Record& record, QuarantineReason reason)
{
    const Hash128 hash = quarantineHash(record, reason);
    m_marks.push_back({hash, reason});
    ++m_count;
    if (m_keep == KeepRows::First && m_count > m_kept)
        return;
    const bool whole = m_keep == KeepRows::All && reason != QuarantineReason::TooLarge;
    QuarantinedEvent& row = m_rows.emplace_back();
    row.sequence = record.sequence;
    row.index = record.index;
    row.subject = record.event.subject;
    row.reason = reason;
    row.bytesHash = hash;
    row.bytes = whole ? record.event.payload : record.event.payload.substr(0, kOversizeKeptBytes);
    m_rowBytes += sizeof(QuarantinedEvent) + row.subject.size() + row.bytes.size();
}

} // namespace jetlag
