// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/slower_poll.h"

#include <iterator>
#include <utility>

namespace jetlag {

namespace {

bool countIsTrueFor(const VerdictSample& sample, const VerdictSample& counted)
{
    return sample.isWhole() && sample.consumer->filters == counted.consumer->filters &&
           sample.stream->messages == counted.stream->messages &&
           sample.stream->firstSequence == counted.stream->firstSequence &&
           sample.stream->lastSequence == counted.stream->lastSequence;
}

} // namespace

std::optional<VerdictSample> SlowerPoll::take(VerdictSample sample)
{
    m_connected = m_connected || sample.connected;
    m_advisories.insert(m_advisories.end(), std::make_move_iterator(sample.advisories.begin()),
                        std::make_move_iterator(sample.advisories.end()));
    if (m_toSkip > 0) {
        --m_toSkip;
        if (sample.matching && sample.isWhole())
            m_counted = std::move(sample);
        return std::nullopt;
    }
    m_toSkip = m_every - 1;
    sample.connected = std::exchange(m_connected, false);
    sample.advisories = std::exchange(m_advisories, {});
    const std::optional<VerdictSample> counted = std::exchange(m_counted, std::nullopt);
    if (counted && !sample.matching && countIsTrueFor(sample, *counted))
        sample.matching = counted->matching;
    return sample;
}

} // namespace jetlag
