// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/stream_findings.h"

#include "model/base/number_text.h"
#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace jetlag {

namespace {

constexpr double kNear = 0.9;
constexpr std::uint64_t kSourceLag = 1'000;
constexpr std::chrono::seconds kSourceSilent{30};
/// Counts of stream and consumers are taken moments apart.
constexpr double kMomentsApart = 0.05;
constexpr std::uint64_t kFewMessages = 10;

double shareOf(std::uint64_t held, std::int64_t limit)
{
    return limit > 0 ? static_cast<double>(held) / static_cast<double>(limit) : 0;
}

std::optional<StreamFinding> fullness(const StreamSnapshot& stream)
{
    if (stream.discard != "new" || stream.messages == 0)
        return std::nullopt;
    const double byMessages = shareOf(stream.messages, stream.maxMessages);
    const double byBytes = shareOf(stream.bytes, stream.maxBytes);
    // Bytes never reach their limit: the next message of usual size does not fit.
    const std::uint64_t usual = stream.bytes / stream.messages;
    const bool noRoom =
        stream.maxBytes > 0 && stream.bytes + usual > static_cast<std::uint64_t>(stream.maxBytes);
    const std::string held =
        byMessages >= byBytes
            ? fmt::format("{} of max_msgs {}", exactCount(stream.messages), stream.maxMessages)
            : fmt::format("{} of max_bytes {}", shortBytes(static_cast<double>(stream.bytes)),
                          shortBytes(static_cast<double>(stream.maxBytes)));
    if (byMessages >= 1 || noRoom)
        return StreamFinding{"refusing",
                             fmt::format("it is full ({}) and refuses new messages (discard new, error "
                                         "10077 to publishers): make room or raise the limit",
                                         held)};
    if (std::max(byMessages, byBytes) >= kNear)
        return StreamFinding{"limits-near",
                             fmt::format("it holds {} and will refuse new messages when it is full", held)};
    return std::nullopt;
}

std::optional<StreamFinding> unclaimed(const StreamSnapshot& stream,
                                       std::span<const ConsumerSnapshot* const> consumers)
{
    if (stream.retention != "workqueue" || stream.messages == 0)
        return std::nullopt;
    const bool known = std::none_of(consumers.begin(), consumers.end(),
                                    [](const ConsumerSnapshot* consumer) { return consumer->stale; });
    const bool takesAll =
        std::any_of(consumers.begin(), consumers.end(),
                    [](const ConsumerSnapshot* consumer) { return consumer->filters.empty(); });
    if (!known || takesAll || consumers.size() < stream.consumerCount)
        return std::nullopt;
    std::uint64_t claimed = 0;
    for (const ConsumerSnapshot* consumer : consumers)
        claimed += consumer->lag();
    const auto tolerance =
        consumers.empty()
            ? 0
            : std::max<std::uint64_t>(
                  kFewMessages,
                  static_cast<std::uint64_t>(kMomentsApart * static_cast<double>(stream.messages)));
    if (stream.messages <= claimed + tolerance)
        return std::nullopt;
    return StreamFinding{
        "unclaimed",
        consumers.empty()
            ? fmt::format("its {} messages wait for nobody: this work queue has no consumer",
                          exactCount(stream.messages))
            : fmt::format("about {} of its {} messages are of subjects that no consumer's filter takes",
                          exactCount(stream.messages - claimed), exactCount(stream.messages))};
}

std::optional<StreamFinding> behind(const SourceSnapshot& source)
{
    const std::string name = safeForDisplay(source.name);
    if (!source.problem.empty())
        return StreamFinding{"source-behind", fmt::format("its source {} is in error: {}", name,
                                                          safeForDisplay(source.problem))};
    if (!source.active)
        return StreamFinding{"source-behind", fmt::format("its source {} was never heard of", name)};
    if (*source.active > kSourceSilent && source.lag > 0)
        return StreamFinding{"source-behind",
                             fmt::format("its source {} was not heard of for {} and has {} messages more",
                                         name,
                                         shortDuration(std::chrono::duration<double>(*source.active).count()),
                                         exactCount(source.lag))};
    if (source.lag >= kSourceLag)
        return StreamFinding{"source-behind", fmt::format("it lags {} messages behind its source {}",
                                                          exactCount(source.lag), name)};
    return std::nullopt;
}

} // namespace

std::vector<StreamFinding> findingsOf(const StreamSnapshot& stream,
                                      std::span<const ConsumerSnapshot* const> consumers)
{
    std::vector<StreamFinding> findings;
    if (stream.stale)
        return findings;
    if (std::optional<StreamFinding> finding = fullness(stream))
        findings.push_back(std::move(*finding));
    if (std::optional<StreamFinding> finding = unclaimed(stream, consumers))
        findings.push_back(std::move(*finding));
    for (const SourceSnapshot& source : stream.sources) {
        if (std::optional<StreamFinding> finding = behind(source))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

} // namespace jetlag
