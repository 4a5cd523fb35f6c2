// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/source_watch.h"

#include "model/base/number_text.h"
#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

constexpr const char* kKind = "source-skipped";
constexpr unsigned kPairsPerLook = 2;
/// Reads of one step of the bisection, and messages looked at on each side of a join.
constexpr std::uint64_t kStep = 7;
constexpr std::uint64_t kAround = 8;
/// A server needs up to twelve seconds until it goes on with a source that was made anew.
constexpr std::chrono::seconds kServersOwnPace{20};
constexpr std::chrono::seconds kRetry{5};
constexpr std::chrono::seconds kClocksDiffer{10};

/// By how much two streams' times may be wrong against each other.
std::chrono::nanoseconds tolerance(const StreamSnapshot& a, const StreamSnapshot& b)
{
    const bool sameClock = !a.placement.isClustered() || a.placement.leader == b.placement.leader;
    return sameClock ? std::chrono::nanoseconds(0) : std::chrono::nanoseconds(kClocksDiffer);
}

bool canCompare(const StreamSnapshot& copy, const SourceSnapshot& source, const StreamSnapshot* origin)
{
    return origin != nullptr && source.isPlain && !copy.stale && !origin->stale && copy.messages > 0 &&
           origin->messages > 0;
}

std::string skippedText(const SourceSnapshot& source, const StreamSnapshot& origin, StreamSequence first,
                        StreamSequence last)
{
    const std::uint64_t span = last.value() - first.value() + 1;
    const bool isCounted = source.filter.empty() && origin.deleted == 0;
    const std::string what = span == 1
                                 ? fmt::format("message {} of the new one was", exactCount(first.value()))
                                 : fmt::format("{}messages of the new one ({} to {}) were",
                                               isCounted ? exactCount(span) + ' ' : std::string(),
                                               exactCount(first.value()), exactCount(last.value()));
    return fmt::format("its source {} was deleted and made anew, and {} not copied, though its lag says {}",
                       safeForDisplay(source.name), what, exactCount(source.lag));
}

} // namespace

void SourceWatch::look(const ClusterSnapshot& now, ClusterProbe& probe, std::stop_token stop)
{
    ++m_look;
    const auto find = [&](const std::string& name) -> const StreamSnapshot* {
        const auto found = std::ranges::lower_bound(now.streams, name, {}, &StreamSnapshot::name);
        return found != now.streams.end() && found->name == name ? &*found : nullptr;
    };
    unsigned worked = 0;
    for (const StreamSnapshot& copy : now.streams) {
        for (const SourceSnapshot& source : copy.sources) {
            const StreamSnapshot* origin = find(source.name);
            if (!canCompare(copy, source, origin))
                continue;
            Pair& pair = m_pairs[{copy.name, source.name}];
            pair.lastSeen = m_look;
            // Made anew, or `created` moved by itself: what was known may be of another stream.
            if (origin->lastSequence < pair.originLast || copy.lastSequence < pair.copyLast ||
                origin->created != pair.originCreated)
                pair = Pair{.copyLast = pair.copyLast, .lastSeen = m_look};
            pair.originCreated = origin->created;
            pair.originLast = origin->lastSequence;
            const View view{copy, *origin, source, now.sampled, pair};
            if (worked < kPairsPerLook && now.sampled >= pair.retryAt && (!pair.isDone || source.isMirror)) {
                const bool wasDone = pair.isDone;
                source.isMirror ? lookAtMirror(view, probe, stop) : lookAtSource(view, probe, stop);
                worked += wasDone ? 0 : 1;
            }
            pair.copyLast = copy.lastSequence;
            if (pair.finding && origin->firstSequence > pair.skippedLast)
                pair.finding.reset();
        }
    }
    std::erase_if(m_pairs, [&](const auto& entry) { return entry.second.lastSeen + 60 < m_look; });
}

