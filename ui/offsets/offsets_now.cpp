// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/offsets_now.h"

#include "ui/offsets/offsets_view.h"
#include "ui/plots/live_pill.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

OffsetsNow::OffsetsNow(EventsService& events, QWidget* parent)
    : QFrame(parent)
    , m_reader(events)
    , m_view(new OffsetsView)
    , m_words(new ElidedLabel)
    , m_follow(new LivePill(this))
{
    setProperty("role", QStringLiteral("panel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Metrics::kMargin, 6, Metrics::kMargin, 4);
    column->setSpacing(2);
    auto* line = new QHBoxLayout;
    line->setSpacing(Metrics::kSpacing);
    auto* title = titleLabel(tr("Offsets now"));
    title->setBuddy(m_view);
    line->addWidget(title);
    m_words->setProperty("role", QStringLiteral("secondary"));
    m_words->setTextFormat(Qt::PlainText);
    line->addWidget(m_words, 1);
    m_follow->setToolTip(tr("The boxes stand still. Back to where the collector works: click, or Home"));
    m_follow->setAccessibleDescription(m_follow->toolTip());
    line->addWidget(m_follow);
    QSizePolicy keeps = m_follow->sizePolicy();
    keeps.setRetainSizeWhenHidden(true); // nothing jumps when it comes
    m_follow->setSizePolicy(keeps);
    m_follow->hide();
    column->addLayout(line);
    column->addWidget(m_view);

    connect(&m_reader, &HeadReader::changed, this, &OffsetsNow::showPicture);
    connect(m_follow, &LivePill::clicked, m_view, &OffsetsView::followHead);
    connect(m_view, &OffsetsView::readOutChanged, this, &OffsetsNow::showWords);
    connect(m_view, &OffsetsView::windowMoved, this, [this] {
        m_follow->setVisible(!m_view->follows());
        want();
    });
    connect(m_view, &OffsetsView::messageWanted, this, &OffsetsNow::messageWanted);
    connect(m_view, &OffsetsView::replayWanted, this, &OffsetsNow::replayWanted);
    connect(m_view, &OffsetsView::copied, this, &OffsetsNow::done);
    connect(m_view, &OffsetsView::chosenChanged, this,
            [this] { emit chosenChanged(m_view->chosen().value_or(StreamSequence())); });
}

void OffsetsNow::setCompact(bool compact)
{
    m_view->setCompact(compact);
}

void OffsetsNow::show(const ClusterReport& report, const CollectorReport& row,
                      std::shared_ptr<ServerLink> server)
{
    const ConsumerName name{row.consumer.stream, row.consumer.name};
    const bool isAnother = name != m_name;
    m_name = name;
    const auto stream = std::ranges::find(report.streams, row.consumer.stream,
                                          [](const StreamReport& one) { return one.stream.name; });
    setVisible(stream != report.streams.end());
    if (stream == report.streams.end())
        return;
    // What is old says nothing of now: nothing is read for it.
    m_isOld = row.consumer.stale;
    m_canRead = server != nullptr && !row.consumer.stale && !stream->stream.stale;
    if (server || isAnother)
        m_reader.open(std::move(server), name.stream, name.name);
    m_reader.learn(report.advisories);
    m_facts = offsetFacts(stream->stream, row);
    m_now = report.at;
    if (isAnother)
        m_view->followHead();
    showPicture();
    want();
}

void OffsetsNow::showPicture()
{
    m_view->show({.facts = m_facts, .known = m_reader.known(), .gaps = m_reader.gaps(), .now = m_now});
    showWords();
}

void OffsetsNow::want()
{
    if (m_canRead && isVisible())
        m_reader.want(m_facts, m_view->window(), /*isWanted=*/!m_view->follows());
}

void OffsetsNow::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    m_reader.stop();
}

QString OffsetsNow::summary() const
{
    QStringList parts{tr("one box is one event")};
    if (m_facts.deleted > kMostDeletedAsked)
        parts << tr("%1 deleted inside, too many to ask where").arg(exact(m_facts.deleted));
    else if (m_facts.deleted > 0 && !m_reader.areGapsKnown())
        parts << tr("%1 deleted inside, where is not known").arg(exact(m_facts.deleted));
    else if (m_facts.deleted > 0)
        parts << tr("%1 deleted inside, in %2")
                     .arg(exact(m_facts.deleted), m_reader.gaps().size() == 1
                                                      ? tr("one place")
                                                      : tr("%1 places").arg(exact(m_reader.gaps().size())));
    if (m_isOld)
        parts << tr("old: it was not told this time");
    if (!m_reader.problem().isEmpty())
        parts << tr("not read: %1").arg(m_reader.problem());
    return parts.join(QStringLiteral(" · "));
}

QString OffsetsNow::words() const
{
    return m_words->text();
}

void OffsetsNow::showWords()
{
    const QString box = m_view->readOut();
    m_words->setText(box.isEmpty() ? summary() : box);
    if (box == m_said)
        return; // others have something to say there too
    m_said = box;
    emit readOutChanged(box);
}

} // namespace jetlag::ui
