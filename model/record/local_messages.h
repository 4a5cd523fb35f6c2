#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/record/framer.h"

namespace jetlag {

/// Appends framed records to `out` as messages for the engine, without a stream in between: record number
/// `first` and up as sequence, no server time, the subject without partition, and only the headers that a
/// log needs (key, zone, length of a cut record). They carry no chain: a file has its records in order and
/// once. The core makes of them the very events that it makes of the published ones.
/// Consumes the batch's bytes: `out` owns them afterwards, `batch` is left cleared.
void appendLocalMessages(FramedBatch& batch, StreamSequence first, MessageBatch& out);

} // namespace jetlag
