// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_totals.h"

#include "ui/bridge/session_words.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/verdict_counts.h"

namespace jetlag::ui {

namespace {

void add(std::optional<double>& sum, const std::optional<double>& value)
{
    if (value)
        sum = sum.value_or(0) + *value;
}

ConsumerName nameOf(const CollectorReport& row)
{
    return {row.consumer.stream, row.consumer.name};
}

QString shownName(const CollectorReport& row)
{
    return QObject::tr("%1 › %2").arg(shown(row.consumer.stream), shown(row.consumer.name));
}

} // namespace

OverviewTotals::OverviewTotals(QWidget* parent)
    : TotalsStrip(parent)
    , m_published(addFigure(tr("published")))
    , m_acked(addFigure(tr("acked")))
    , m_unprocessed(addFigure(tr("unprocessed")))
    , m_oldest(addFigure(tr("oldest unprocessed")))
    , m_risk(addFigure(tr("runway shorter than ETA")))
    , m_verdicts(new VerdictCounts)
{
    m_verdicts->setFont(Theme::instance().bodyFont());
    addFigure(m_verdicts, tr("collectors by verdict"));
    connect(this, &TotalsStrip::figureClicked, this, [this](int figure) {
        const std::optional<ConsumerName>& name = figure == m_oldest ? m_oldestName : m_riskName;
        if (name)
            emit collectorWanted(*name);
    });
}

void OverviewTotals::show(const ClusterReport* report, std::optional<double> ageSeconds)
{
    m_age = ageSeconds;
    for (const int figure : {m_published, m_acked, m_unprocessed, m_oldest, m_risk})
        setStale(figure, m_age.has_value());
    m_verdicts->setStale(m_age.has_value());
    if (report == nullptr)
        return showNothing();
    showFlow(*report);
    showOldest(*report);
    showRisk(*report);
    m_verdicts->setCounts(verdictCounts(*report));
}

void OverviewTotals::showNothing()
{
    const QString none = notApplicable();
    setFigure(m_published, none, tr("published"));
    setFigure(m_acked, none, tr("acked"));
    setFigure(m_unprocessed, none, tr("unprocessed"));
    setFigure(m_oldest, none, tr("oldest unprocessed"));
    setFigure(m_risk, none, tr("runway shorter than ETA"));
    setInk(m_risk, colors().text);
    for (const int figure : {m_oldest, m_risk})
        setLeads(figure, false);
    m_verdicts->setCounts({});
}

void OverviewTotals::showFlow(const ClusterReport& report)
{
    std::optional<double> in;
    std::optional<double> inBytes;
    std::uint64_t bytesStored = 0;
    std::uint64_t messages = 0;
    for (const StreamReport& stream : report.streams) {
        add(in, stream.inPerSecond);
        add(inBytes, stream.inBytesPerSecond);
        bytesStored += stream.stream.bytes;
        messages += stream.stream.messages;
    }
    std::optional<double> acked;
    std::uint64_t unprocessed = 0;
    for (const CollectorReport& collector : report.collectors) {
        add(acked, collector.ackedPerSecond);
        unprocessed += collector.lag;
    }
    setFigure(m_published, rate(in), aged(tr("published · %1").arg(byteRate(inBytes)), tr("published")),
              tr("stored per second over the %1 streams shown; they hold %2 messages, %3")
                  .arg(report.streams.size())
                  .arg(exact(messages), bytes(static_cast<double>(bytesStored))));
    setFigure(m_acked, rate(acked), aged(tr("acked by all collectors"), tr("acked")));
    setFigure(m_unprocessed, count(static_cast<double>(unprocessed)),
              aged(report.collectors.size() == 1
                       ? tr("unprocessed, 1 collector")
                       : tr("unprocessed, %1 collectors").arg(report.collectors.size()),
                   tr("unprocessed")),
              tr("%1 messages not yet delivered or not yet acked").arg(exact(unprocessed)));
}

void OverviewTotals::showOldest(const ClusterReport& report)
{
    const CollectorReport* oldest = nullptr;
    bool hasUnknown = false;
    for (const CollectorReport& row : report.collectors) {
        if (row.lag == 0)
            continue;
        hasUnknown = hasUnknown || !row.timeLagSeconds;
        if (row.timeLagSeconds && (oldest == nullptr || *row.timeLagSeconds > *oldest->timeLagSeconds))
            oldest = &row;
    }
    m_oldestName = oldest != nullptr ? std::optional(nameOf(*oldest)) : std::nullopt;
    setLeads(m_oldest, oldest != nullptr);
    if (oldest != nullptr)
        setFigure(m_oldest, duration(oldest->timeLagSeconds), aged(tr("oldest unprocessed"), tr("oldest")),
                  tr("The oldest message that a collector has not processed, of %1: choose it")
                      .arg(shownName(*oldest)));
    else
        setFigure(m_oldest, hasUnknown ? tr("?") : notApplicable(),
                  aged(tr("oldest unprocessed"), tr("oldest")),
                  hasUnknown ? tr("The ages of the oldest messages are not known yet")
                             : tr("No collector has lag"));
}

void OverviewTotals::showRisk(const ClusterReport& report)
{
    const CollectorReport* first = nullptr;
    int number = 0;
    int looking = 0; // whose fate is not known yet
    const auto left = [](const CollectorReport& row) { return row.runwaySeconds.value_or(0); };
    for (const CollectorReport& row : report.collectors) {
        looking += row.lag > 0 && standingVerdict(row).empty() ? 1 : 0;
        if (!isAtRisk(row))
            continue;
        ++number;
        if (first == nullptr || left(row) < left(*first))
            first = &row;
    }
    m_riskName = first != nullptr ? std::optional(nameOf(*first)) : std::nullopt;
    setLeads(m_risk, first != nullptr);
    setInk(m_risk, first != nullptr ? colors().bad : colors().text);
    const QString words = tr("runway shorter than ETA");
    if (first == nullptr)
        return setFigure(m_risk, looking > 0 ? notApplicable() : tr("none at risk"), aged(words, tr("so")),
                         looking > 0 ? tr("%1 collectors with lag are still being looked at").arg(looking)
                                     : tr("No collector will lose unread messages to retention, as it now "
                                          "goes"));
    setStale(m_risk, false); // what is left of the time is all that goes on
    const double runway = runwayNow(*first, m_age).value_or(0);
    const QString then = runway > 0 ? tr("deletion in %1?").arg(duration(runway)) : tr("being deleted?");
    setFigure(m_risk, tr("%1 at risk").arg(number), m_age ? then : words,
              runway > 0
                  ? tr("Retention deletes unread messages of %1 in %2, before it gets to them: choose it")
                        .arg(shownName(*first), duration(runway))
                  : tr("Retention deletes unread messages of %1 already: choose it").arg(shownName(*first)));
}

QString OverviewTotals::aged(const QString& now, const QString& then) const
{
    return m_age ? tr("%1, %2 ago").arg(then, duration(m_age)) : now;
}

} // namespace jetlag::ui
