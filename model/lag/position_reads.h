#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/by_consumer_name.h"
#include "model/cluster/cluster_probe.h"
#include "model/cluster/snapshot.h"
#include "model/lag/sequence_clock.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace jetlag {

/// Behind which sequence the oldest unprocessed message of a consumer lies; nullopt where the server's
/// counters do not tell (never acked, and it did not start at the stream's beginning).
[[nodiscard]] std::optional<StreamSequence> unprocessedAfter(const ConsumerSnapshot& consumer);

/// The messages around a consumer's positions: what a lag in seconds and several verdicts rest on. Reads few
/// of them: a message stays the oldest until the position reaches it or the stream's first sequence passes
/// it or something inside the stream is deleted, so a stuck consumer costs one read; a quiet one costs one
/// for each quiet spell (is something left behind?); of a flowing unfiltered one the stream's own clock knows
/// the time without a read. One thread at a time; pure but for its memory.
///
///     reads.learn(probe.oldestMessages(reads.plan(snapshot), stop));
///     reads.learnCounts(probe.countMatching(reads.planCounts(snapshot), stop));
///     seconds = reads.timeLag(consumer, snapshot.at);
class PositionReads final
{
public:
    /// Reads per look at one look a second, more where they come rarely: each transfers one message body. Who
    /// waits longest comes first, then who lags most; who stands where another one does costs nothing.
    explicit PositionReads(std::size_t readsPerLook = 64)
        : m_readsPerLook(readsPerLook)
    {}

    [[nodiscard]] std::vector<OldestMessageQuery> plan(const ClusterSnapshot& snapshot);
    /// The answers to plan()'s queries, in their order.
    void learn(const std::vector<std::optional<OldestMessage>>& answers);

    /// Counts of what filters match: where a filtered consumer is new, was edited, or went quiet.
    [[nodiscard]] std::vector<MatchingQuery> planCounts(const ClusterSnapshot& snapshot);
    void learnCounts(const std::vector<std::optional<std::uint64_t>>& answers);

    /// What is known for a consumer's positions as they are now.
    struct Known
    {
        std::optional<OldestMessage> unread;     ///< first matching one behind `delivered`
        std::optional<OldestMessage> afterFloor; ///< the same behind `ack_floor`
        std::optional<OldestMessage> first;      ///< first matching one of the stream
        std::vector<OldestMessage> further;      ///< those behind it that are unprocessed too; ten at most
        std::optional<std::uint64_t> matching;   ///< counted in this very look
    };
    [[nodiscard]] Known known(const ConsumerSnapshot& consumer) const;

    /// Age of the oldest unprocessed message in seconds; 0 without lag; nullopt when not known.
    [[nodiscard]] std::optional<double> timeLag(const ConsumerSnapshot& consumer, ServerTime now) const;
    /// Age of the oldest message that was not delivered yet.
    [[nodiscard]] std::optional<double> deliveryLag(const ConsumerSnapshot& consumer, ServerTime now) const;
    /// The same from what known() gave.
    [[nodiscard]] static std::optional<double> timeLag(const ConsumerSnapshot& consumer, const Known& known,
                                                       ServerTime now);
    [[nodiscard]] static std::optional<double> deliveryLag(const ConsumerSnapshot& consumer,
                                                           const Known& known, ServerTime now);

private:
    enum class Kind { Unread, AfterFloor, First, Further };
    /// When it was read: what is deleted later may be that very message.
    struct ReadAt
    {
        std::uint64_t look = 0;
        std::chrono::steady_clock::time_point sampled{};
    };
    struct Entry
    {
        std::optional<OldestMessage> unread;
        std::optional<OldestMessage> afterFloor;
        std::optional<OldestMessage> first;
        std::vector<OldestMessage> further; ///< in this quiet spell, behind the oldest that was left
        bool isFurtherRead = false;         ///< there are no more
        ReadAt furtherAt;
        ReadAt unreadAt;
        ReadAt afterFloorAt;
        StreamSequence position; ///< at the look before
        StreamSequence floor;
        ConsumerSequence deliveries;
        unsigned quietLooks = 0;
        StreamSequence quietFloor; ///< asked in this quiet spell: at this floor ...
        StreamSequence quietLast;  ///< ... and this end of the stream
        std::chrono::steady_clock::time_point quietAsked{};
        std::uint64_t wantedSince = 0; ///< look; 0 = wants nothing
        std::uint64_t lastSeen = 0;
        // counts
        std::vector<std::string> countedFilters;
        std::uint64_t countedMessages = 0;
        StreamSequence countedLast;
        bool counted = false;
        std::chrono::steady_clock::time_point countAsked{};
        std::optional<std::uint64_t> matching;
        std::uint64_t matchingLook = 0;
    };
    struct StreamKnown
    {
        SequenceClock clock;
        ServerTime created{};
        StreamSequence first;
        std::uint64_t deleted = ~std::uint64_t(0); ///< inside; a sequence may hold no message
        std::uint64_t deletedLook = 0;             ///< at which that number was another one than before
        bool deletesAlways = false;                ///< acks or newer messages delete inside all the time
        std::chrono::nanoseconds lookedEvery{};
        std::chrono::steady_clock::time_point looked{};
        std::uint64_t lastSeen = 0;
    };
    struct Asked
    {
        ConsumerName name;
        Kind kind = Kind::Unread;
        std::chrono::steady_clock::time_point sampled{};
        std::size_t query = 0; ///< whose answer it is; collectors at one place share it
    };
    struct Wish
    {
        const ConsumerSnapshot* consumer;
        Entry* entry;
        Kind kind;
        StreamSequence after;
    };
    /// What tells queries apart.
    struct QueryKey
    {
        std::string_view stream;
        StreamSequence after;
        std::span<const std::string> filters;

