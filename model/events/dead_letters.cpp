// SPDX-License-Identifier: Apache-2.0
#include "model/events/dead_letters.h"

#include <algorithm>

namespace jetlag {

bool DeadLetterList::add(const ClusterReport& report, std::span<const Advisory> advisories)
{
    bool changed = false;
    for (const Advisory& advisory : advisories) {
        const bool isUsedUp = advisory.kind == "max_deliver";
        if (advisory.sequence == 0 || (!isUsedUp && advisory.kind != "terminated"))
            continue;
        changed |=
            put({.key = {advisory.stream, advisory.consumer, advisory.sequence},
                 .origin = isUsedUp ? DeadLetter::Origin::MaxDeliveries : DeadLetter::Origin::Terminated,
                 .deliveries = advisory.deliveries,
                 .reason = advisory.reason,
                 .at = advisory.time});
    }
    return lookAtEnds(report) || changed;
}

bool DeadLetterList::addFound(DeadLetter letter)
{
    letter.origin = DeadLetter::Origin::FoundStuck;
    const auto known = m_letters.find(letter.key);
    if (known == m_letters.end())
        return put(std::move(letter));
    if (!known->second.subject.empty() || letter.subject.empty())
        return false; // an announcement knows more, but for the subject
    known->second.subject = std::move(letter.subject);
    return true;
}

bool DeadLetterList::put(DeadLetter letter)
{
    const auto [place, isNew] = m_letters.try_emplace(letter.key, letter);
    if (!isNew) {
        letter.subject = place->second.subject;
        letter.isInStream = place->second.isInStream;
        place->second = std::move(letter);
    }
    if (m_letters.size() > m_mostKept) {
        m_letters.erase(
            std::ranges::min_element(m_letters, {}, [](const auto& entry) { return entry.second.at; }));
        ++m_dropped;
    }
    return true;
}

bool DeadLetterList::lookAtEnds(const ClusterReport& report)
{
    bool changed = false;
    for (auto& [key, letter] : m_letters) {
        const auto row =
            std::ranges::find(report.streams, key.stream,
                              [](const StreamReport& one) -> const std::string& { return one.stream.name; });
        if (row == report.streams.end() || row->stream.stale)
            continue;
        const bool isIn = key.sequence >= row->stream.firstSequence.value() &&
                          key.sequence <= row->stream.lastSequence.value();
        changed |= isIn != letter.isInStream;
        letter.isInStream = isIn;
    }
    return changed;
}

} // namespace jetlag
