// SPDX-License-Identifier: Apache-2.0
#include "model/lag/sequence_clock.h"

#include <algorithm>
#include <iterator>

namespace jetlag {

namespace {
constexpr std::size_t kMostKnown = 400;
}

void SequenceClock::note(StreamSequence sequence, ServerTime time)
{
    if (sequence.isZero() || time == ServerTime{})
        return;
    const auto next = m_known.lower_bound(sequence.value());
    if (next != m_known.end() && next->first == sequence.value()) {
        if (next->second == time)
            return;
        m_known.clear();
    } else if ((next != m_known.end() && next->second < time) ||
               (next != m_known.begin() && std::prev(next)->second > time)) {
        m_known.clear(); // times never fall along a stream: this is another one
    }
    m_known[sequence.value()] = time;
    if (m_known.size() > kMostKnown)
        thinOut();
}

void SequenceClock::thinOut()
{
    // The older half loses every second one: what lies far back is told more coarsely.
    const std::size_t half = m_known.size() / 2;
    auto at = m_known.begin();
    for (std::size_t i = 0; i + 1 < half; i += 2) {
        ++at;
        at = m_known.erase(at);
    }
}

std::optional<SequenceClock::Estimate> SequenceClock::timeOf(StreamSequence sequence) const
{
    const auto next = m_known.lower_bound(sequence.value());
    if (next == m_known.end())
        return std::nullopt;
    if (next->first == sequence.value())
        return Estimate{next->second, {}};
    if (next == m_known.begin())
        return std::nullopt;
    const auto before = std::prev(next);
    const std::chrono::nanoseconds span = next->second - before->second;
    const double share = static_cast<double>(sequence.value() - before->first) /
                         static_cast<double>(next->first - before->first);
    const auto passed =
        std::chrono::nanoseconds(static_cast<std::int64_t>(share * static_cast<double>(span.count())));
    return Estimate{before->second + passed, std::max(passed, span - passed)};
}

} // namespace jetlag
