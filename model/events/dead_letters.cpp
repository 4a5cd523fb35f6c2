// SPDX-License-Identifier: Apache-2.0
#include "model/events/dead_letters.h"

#include "model/events/advisory_words.h"

#include <algorithm>

namespace jetlag {

std::optional<HistoryMark> deadLetterMark(const Advisory& advisory)
{
    if (advisory.sequence == 0 || (advisory.kind != "max_deliver" && advisory.kind != "terminated"))
        return std::nullopt;
    const std::optional<AdvisoryEvent> said = eventOfAdvisory(advisory);
    return HistoryMark{.at = advisory.time,
                       .kind = MarkKind::Advisory,
                       .stream = advisory.stream,
                       .collector = advisory.consumer,
                       .word = said->event.word,
                       .detail = said->event.sentence,
                       .sequence = advisory.sequence};
}

bool DeadLetterList::addPast(std::span<const HistoryMark> marks)
{
    bool changed = false;
    for (const HistoryMark& mark : marks) {
        const DeadLetterKey key{mark.stream, mark.collector, mark.sequence};
        if (mark.kind != MarkKind::Advisory || mark.sequence == 0 || m_letters.contains(key))
            continue;
        changed |= put({.key = key,
                        .origin = mark.word == "max deliveries" ? DeadLetter::Origin::MaxDeliveries
                                                                : DeadLetter::Origin::Terminated,
                        .reason = mark.detail,
                        .at = mark.at});
    }
    return changed;
}

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
