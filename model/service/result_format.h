#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/pipeline_service.h"
#include "model/service/replay_service.h"

#include <string>

namespace jetlag {

/// The one object that `replay --format json` prints. Its names are a contract: they only grow.
/// `tables` empty = all; else only those.
[[nodiscard]] std::string replayResultJson(const ReplayResult& result,
                                           const std::vector<std::string>& tables = {});
/// Replay's object plus `stream collector read_again redelivered`.
[[nodiscard]] std::string collectorJson(const CollectorSummary& summary);
/// A list of rows as objects, numbers exact, unknown null.
[[nodiscard]] std::string tableJson(const Table& table);
/// RFC 4180 with a header line; unknown is empty, a list is joined by blanks.
[[nodiscard]] std::string tableCsv(const Table& table);
/// A cell as plain text; "–" for unknown.
[[nodiscard]] std::string cellText(const Cell& cell);

/// One line of JSON for one message: `sequence time subject headers` and `body`, or `body_base64` where
/// the payload is no UTF-8. A subject or header that is no UTF-8 comes percent-encoded, with
/// `subject_encoded` / `headers_encoded` true.
[[nodiscard]] std::string messageJson(const Message& message);

} // namespace jetlag
