#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/cause.h"
#include "model/verdict/window.h"

#include <optional>
#include <span>

namespace jetlag {

/// What retention or a purge took before it was processed, as far as it was seen.
struct LossTally
{
    std::uint64_t unread = 0;  ///< messages never delivered: a lower bound
    std::uint64_t unacked = 0; ///< delivered, and gone before an ack
    std::uint64_t from = 0;    ///< first sequence of the unread ones; 0 = not known
    std::uint64_t to = 0;
};

/// What rules remember from sample to sample: losses and peaks count for a while.
struct RuleMemory
{
    std::optional<double> lostAt;
    std::uint64_t lostUpTo = 0; ///< highest sequence counted as lost
    LossTally loss;
    unsigned samplesWithoutLeader = 0;
    unsigned samplesWithoutQuorum = 0;
    unsigned samplesBeyondEnd = 0;
    unsigned samplesUnbound = 0;
    std::optional<double> floodAt;
    std::optional<double> burstSince;
    double burstRate = 0; ///< what makes it one, per second
    std::optional<double> nearLimitAt;
    std::optional<double> neverDelivered; ///< of the last sample
    bool neverDeliveredJumped = false;
};

/// How sure a rule wants to be before its name is taken.
enum class Entry {
    AtOnce,   ///< its window is its patience
    Spanning, ///< two samples in a row; one when polls are slow, as its window then spans four samples
    Twice,    ///< two samples in a row: each rests on one look
    Thrice,   ///< three, two when polls are slow: what calms needs more
};

struct Rule
{
    Cause cause;
    Entry entry;
    bool (*holds)(const VerdictWindow& window, RuleMemory& memory);
};

/// In order of precedence: what explains the others comes first.
[[nodiscard]] std::span<const Rule> verdictRules();

/// Something is going wrong but is not proved yet: then "none" is not said either.
[[nodiscard]] bool looksUnwell(const VerdictWindow& window, const RuleMemory& memory);

} // namespace jetlag
