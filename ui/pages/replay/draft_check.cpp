// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/draft_check.h"

#include "model/analyzers/registry.h"
#include "model/base/time_zone.h"
#include "model/event/subject.h"
#include "ui/pages/replay/typed_place.h"
#include "ui/theme/number_format.h"

#include <QObject>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace jetlag::ui {

namespace {

QString tr(const char* words)
{
    return QObject::tr(words);
}

class Checker
{
public:
    Checker(const ReplayDraft& draft, const SourceFacts& facts, bool hasServer, ServerTime now)
        : m_draft(draft)
        , m_facts(facts)
        , m_hasServer(hasServer)
        , m_now(now)
    {}

    DraftCheck check()
    {
        checkSource();
        checkStart();
        checkEnd();
        checkOrder();
        checkAnalyzer();
        checkFilter();
        checkSpeed();
        checkZone();
        estimate();
        return std::move(m_check);
    }

private:
    void checkSource()
    {
        FieldWords& words = m_check.source;
        switch (m_draft.source) {
        case SourceKind::Stream:
            if (!m_hasServer)
                words.error = tr("No server is connected: open one, or choose a capture or log files.");
            else if (m_draft.stream.empty())
                words.error = tr("Choose a stream.");
            break;
        case SourceKind::Capture:
            if (m_draft.capture.empty())
                words.error = tr("Choose a capture file, or drop one here.");
            break;
        case SourceKind::Logs:
            if (m_draft.logs.empty())
                words.error = tr("Choose log files, or drop files or a folder here.");
            break;
        }
        if (words.error.isEmpty())
            words.error = m_facts.problem;
        if (words.error.isEmpty())
            words.note = m_facts.words;
    }

    const CollectorPlace* collector() const
    {
        const auto found =
            std::find_if(m_facts.collectors.begin(), m_facts.collectors.end(),
                         [this](const CollectorPlace& place) { return place.name == m_draft.collector; });
        return found == m_facts.collectors.end() ? nullptr : &*found;
    }

    void startAt(StreamSequence sequence)
    {
        m_check.range.from = Position(sequence);
        m_check.first = sequence;
        if (m_facts.last && sequence > *m_facts.last) {
            m_check.start.error = tr("%1 is behind the last event, %2: nothing would be read.")
                                      .arg(exact(sequence.value()), exact(m_facts.last->value()));
        } else if (m_facts.first && sequence < *m_facts.first) {
            m_check.start.note =
                tr("no longer there; starts at %1, the first that is").arg(exact(m_facts.first->value()));
            m_check.first = m_facts.first;
        }
    }

    void startAtCollector(bool ackFloor)
    {
        const CollectorPlace* place = collector();
        if (place == nullptr) {
            m_check.start.error =
                m_facts.collectors.empty() ? tr("This source has no collectors.") : tr("Choose a collector.");
            return;
        }
        if (!ackFloor) {
            m_check.start.note =
                tr("%1, the first event it was not given").arg(exact(place->afterDelivered.value()));
            startAt(place->afterDelivered);
        } else if (!place->afterAckFloor) {
            m_check.start.note = tr("it has acked nothing yet: starts with the first event");
            m_check.first = m_facts.first;
        } else {
            m_check.start.note =
                tr("%1, the first event it has not acked").arg(exact(place->afterAckFloor->value()));
            startAt(*place->afterAckFloor);
        }
        if (!m_check.start.error.isEmpty())
            m_check.start.error =
                tr("%1 has nothing left: its next event would be %2, and none is there yet.")
                    .arg(shown(place->name),
                         exact((ackFloor ? *place->afterAckFloor : place->afterDelivered).value()));
    }

    void checkStart()
    {
        m_check.first = m_facts.first;
        switch (m_draft.start) {
        case StartKind::First:
            if (m_facts.first && m_facts.firstTime)
                m_check.start.note =
                    tr("%1 at %2").arg(exact(m_facts.first->value()), clockTime(*m_facts.firstTime));
            break;
        case StartKind::Sequence:
            if (const auto sequence = sequenceOf(m_draft.startText))
                startAt(*sequence);
            else
                m_check.start.error = wrongSequence(m_draft.source);
            break;
        case StartKind::Time:
            if (const auto time = momentOf(m_draft.startText, m_now)) {
                m_check.range.from = Position(*time);
                m_check.first = sequenceNear(*time, m_facts);
                m_check.start.note = tr("%1, %2").arg(detailTime(*time), whichTime());
                if (m_facts.lastTime && *time > *m_facts.lastTime) {
                    m_check.start.error = tr("The last event is of %1: nothing would be read.")
                                              .arg(clockTime(*m_facts.lastTime));
                }
            } else {
                m_check.start.error = wrongTime();
            }
            break;
        case StartKind::AckFloor:
            startAtCollector(true);
            break;
        case StartKind::Delivered:
            startAtCollector(false);
            break;
        }
    }

    QString whichTime() const
    {
        return m_draft.source == SourceKind::Logs ? tr("by the records' own time") : tr("by server time");
    }