std::vector<StreamFinding> SourceWatch::findings(const std::string& copy) const
{
    std::vector<StreamFinding> list;
    for (auto it = m_pairs.lower_bound({copy, {}}); it != m_pairs.end() && it->first.first == copy; ++it) {
        if (it->second.finding && it->second.lastSeen == m_look)
            list.push_back(*it->second.finding);
    }
    return list;
}

void SourceWatch::lookAtMirror(View view, ClusterProbe& probe, std::stop_token stop)
{
    Pair& pair = view.pair;
    const std::string name = safeForDisplay(view.source.name);
    // The mirror as it was at the look before, the stream as it is now: no race makes this true.
    const bool isBeyond = pair.copyLast > view.origin.lastSequence;
    pair.beyondLooks = isBeyond ? pair.beyondLooks + 1 : 0;
    if (pair.beyondLooks >= 2) {
        pair.skippedLast = view.origin.lastSequence;
        pair.finding = {kKind,
                        fmt::format("the stream {} that it mirrors was deleted and made anew: it ends at {}, "
                                    "this mirror at {}, and what lies there up to that is not copied, though "
                                    "the lag says {}",
                                    name, exactCount(view.origin.lastSequence.value()),
                                    exactCount(pair.copyLast.value()), exactCount(view.source.lag))};
        pair.isDone = false; // later the times tell
        return;
    }
    if (pair.isDone || isBeyond)
        return;
    const StreamSequence both = std::max(view.copy.firstSequence, view.origin.firstSequence);
    if (both > view.copy.lastSequence || both > view.origin.lastSequence)
        return;
    const auto timeIn = [&](const StreamSnapshot& stream) -> std::optional<ServerTime> {
        if (stream.firstSequence == both)
            return stream.firstTime;
        const CopyQuery query{stream.name, both};
        const std::optional<CopiedMessage> message = probe.copies({&query, 1}, stop).front();
        return message ? std::optional(message->time) : std::nullopt;
    };
    const std::optional<ServerTime> here = timeIn(view.copy);
    const std::optional<ServerTime> there = timeIn(view.origin);
    pair.retryAt = view.now + kRetry;
    if (!here || !there)
        return;
    pair.isDone = true;
    pair.retryAt = {};
    if (*here == *there)
        return;
    pair.skippedLast = both;
    pair.finding = {
        kKind, fmt::format("the stream {} that it mirrors was deleted and made anew: its message {} is of "
                           "{}, the one here of {}; what was stored there under sequences that were taken "
                           "here was not copied, though the lag says {}",
                           name, exactCount(both.value()), formatRfc3339(*there), formatRfc3339(*here),
                           exactCount(view.source.lag))};
}

void SourceWatch::lookAtSource(View view, ClusterProbe& probe, std::stop_token stop)
{
    Pair& pair = view.pair;
    if (!pair.isSearching) {
        const bool isOlder = view.copy.firstTime + tolerance(view.copy, view.origin) < view.origin.firstTime;
        if (!isOlder || view.copy.deleted > 0 || view.copy.retention != "limits") {
            pair.retryAt = view.now + kRetry; // limits move first messages on
            return;
        }
        pair.isSearching = true;
        pair.since = view.origin.firstTime;
        pair.before = view.copy.firstSequence;
        pair.from = view.copy.lastSequence.next();
    }
    if (pair.from > pair.before.next())
        narrow(view, probe, stop);
    else
        judgeJoin(view, probe, stop);
}

