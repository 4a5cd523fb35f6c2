#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"

#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::test {

/// Messages that own their bytes, and views of them.
class MessageMaker final
{
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// Sequence and time go on by themselves when none is given.
    Message& add(std::string subject, Headers headers, std::string payload, std::uint64_t sequence = 0)
    {
        Owned& owned =
            m_owned.emplace_back(Owned{std::move(subject), std::move(headers), std::move(payload), {}});
        for (const auto& [name, value] : owned.headers)
            owned.fields.push_back({name, value});
        m_sequence = sequence ? sequence : m_sequence + 1;
        m_time += std::chrono::microseconds(137) + std::chrono::nanoseconds(m_sequence % 977);
        Message message;
        message.sequence = StreamSequence(m_sequence);
        message.time = m_time;
        message.subject = owned.subject;
        message.headers = owned.fields;
        message.payload = owned.payload;
        return messages.emplace_back(message);
    }

    /// As a hook publishes records of one source: every message names its predecessor.
    void addChained(const std::string& source, const std::string& subject, const std::string& key,
                    std::string payload)
    {
        const std::string offset = std::to_string(m_offset);
        m_offset += payload.size() + 1;
        add(subject,
            {{"Nats-Msg-Id", source + ':' + offset + '-' + offset},
             {"Nats-Expected-Stream", "SPARK"},
             {"Jetlag-Prev", m_previous},
             {"Jetlag-Key", key}},
            std::move(payload));
        m_previous = offset;
    }

    std::deque<Message> messages;

private:
    struct Owned
    {
        std::string subject;
        Headers headers;
        std::string payload;
        std::vector<HeaderField> fields;
    };
    std::deque<Owned> m_owned;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_offset = 0;
    std::string m_previous = "-";
    ServerTime m_time{std::chrono::seconds(1'700'000'000)};
};

/// Empty when both are the same message byte for byte, else what differs.
inline std::string difference(const Message& got, const Message& wanted)
{
    const std::string at = "message " + std::to_string(wanted.sequence.value()) + ": ";
    if (got.sequence != wanted.sequence)
        return at + "sequence " + std::to_string(got.sequence.value());
    if (got.time != wanted.time)
        return at + "time";
    if (got.subject != wanted.subject)
        return at + "subject " + std::string(got.subject);
    if (got.payload != wanted.payload)
        return at + "payload";
    if (got.headers.size() != wanted.headers.size())
        return at + std::to_string(got.headers.size()) + " headers";
    for (std::size_t i = 0; i < got.headers.size(); ++i) {
        if (got.headers[i].name != wanted.headers[i].name || got.headers[i].value != wanted.headers[i].value)
            return at + "header " + std::string(got.headers[i].name) + '=' +
                   std::string(got.headers[i].value);
    }
    return {};
}

} // namespace jetlag::test
