#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/advisory.h"
#include "model/cluster/report.h"
#include "model/history/history_mark.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace jetlag {

/// Older ones go first; a collector that gives up a thousand a second is a verdict's matter, not a list's.
inline constexpr std::size_t kDeadLettersKept = 5'000;

struct DeadLetterKey
{
    std::string stream;
    std::string collector;
    std::uint64_t sequence = 0;
    auto operator<=>(const DeadLetterKey&) const = default;
};

/// A message that its collector will not get again, or that holds it up.
struct DeadLetter
{
    enum class Origin {
        MaxDeliveries, ///< announced: all deliveries used up
        Terminated,    ///< announced: the collector gave it up
        FoundStuck,    ///< nobody announced it; it was found behind the ack floor
    };
    DeadLetterKey key;
    Origin origin = Origin::FoundStuck;
    std::uint64_t deliveries = 0; ///< 0 = not known
    std::string reason;           ///< as told with it
    ServerTime at{};              ///< when it was announced or found
    std::string subject;          ///< empty until it is known
    /// By the stream's ends alone; one from its inside may be gone too.
    bool isInStream = true;
};

/// The mark that keeps an announcement of a dead letter over a restart; nullopt for other advisories.
[[nodiscard]] std::optional<HistoryMark> deadLetterMark(const Advisory& advisory);

/// Messages out of deliveries and terminated ones as the servers announce them, and those found stuck without
/// an announcement. One thread; bounded.
class DeadLetterList final
{
public:
    explicit DeadLetterList(std::size_t mostKept = kDeadLettersKept)
        : m_mostKept(mostKept)
    {}

    /// True = something changed.
    bool add(const ClusterReport& report, std::span<const Advisory> advisories);
    /// What a history kept of announcements.
    bool addPast(std::span<const HistoryMark> marks);
    /// `sequence` was found behind the floor of a collector that will not get it.
    bool addFound(DeadLetter letter);

    [[nodiscard]] const std::map<DeadLetterKey, DeadLetter>& letters() const noexcept { return m_letters; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return m_dropped; }

private:
    bool put(DeadLetter letter);
    bool lookAtEnds(const ClusterReport& report);

    const std::size_t m_mostKept;
    std::map<DeadLetterKey, DeadLetter> m_letters;
    std::uint64_t m_dropped = 0;
};

} // namespace jetlag
