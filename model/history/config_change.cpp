// SPDX-License-Identifier: Apache-2.0
#include "model/history/config_change.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace jetlag {

namespace {

std::string words(const std::string& value)
{
    return value.empty() ? "none" : value;
}
std::string words(std::int64_t value)
{
    return std::to_string(value);
}
std::string words(std::uint32_t value)
{
    return std::to_string(value);
}
std::string words(bool value)
{
    return value ? "yes" : "no";
}
std::string words(std::chrono::nanoseconds value)
{
    return value.count() == 0 ? "none" : durationWords(value);
}
std::string words(const std::vector<std::string>& values)
{
    return values.empty() ? "all" : fmt::format("{}", fmt::join(values, " "));
}

/// Without what the server writes there for itself.
AssetMetadata ofPeople(const AssetMetadata& metadata)
{
    AssetMetadata kept;
    std::ranges::copy_if(metadata, std::back_inserter(kept),
                         [](const auto& entry) { return !entry.first.starts_with("_nats."); });
    std::ranges::sort(kept);
    return kept;
}
std::string words(const AssetMetadata& metadata)
{
    std::vector<std::string> entries;
    for (const auto& [key, value] : metadata)
        entries.push_back(key + "=" + value);
    return words(fmt::format("{}", fmt::join(entries, " ")));
}

class Differences final
{
public:
    template <typename Value>
    void compare(std::string_view name, const Value& before, const Value& now)
    {
        if (before == now)
            return;
        m_words += fmt::format("{}{} {} → {}", m_words.empty() ? "" : ", ", name, words(before), words(now));
    }
    [[nodiscard]] std::string take() { return std::move(m_words); }

private:
    std::string m_words;
};

} // namespace

std::string durationWords(std::chrono::nanoseconds duration)
{
    struct Unit
    {
        std::chrono::nanoseconds size;
        std::string_view name;
    };
    static constexpr std::array<Unit, 7> kUnits{{{std::chrono::hours(24), "d"},
                                                 {std::chrono::hours(1), "h"},
                                                 {std::chrono::minutes(1), "m"},
                                                 {std::chrono::seconds(1), "s"},
                                                 {std::chrono::milliseconds(1), "ms"},
                                                 {std::chrono::microseconds(1), "µs"},
                                                 {std::chrono::nanoseconds(1), "ns"}}};
    std::string text;
    int parts = 0;
    for (const Unit& unit : kUnits) {
        const auto count = duration / unit.size;
        if (count <= 0 || parts == 2)
            continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
        duration -= count * unit.size;
        ++parts;
    }
    return text.empty() ? "0 s" : text;
}

std::string configChange(const StreamSnapshot& before, const StreamSnapshot& now)
{
    Differences differences;
    differences.compare("subjects", before.subjects, now.subjects);
    differences.compare("retention", before.retention, now.retention);
    differences.compare("storage", before.storage, now.storage);
    differences.compare("discard", before.discard, now.discard);
    differences.compare("max_msgs", before.maxMessages, now.maxMessages);
    differences.compare("max_bytes", before.maxBytes, now.maxBytes);
    differences.compare("max_msgs_per_subject", before.maxMessagesPerSubject, now.maxMessagesPerSubject);
    differences.compare("max_age", before.maxAge, now.maxAge);
    differences.compare("allow_direct", before.allowDirect, now.allowDirect);
    differences.compare("sealed", before.sealed, now.sealed);
    differences.compare("num_replicas", before.configuredReplicas, now.configuredReplicas);
    differences.compare("metadata", ofPeople(before.metadata), ofPeople(now.metadata));
    return differences.take();
}

std::string configChange(const ConsumerSnapshot& before, const ConsumerSnapshot& now)
{
    Differences differences;
    differences.compare("filter_subjects", before.filters, now.filters);
    differences.compare("ack_wait", before.ackWait, now.ackWait);
    differences.compare("max_deliver", before.maxDeliver, now.maxDeliver);
    differences.compare("max_ack_pending", before.maxAckPending, now.maxAckPending);
    differences.compare("max_waiting", before.maxWaiting, now.maxWaiting);
    differences.compare("deliver_policy", before.deliverPolicy, now.deliverPolicy);
    differences.compare("ack_policy", before.ackPolicy, now.ackPolicy);
    differences.compare("deliver_subject", before.deliverSubject, now.deliverSubject);
    differences.compare("deliver_group", before.deliverGroup, now.deliverGroup);
    differences.compare("metadata", ofPeople(before.metadata), ofPeople(now.metadata));
    return differences.take();
}

} // namespace jetlag