    void checkEnd()
    {
        m_check.last = m_facts.last;
        switch (m_draft.end) {
        case EndKind::Last:
            if (m_draft.source == SourceKind::Stream)
                m_check.end.note =
                    m_facts.last
                        ? tr("%1; what arrives during the run is left out").arg(exact(m_facts.last->value()))
                        : tr("what arrives during the run is left out");
            else if (m_facts.last && m_facts.lastTime)
                m_check.end.note =
                    tr("%1 at %2").arg(exact(m_facts.last->value()), clockTime(*m_facts.lastTime));
            break;
        case EndKind::Sequence:
            if (const auto sequence = sequenceOf(m_draft.endText)) {
                m_check.range.to = Position(*sequence);
                m_check.last = m_facts.last ? std::min(*sequence, *m_facts.last) : *sequence;
                m_check.end.note = tr("this one included");
                if (m_facts.last && *sequence > *m_facts.last)
                    m_check.end.note = tr("not there yet; ends at %1").arg(exact(m_facts.last->value()));
                if (m_facts.first && *sequence < *m_facts.first)
                    m_check.end.error = tr("%1 is before the first event, %2: nothing would be read.")
                                            .arg(exact(sequence->value()), exact(m_facts.first->value()));
            } else {
                m_check.end.error = wrongSequence(m_draft.source);
            }
            break;
        case EndKind::Time:
            if (const auto time = momentOf(m_draft.endText, m_now)) {
                m_check.range.to = Position(*time);
                m_check.last = sequenceNear(*time, m_facts);
                m_check.end.note = tr("%1, %2").arg(detailTime(*time), whichTime());
                if (m_facts.firstTime && *time < *m_facts.firstTime)
                    m_check.end.error = tr("The first event is of %1: nothing would be read.")
                                            .arg(clockTime(*m_facts.firstTime));
            } else {
                m_check.end.error = wrongTime();
            }
            break;
        }
    }

    void checkOrder()
    {
        const PositionRange& range = m_check.range;
        if (!range.from || !range.to || range.from->index() != range.to->index())
            return;
        if (*range.to < *range.from)
            m_check.end.error = tr("The end is before the start.");
    }

    void checkAnalyzer()
    {
        const Analyzer* analyzer = findAnalyzer(m_draft.analyzer);
        if (analyzer == nullptr) {
            m_check.analyzer.error = tr("Choose an analyzer.");
            return;
        }
        std::size_t fitting = 0;
        for (const std::string& subject : m_facts.subjects)
            fitting += analyzer->accepts(subject) ? 1 : 0;
        if (m_draft.source != SourceKind::Stream || m_facts.subjects.empty())
            return;
        m_check.analyzer.note = fitting == m_facts.subjects.size() ? tr("takes all subjects of this stream")
                                : fitting == 0
                                    ? tr("takes none of this stream's subjects: all would be skipped")
                                    : tr("takes some of this stream's subjects, skips the others");
    }

    void checkFilter()
    {
        const QStringList patterns = m_draft.filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (const QString& pattern : patterns) {
            m_check.filters.push_back(pattern.toStdString());
            if (!isValidSubjectPattern(m_check.filters.back()))
                m_check.filter.error =
                    tr("“%1” is no subject pattern: no empty token, > only at the end, such as hive.>.")
                        .arg(shown(m_check.filters.back()));
        }
        if (!m_check.filter.error.isEmpty())
            return;
        if (m_check.filters.empty() && !m_draft.likeFilter.empty())
            m_check.filter.note = tr("as %1 has it").arg(shown(m_draft.likeFilter));
        else if (m_check.filters.empty())
            m_check.filter.note = tr("every subject");
    }

    void checkSpeed()
    {
        const QString text = m_draft.speed.trimmed();
        if (text.isEmpty() || text == QLatin1String("max"))
            return;
        bool good = false;
        m_check.factor = text.toDouble(&good);
        if (!good || !(m_check.factor > 0) || !std::isfinite(m_check.factor)) {
            m_check.factor = 0;
            m_check.speed.error = tr("Give a factor of real time above 0, such as 10.");
        }
    }

    void checkZone()
    {
        if (m_draft.source != SourceKind::Logs)
            return;
        const Result<jetlag::TimeZone> zone =
            jetlag::TimeZone::named(m_draft.timeZone.trimmed().toStdString());
        if (!zone)
            m_check.timeZone.error =
                tr("No such time zone on this machine; give a name such as Europe/Berlin.");
    }

    void estimate()
    {
        if (!m_facts.messages || !m_check.first || !m_check.last || !m_facts.first || !m_facts.last) {
            m_check.events = m_facts.messages;
            m_check.bytes = m_facts.bytes;
            return;
        }
        const double span = static_cast<double>(countBetween(*m_facts.first, *m_facts.last));
        const double wanted = static_cast<double>(countBetween(*m_check.first, *m_check.last));
        const double share = span > 0 ? std::clamp(wanted / span, 0.0, 1.0) : 0;
        // Deleted messages are spread evenly, as far as anybody knows.
        m_check.events =
            static_cast<std::uint64_t>(std::llround(static_cast<double>(*m_facts.messages) * share));
        if (m_facts.bytes)
            m_check.bytes = static_cast<std::uint64_t>(static_cast<double>(*m_facts.bytes) * share);
    }

    const ReplayDraft& m_draft;
    const SourceFacts& m_facts;
    const bool m_hasServer;
    const ServerTime m_now;
    DraftCheck m_check;
};

} // namespace

bool DraftCheck::isGood() const
{
    return firstError().isEmpty();
}

QString DraftCheck::firstError() const
{
    for (const FieldWords* field : {&source, &start, &end, &analyzer, &filter, &speed, &timeZone}) {
        if (!field->error.isEmpty())
            return field->error;
    }
    return {};
}

DraftCheck checkDraft(const ReplayDraft& draft, const SourceFacts& facts, bool hasServer, ServerTime now)
{
    return Checker(draft, facts, hasServer, now).check();
}

} // namespace jetlag::ui
