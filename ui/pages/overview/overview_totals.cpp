// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_totals.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/totals_strip.h"

#include <QObject>

#include <algorithm>

namespace jetlag::ui {

namespace {

enum Figure { Published, Acked, Unprocessed, Behind, Stored };

void add(std::optional<double>& sum, const std::optional<double>& value)
{
    if (value)
        sum = sum.value_or(0) + *value;
}

} // namespace

TotalsStrip* makeTotals()
{
    auto* strip = new TotalsStrip;
    strip->addFigure(QObject::tr("published"));
    strip->addFigure(QObject::tr("acked"));
    strip->addFigure(QObject::tr("unprocessed"));
    strip->addFigure(QObject::tr("have lag"));
    strip->addFigure(QObject::tr("stored"));
    return strip;
}

void fillTotals(TotalsStrip& strip, const ClusterReport* report)
{
    if (report == nullptr) {
        const QString none = notApplicable();
        strip.setFigure(Published, none, QObject::tr("published"));
        strip.setFigure(Acked, none, QObject::tr("acked"));
        strip.setFigure(Unprocessed, none, QObject::tr("unprocessed"));
        strip.setFigure(Behind, none, QObject::tr("have lag"));
        strip.setFigure(Stored, none, QObject::tr("stored"));
        return;
    }
    std::optional<double> in;
    std::optional<double> inBytes;
    std::uint64_t bytesStored = 0;
    std::uint64_t messages = 0;
    for (const StreamReport& stream : report->streams) {
        add(in, stream.inPerSecond);
        add(inBytes, stream.inBytesPerSecond);
        bytesStored += stream.stream.bytes;
        messages += stream.stream.messages;
    }
    std::optional<double> acked;
    std::uint64_t unprocessed = 0;
    std::size_t behind = 0;
    for (const CollectorReport& collector : report->collectors) {
        add(acked, collector.ackedPerSecond);
        unprocessed += collector.lag;
        behind += collector.lag > 0 ? 1 : 0;
    }
    strip.setFigure(Published, rate(in), QObject::tr("published · %1").arg(byteRate(inBytes)),
                    QObject::tr("messages stored per second over all streams shown"));
    strip.setFigure(Acked, rate(acked), QObject::tr("acked by all collectors"));
    strip.setFigure(Unprocessed, count(static_cast<double>(unprocessed)),
                    (report->collectors.size() == 1
                         ? QObject::tr("unprocessed, 1 collector")
                         : QObject::tr("unprocessed, %1 collectors").arg(report->collectors.size())),
                    QObject::tr("%1 messages not yet delivered or not yet acked").arg(exact(unprocessed)));
    strip.setFigure(Behind, QObject::tr("%1 of %2").arg(behind).arg(report->collectors.size()),
                    QObject::tr("collectors have lag"));
    strip.setFigure(Stored, bytes(static_cast<double>(bytesStored)),
                    (report->streams.size() == 1
                         ? QObject::tr("stored in 1 stream")
                         : QObject::tr("stored in %1 streams").arg(report->streams.size())),
                    QObject::tr("%1 messages, %2 bytes").arg(exact(messages), exact(bytesStored)));
}

} // namespace jetlag::ui