        bool operator<(const QueryKey& other) const
        {
            if (std::tie(stream, after) != std::tie(other.stream, other.after))
                return std::tie(stream, after) < std::tie(other.stream, other.after);
            return std::ranges::lexicographical_compare(filters, other.filters);
        }
    };

    void see(const ClusterSnapshot& snapshot);
    static void learnFurther(Entry& entry, const std::optional<OldestMessage>& answer, ReadAt readAt);
    [[nodiscard]] std::vector<OldestMessageQuery> choose(const std::vector<Wish>& wishes,
                                                         const ClusterSnapshot& snapshot);
    [[nodiscard]] static StreamSequence afterOf(const ConsumerSnapshot& consumer, Kind kind);
    /// Of who gave up and went quiet: behind which sequences to ask for more that was left.
    [[nodiscard]] std::vector<StreamSequence> furtherAfter(const ConsumerSnapshot& consumer,
                                                           const StreamSnapshot& stream, Entry& entry) const;
    [[nodiscard]] std::size_t shareOf(const ClusterSnapshot& snapshot);
    [[nodiscard]] std::vector<Kind> wanted(const ConsumerSnapshot& consumer, const StreamSnapshot& stream,
                                           const Entry& entry, const ClusterSnapshot& snapshot) const;
    /// What was read, if it still lies there; else what the stream's clock knows.
    [[nodiscard]] std::optional<OldestMessage> behind(const std::optional<OldestMessage>& read,
                                                      const ConsumerSnapshot& consumer,
                                                      StreamSequence after) const;
    [[nodiscard]] bool isRead(const std::optional<OldestMessage>& read, const ConsumerSnapshot& consumer,
                              StreamSequence after) const;
    /// Something was deleted inside of the stream since it was read.
    [[nodiscard]] bool mayBeGone(const ReadAt& read, const StreamKnown& stream) const;
    /// How wrong a time may be that was worked out instead of read: one look.
    [[nodiscard]] static std::chrono::nanoseconds exactEnough(const StreamKnown& stream);
    [[nodiscard]] const StreamKnown* streamOf(const ConsumerSnapshot& consumer) const;

    std::size_t m_readsPerLook;
    std::uint64_t m_look = 0;
    std::map<ConsumerName, Entry, ByConsumerName> m_entries;
    std::map<std::string, StreamKnown> m_streams;
    std::vector<Asked> m_asked;
    std::vector<std::pair<ConsumerName, std::size_t>> m_countsAsked; ///< whose answer it is
    std::optional<std::chrono::steady_clock::time_point> m_planned;  ///< the look before
    std::size_t m_share = 1; ///< so many times what a look may read at one look a second
};

} // namespace jetlag