void SourceWatch::narrow(View view, ClusterProbe& probe, std::stop_token stop)
{
    Pair& pair = view.pair;
    const std::uint64_t low = pair.before.value();
    const std::uint64_t between = pair.from.value() - low - 1;
    std::vector<CopyQuery> queries;
    for (std::uint64_t i = 1; i <= std::min(kStep, between); ++i) {
        const std::uint64_t at = between <= kStep ? low + i : low + i * (between / (kStep + 1) + 1);
        if (at < pair.from.value())
            queries.push_back({view.copy.name, StreamSequence(at)});
    }
    const std::vector<std::optional<CopiedMessage>> messages = probe.copies(queries, stop);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!messages[i]) { // deleted since, or not to be read now: once more, later
            pair.isSearching = false;
            pair.retryAt = view.now + kRetry;
            return;
        }
        if (messages[i]->time >= pair.since) {
            pair.from = queries[i].sequence;
            return;
        }
        pair.before = queries[i].sequence;
    }
}

void SourceWatch::judgeJoin(View view, ClusterProbe& probe, std::stop_token stop)
{
    struct Copy
    {
        StreamSequence of;
        ServerTime time{};
    };
    Pair& pair = view.pair;
    std::vector<CopyQuery> queries;
    const std::uint64_t first =
        std::max(view.copy.firstSequence.value(), pair.from.value() - std::min(kAround, pair.from.value()));
    const std::uint64_t last = std::min(view.copy.lastSequence.value(), pair.from.value() + kAround - 1);
    for (std::uint64_t at = first; at <= last; ++at)
        queries.push_back({view.copy.name, StreamSequence(at)});
    const std::vector<std::optional<CopiedMessage>> messages = probe.copies(queries, stop);
    std::optional<Copy> old;
    std::vector<Copy> fresh;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!messages[i] || messages[i]->origin != view.source.name)
            continue;
        const Copy copy{messages[i]->originSequence, messages[i]->time};
        if (queries[i].sequence < pair.from)
            old = copy;
        else
            fresh.push_back(copy);
    }
    pair.isSearching = false;
    pair.isDone = true;
    if (!old || (fresh.empty() && last < view.copy.lastSequence.value()))
        return; // copies of others only: not to be told cheaply
    std::vector<std::string> filters;
    if (!view.source.filter.empty())
        filters.push_back(view.source.filter);
    std::vector<OldestMessageQuery> reads{{view.origin.name, old->of.previous(), {}},
                                          {view.origin.name, StreamSequence(0), filters}};
    if (!fresh.empty())
        reads.push_back({view.origin.name, fresh.front().of.previous(), {}});
    const std::vector<std::optional<OldestMessage>> found = probe.oldestMessages(reads, stop);
    const bool isOld = old->of > view.origin.lastSequence ||
                       (found[0] && found[0]->sequence == old->of &&
                        found[0]->time > old->time + tolerance(view.copy, view.origin));
    if (!isOld || !found[1])
        return;
    if (fresh.empty()) {
        judgeNothingCopied(view);
        return;
    }
    const Copy& join = fresh.front();
    const bool isNew = found[2] && found[2]->sequence == join.of && found[2]->time <= join.time;
    const bool isAscending = fresh.size() < 2 || fresh[1].of > join.of;
    pair.finding.reset();
    if (!isNew || !isAscending || found[1]->sequence >= join.of)
        return;
    pair.skippedLast = join.of.previous();
    pair.finding = {kKind, skippedText(view.source, view.origin, found[1]->sequence, pair.skippedLast)};
}

void SourceWatch::judgeNothingCopied(View view)
{
    Pair& pair = view.pair;
    pair.isDone = false; // it may still come
    pair.retryAt = view.now + kRetry;
    if (view.source.lag > 0) {
        pair.nothingSince.reset();
        return;
    }
    if (!pair.nothingSince)
        pair.nothingSince = view.now;
    if (view.now - *pair.nothingSince < kServersOwnPace)
        return;
    pair.skippedLast = view.origin.lastSequence;
    pair.finding = {kKind,
                    fmt::format("its source {} was deleted and made anew, and nothing of the new one is "
                                "copied ({} messages up to {}), though its lag says 0",
                                safeForDisplay(view.source.name), exactCount(view.origin.messages),
                                exactCount(view.origin.lastSequence.value()))};
}

} // namespace jetlag
