// SPDX-License-Identifier: Apache-2.0
#include "model/thresholds/thresholds.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace jetlag {

namespace {

constexpr std::string_view kPrefix = "io.nats.monitor.";
constexpr std::size_t kMostShown = 40; // of an unreadable value

using Level = ThresholdLevel;

double secondsOf(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// "1,200 messages", "90 s".
std::string withUnit(double value, std::string_view unit)
{
    if (unit == "seconds")
        return fmt::format("{:.6g} s", value);
    return fmt::format("{:.0f} {}", value, unit);
}

class Check
{
public:
    explicit Check(const AssetMetadata& metadata)
        : m_metadata(metadata)
    {
        const std::string* enabled = written("enabled");
        if (enabled == nullptr)
            return;
        m_isOff = !readFlag("enabled", *enabled).value_or(true);
    }

    bool flag(std::string_view name)
    {
        const std::string* text = written(name);
        return text != nullptr && !m_isOff && readFlag(name, *text).value_or(false);
    }
    /// nullopt = nothing written, 0, or unreadable (which is told).
    std::optional<double> number(std::string_view name)
    {
        const std::string* text = written(name);
        if (text == nullptr || m_isOff)
            return std::nullopt;
        const std::optional<std::uint64_t> value = parseU64(*text);
        if (!value)
            addUnreadable(name, *text, "no number");
        return value && *value > 0 ? std::optional(static_cast<double>(*value)) : std::nullopt;
    }
    std::optional<double> seconds(std::string_view name)
    {
        const std::string* text = written(name);
        if (text == nullptr || m_isOff)
            return std::nullopt;
        const Result<std::chrono::nanoseconds> value = parseDuration(*text);
        if (!value)
            addUnreadable(name, *text, "no duration such as 90s or 5m");
        return value && value->count() > 0 ? std::optional(secondsOf(*value)) : std::nullopt;
    }

    void add(std::string_view name, Level level, std::optional<double> limit, std::optional<double> value,
             std::string_view unit, std::string sentence)
    {
        m_found.push_back({.what = std::string(name),
                           .level = level,
                           .limit = limit,
                           .value = value,
                           .unit = std::string(unit),
                           .sentence = std::move(sentence)});
    }
    /// A number of which one below 0, the commands' own word for "none", is none too.
    std::optional<double> wholeNumber(std::string_view name)
    {
        const std::string* text = written(name);
        const bool isNone = text != nullptr && text->starts_with('-') && parseU64(text->substr(1));
        return isNone ? std::nullopt : number(name);
    }
    /// `words`: "are not delivered".
    void atLeast(std::string_view name, std::uint64_t value, std::string_view unit, std::string_view words)
    {
        const std::optional<double> limit = wholeNumber(name);
        if (limit && static_cast<double>(value) >= *limit)
            add(name, Level::Critical, *limit, static_cast<double>(value), unit,
                fmt::format("{} {}; its owner allows less than {:.0f}", withUnit(double(value), unit), words,
                            *limit));
    }

    std::vector<ThresholdFinding> take()
    {
        std::ranges::stable_sort(m_found, [](const ThresholdFinding& a, const ThresholdFinding& b) {
            return a.level == Level::Critical && b.level != Level::Critical;
        });
        return std::move(m_found);
    }

private:
    [[nodiscard]] const std::string* written(std::string_view name) const
    {
        for (const auto& [key, value] : m_metadata) {
            if (key.size() == kPrefix.size() + name.size() && key.starts_with(kPrefix) && key.ends_with(name))
                return &value;
        }
        return nullptr;
    }
    std::optional<bool> readFlag(std::string_view name, const std::string& text)
    {
        constexpr std::array<std::string_view, 6> kNo{"false", "False", "FALSE", "f", "F", "0"};
        constexpr std::array<std::string_view, 6> kYes{"true", "True", "TRUE", "t", "T", "1"};
        if (std::ranges::find(kNo, text) != kNo.end())
            return false;
        if (std::ranges::find(kYes, text) != kYes.end())
            return true;
        addUnreadable(name, text, "neither true nor false");
        return std::nullopt;
    }
    void addUnreadable(std::string_view name, const std::string& text, std::string_view why)
    {
        m_found.push_back({.what = std::string(name),
                           .level = Level::Unreadable,
                           .sentence = fmt::format("{}{} is “{}”, which is {}", kPrefix, name,
                                                   safeForDisplay(text.substr(0, kMostShown)), why)});
    }

    const AssetMetadata& m_metadata;
    bool m_isOff = false;
    std::vector<ThresholdFinding> m_found;
};

void checkMessages(Check& check, const StreamSnapshot& stream)
{
    const auto messages = static_cast<double>(stream.messages);
    for (const auto& [name, level] :
         {std::pair{"msgs-critical", Level::Critical}, std::pair{"msgs-warn", Level::Warning}}) {
        const std::optional<double> limit = check.number(name);
        if (!limit || messages > *limit)
            continue;
        check.add(name, level, *limit, messages, "messages",
                  fmt::format("only {:.0f} messages are stored; its owner wants more than {:.0f}", messages,
                              *limit));
        return; // critical says it all
    }
}

void checkSubjects(Check& check, const StreamSnapshot& stream)
{
    const std::optional<double> warning = check.wholeNumber("subjects-warn");
    const std::optional<double> critical = check.wholeNumber("subjects-critical");
    const bool tooMany = warning.value_or(0) < critical.value_or(0);
    const auto subjects = static_cast<double>(stream.subjectCount);
    const auto crosses = [&](const std::optional<double>& limit) {
        return limit && (tooMany ? subjects >= *limit : subjects <= *limit);
    };
    const auto add = [&](const char* name, Level level, double limit) {
        check.add(name, level, limit, subjects, "subjects",
                  tooMany ? fmt::format("{:.0f} subjects are stored; its owner allows less than {:.0f}",
                                        subjects, limit)
                          : fmt::format("only {:.0f} subjects are stored; its owner wants more than {:.0f}",
                                        subjects, limit));
    };
    if (crosses(critical))
        add("subjects-critical", Level::Critical, *critical);
    else if (crosses(warning))
        add("subjects-warn", Level::Warning, *warning);
}

void checkSources(Check& check, const StreamSnapshot& stream)
{
    const auto count = static_cast<double>(stream.sources.size());
    if (const auto limit = check.wholeNumber("min-sources"); limit && count < *limit)
        check.add(
            "min-sources", Level::Critical, *limit, count, "sources",
            fmt::format("it copies from {:.0f} streams; its owner wants at least {:.0f}", count, *limit));
    if (const auto limit = check.wholeNumber("max-sources"); limit && count > *limit)
        check.add(
            "max-sources", Level::Critical, *limit, count, "sources",
            fmt::format("it copies from {:.0f} streams; its owner allows at most {:.0f}", count, *limit));
    const std::optional<double> lag = check.number("lag-critical");
    const std::optional<double> seen = check.seconds("seen-critical");
    for (const SourceSnapshot& source : stream.sources) {
        const std::string name = safeForDisplay(source.name);
        if (const auto behind = static_cast<double>(source.lag); lag && behind >= *lag)
            check.add(
                "lag-critical", Level::Critical, *lag, behind, "messages",
                fmt::format("it is {:.0f} messages behind its source {}; its owner allows less than {:.0f}",
                            behind, name, *lag));
        if (seen && source.active && secondsOf(*source.active) >= *seen)
            check.add("seen-critical", Level::Critical, *seen, secondsOf(*source.active), "seconds",
                      fmt::format("its source {} was heard {:.0f} s ago; its owner allows less than {:.6g} s",
                                  name, secondsOf(*source.active), *seen));
    }
}

void checkPeers(Check& check, const StreamSnapshot& stream)
{
    const PlacementSnapshot& place = stream.placement;
    if (const std::optional<double> limit = check.wholeNumber("peer-expect")) {
        const auto peers = static_cast<double>(place.replicas.size() + (place.leader.empty() ? 0 : 1));
        if (peers != *limit)
            check.add("peer-expect", Level::Critical, *limit, peers, "peers",
                      fmt::format("{:.0f} servers hold it; its owner expects {:.0f}", peers, *limit));
    }
    const std::optional<double> lag = check.number("peer-lag-critical");
    const std::optional<double> seen = check.seconds("peer-seen-critical");
    for (const ReplicaSnapshot& replica : place.replicas) {
        const std::string name = safeForDisplay(replica.name);
        if (const auto behind = static_cast<double>(replica.lag); lag && behind > *lag)
            check.add("peer-lag-critical", Level::Critical, *lag, behind, "operations",
                      fmt::format("the replica on {} is {:.0f} operations behind; its owner allows {:.0f}",
                                  name, behind, *lag));
        if (const double silent = secondsOf(replica.active); seen && silent > *seen)
            check.add("peer-seen-critical", Level::Critical, *seen, silent, "seconds",
                      fmt::format("the replica on {} was heard {:.0f} s ago; its owner allows {:.6g} s", name,
                                  silent, *seen));
    }
}

/// Leaders forget when they last delivered. What never happened is as old as the consumer.
std::optional<double> secondsSince(const std::optional<ServerTime>& last, bool never, ServerTime created,
                                   ServerTime now)
{
    if (!last && (!never || created == ServerTime{}))
        return std::nullopt;
    return secondsOf(now - (last ? *last : created));
}

void checkSilence(Check& check, std::string_view name, std::string_view what, std::optional<double> silent,
                  bool never)
{
    const std::optional<double> limit = check.seconds(name);
    if (!limit || !silent || *silent < *limit)
        return;
    check.add(name, Level::Critical, *limit, never ? std::nullopt : silent, "seconds",
              never
                  ? fmt::format("nothing was ever {} in the {:.0f} s since it was created; its owner allows "
                                "less than {:.6g} s",
                                what, *silent, *limit)
                  : fmt::format("nothing was {} for {:.0f} s; its owner allows less than {:.6g} s", what,
                                *silent, *limit));
}

void checkPinned(Check& check, const ConsumerSnapshot& consumer)
{
    if (!check.flag("pinned"))
        return;
    const auto groups = static_cast<double>(consumer.priorityGroups.size());
    if (consumer.priorityPolicy != "pinned_client" || consumer.priorityGroups.empty()) {
        check.add(
            "pinned", Level::Critical, std::nullopt, std::nullopt, "clients",
            "its priority policy is not pinned_client; its owner wants one pinned client in each group");
        return;
    }
    const auto pinned = static_cast<double>(std::ranges::count_if(
        consumer.priorityGroups, [](const PriorityGroup& group) { return group.isPinned; }));
    if (pinned < groups)
        check.add(
            "pinned", Level::Critical, groups, pinned, "clients",
            fmt::format("{:.0f} of its {:.0f} priority groups have a pinned client; its owner wants all",
                        pinned, groups));
}

} // namespace

std::string_view toString(ThresholdLevel level) noexcept
{
    switch (level) {
    case ThresholdLevel::Warning:
        return "warn";
    case ThresholdLevel::Critical:
        return "critical";
    case ThresholdLevel::Unreadable:
        return "unreadable";
    }
    return "";
}

std::vector<ThresholdFinding> crossedThresholds(const StreamSnapshot& stream)
{
    if (stream.stale || stream.metadata.empty())
        return {};
    Check check(stream.metadata);
    checkPeers(check, stream);
    checkMessages(check, stream);
    checkSubjects(check, stream);
    checkSources(check, stream);
    return check.take();
}

std::vector<ThresholdFinding> crossedThresholds(const ConsumerSnapshot& consumer, ServerTime now)
{
    if (consumer.stale || consumer.metadata.empty())
        return {};
    const ServerTime then = consumer.answered.value_or(now);
    Check check(consumer.metadata);
    check.atLeast("unprocessed-critical", consumer.pending, "messages", "are not delivered");
    check.atLeast("outstanding-ack-critical", consumer.ackPending, "messages", "wait for an ack");
    check.atLeast("redelivery-critical", consumer.redelivered, "messages", "are being redelivered");
    check.atLeast("waiting-critical", consumer.waiting, "pulls", "wait");
    const bool neverDelivered = consumer.delivered.consumer.isZero();
    checkSilence(check, "last-delivery-critical", "delivered",
                 secondsSince(consumer.lastDelivered, neverDelivered, consumer.created, then),
                 neverDelivered && !consumer.lastDelivered);
    const bool neverAcked = consumer.ackFloor.consumer.isZero();
    checkSilence(check, "last-ack-critical", "acked",
                 secondsSince(consumer.lastAcked, neverAcked, consumer.created, then),
                 neverAcked && !consumer.lastAcked);
    checkPinned(check, consumer);
    return check.take();
}

bool hasCritical(const std::vector<ThresholdFinding>& findings)
{
    return std::ranges::any_of(
        findings, [](const ThresholdFinding& finding) { return finding.level == Level::Critical; });
}

} // namespace jetlag
