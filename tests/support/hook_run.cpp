// SPDX-License-Identifier: Apache-2.0
#include "tests/support/hook_run.h"

#include "model/record/assembler.h"
#include "nats/client/requester.h"
#include "nats/hook/stream_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace jetlag::test {

using namespace std::chrono_literals;

HookThread::HookThread(HookOptions options)
{
    options.progressEvery = 10ms;
    options.onProgress = [shared = m_shared](const HookProgress& progress) {
        const std::lock_guard lock(shared->mutex);
        shared->progress = progress;
    };
    m_thread = std::jthread([shared = m_shared, options = std::move(options)](std::stop_token stop) {
        Result<HookOutcome> outcome = runHook(options, stop);
        const std::lock_guard lock(shared->mutex);
        shared->outcome.emplace(std::move(outcome));
    });
}

HookProgress HookThread::progress() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->progress;
}

bool HookThread::waitForRecords(std::uint64_t count) const
{
    (void)waitUntil([&] { return progress().records >= count || isFinished(); }, 60s);
    return progress().records >= count;
}

bool HookThread::isFinished() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->outcome.has_value();
}

Result<HookOutcome> HookThread::outcome()
{
    if (!waitUntil([&] { return isFinished(); }, 60s))
        return Error(ErrorCode::Timeout, "the hook does not end");
    m_thread.join();
    return *m_shared->outcome;
}

std::string StoredMessage::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

namespace {

StoredMessage storedFrom(natsMsg* message)
{
    StoredMessage stored;
    stored.payload.assign(natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message)));
    const char** keys = nullptr;
    int count = 0;
    if (natsMsgHeader_Keys(message, &keys, &count) != NATS_OK)
        throw std::runtime_error("a direct get answer without headers");
    for (int i = 0; i < count; ++i) {
        const std::string_view name = keys[i];
        const char* value = nullptr;
        natsMsgHeader_Get(message, keys[i], &value);
        if (name == "Nats-Subject")
            stored.subject = value;
        else if (name == "Nats-Sequence")
            stored.sequence = std::stoull(value);
        else if (name != "Nats-Stream" && name != "Nats-Time-Stamp")
            stored.headers.emplace_back(name, value);
    }
    free(keys);
    return stored;
}

} // namespace

std::vector<StoredMessage> readStream(Connection& connection, const std::string& stream)
{
    const Result<TargetStream> info = readTargetStream(connection, stream, 30s);
    if (!info)
        throw std::runtime_error(info.error().message());
    Result<Requester> requester = Requester::create(connection, {256, 30s});
    if (!requester)
        throw std::runtime_error(requester.error().message());
    const std::string subject = connection.apiPrefix() + ".DIRECT.GET." + stream;
    std::vector<StoredMessage> messages;
    std::uint64_t next = 1;
    while (next <= info->lastSequence.value() || requester->inFlight() > 0) {
        while (next <= info->lastSequence.value() && requester->hasRoom()) {
            if (!requester->send(subject, fmt::format(R"({{"seq":{}}})", next)))
                throw std::runtime_error("cannot ask for a message");
            ++next;
        }
        std::optional<RequestAnswer> answer = requester->next(30s);
        if (!answer || answer->error)
            throw std::runtime_error("no answer for a message");
        const char* sequence = nullptr;
        if (natsMsgHeader_Get(answer->message.get(), "Nats-Sequence", &sequence) == NATS_OK)
            messages.push_back(storedFrom(answer->message.get()));
    }
    std::sort(messages.begin(), messages.end(),
              [](const StoredMessage& a, const StoredMessage& b) { return a.sequence < b.sequence; });
    return messages;
}

std::vector<std::string> AssembledRecords::payloads() const
{
    std::vector<std::string> all;
    for (const OneRecord& record : records)
        all.push_back(record.payload);
    return all;
}

AssembledRecords assemble(const std::vector<StoredMessage>& messages)
{
    AssembledRecords assembled;
    RecordAssembler assembler(AssemblerRange{false, StreamSequence(1)});
    for (const StoredMessage& stored : messages) {
        ByteArena arena;
        std::vector<HeaderField> fields;
        for (const auto& [name, value] : stored.headers)
            fields.push_back({name, value});
        Message message;
        message.sequence = StreamSequence(stored.sequence);
        message.subject = stored.subject;
        message.headers = fields;
        message.payload = stored.payload;
        std::vector<Record> records;
        assembler.add(message, records, arena);
        for (const Record& record : records)
            assembled.records.push_back({std::string(record.event.key), std::string(record.event.subject),
                                         std::string(record.event.payload), record.reason,
                                         record.fullLength});
    }
    assembled.counters = assembler.counters();
    return assembled;
}

std::vector<std::string> hdfsLines(std::size_t count, std::size_t first)
{
    std::vector<std::string> lines;
    lines.reserve(count);
    for (std::size_t i = first; i < first + count; ++i)
        lines.push_back(
            fmt::format("2015-07-09 {:02}:{:02}:{:02},{:03} INFO FSNamesystem.audit: allowed=true\t"
                        "ugi=user{} (auth:SIMPLE)\tip=/10.0.0.{}\tcmd=open\tsrc=/data/part-{:07}\t"
                        "dst=null\tperm=null\tproto=rpc",
                        i / 3'600'000 % 24, i / 60'000 % 60, i / 1'000 % 60, i % 1'000, i % 10, i % 250, i));
    return lines;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const std::string& line : lines) {
        text += line;
        text += '\n';
    }
    return text;
}

} // namespace jetlag::test
