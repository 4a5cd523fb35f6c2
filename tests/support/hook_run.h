#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/record/record.h"
#include "nats/hook/hook.h"
#include "tests/support/broker.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace jetlag::test {

/// A hook at work in a thread of its own. Stopped and joined by the destructor.
class HookThread final
{
public:
    explicit HookThread(HookOptions options);

    [[nodiscard]] HookProgress progress() const;
    /// Waits until so many records are acked; false after 60 s, or when the hook ended before.
    [[nodiscard]] bool waitForRecords(std::uint64_t count) const;
    void requestStop() { m_thread.request_stop(); }
    [[nodiscard]] bool isFinished() const;
    /// Waits for its end, at most 60 s.
    [[nodiscard]] Result<HookOutcome> outcome();

private:
    struct Shared
    {
        mutable std::mutex mutex;
        HookProgress progress;
        std::optional<Result<HookOutcome>> outcome;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
    std::jthread m_thread;
};

struct StoredMessage
{
    std::uint64_t sequence = 0;
    std::string subject;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string payload;

    [[nodiscard]] std::string header(std::string_view name) const;
};

/// Everything that the stream holds, by direct get.
[[nodiscard]] std::vector<StoredMessage> readStream(Connection& connection, const std::string& stream);

/// What the core makes of those messages.
struct AssembledRecords
{
    struct OneRecord
    {
        std::string key;
        std::string subject;
        std::string payload;
        QuarantineReason reason = QuarantineReason::None;
        std::uint64_t fullLength = 0;
    };
    std::vector<OneRecord> records;
    RecordCounters counters;

    [[nodiscard]] std::vector<std::string> payloads() const;
};
[[nodiscard]] AssembledRecords assemble(const std::vector<StoredMessage>& messages);

/// Field-true lines of an HDFS audit log, without line ends; ten users take turns.
[[nodiscard]] std::vector<std::string> hdfsLines(std::size_t count, std::size_t first = 0);
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);

} // namespace jetlag::test
