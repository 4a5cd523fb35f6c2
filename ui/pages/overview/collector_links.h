#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "model/service/replay_service.h"
#include "ui/models/collector_model.h"

#include <QString>

#include <memory>

namespace jetlag::ui {

/// The first message that the collector has not acked, or the stream's first where that one is gone already.
[[nodiscard]] StreamSequence firstUnprocessed(const CollectorRecord& row);

/// Where a replay of its trouble begins: at the first message that the position has passed and that nobody
/// processed (stranded, dead letters), as far as one is known, else at firstUnprocessed().
[[nodiscard]] StreamSequence replayBegin(const CollectorRecord& row);

/// All that the collector would read from there, read without touching it.
[[nodiscard]] ReplayRequest replayFromHere(const CollectorRecord& row, std::shared_ptr<ServerLink> server);

/// Puts the diagnosis as Markdown on the clipboard; returns what is to be said of it.
QString copyDiagnosis(const CollectorReport& row);

/// `nats consumer info STREAM CONSUMER` with the names as the server knows them, each one word for a shell.
[[nodiscard]] QString natsInfoCommand(const ConsumerName& name);

} // namespace jetlag::ui
