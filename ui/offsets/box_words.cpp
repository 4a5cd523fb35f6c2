// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/box_words.h"

#include "ui/theme/number_format.h"

#include <QObject>
#include <QStringList>

namespace jetlag::ui {

namespace {

QString redeliveryWords(const HeadBox& box, const HeadKnowledge& known)
{
    if (const auto told = known.deliveries.find(box.sequence.value()); told != known.deliveries.end())
        return told->second == 0 ? QObject::tr("naked")
                                 : QObject::tr("naked at delivery %1").arg(exact(told->second));
    switch (box.redelivered) {
    case Answer::Yes:
        return QObject::tr("redelivered");
    case Answer::Unknown:
        return QObject::tr("perhaps redelivered");
    case Answer::No:
        break;
    }
    return {};
}

QStringList messageWords(const HeadBox& box, const HeadKnowledge& known, ServerTime now)
{
    const HeadMessage* message = known.find(box.sequence);
    if (message == nullptr)
        return {};
    const double age = std::chrono::duration<double>(now - message->time).count();
    return {QObject::tr("stored %1, %2 ago").arg(clockTime(message->time), duration(std::max(age, 0.0))),
            shown(message->subject), bytes(static_cast<double>(message->bytes))};
}

} // namespace

QString stateWord(BoxState state)
{
    switch (state) {
    case BoxState::Acked:
        return QObject::tr("acked");
    case BoxState::Taken:
        return QObject::tr("delivered, no acks wanted");
    case BoxState::InHand:
        return QObject::tr("in hand");
    case BoxState::Delivered:
        return QObject::tr("delivered, acked or not");
    case BoxState::AckedOrLeft:
        return QObject::tr("acked or left");
    case BoxState::Left:
        return QObject::tr("left unprocessed");
    case BoxState::Waiting:
        return QObject::tr("waiting");
    case BoxState::NotWanted:
        return QObject::tr("not for it");
    case BoxState::Deleted:
        return QObject::tr("deleted");
    case BoxState::Lost:
        return QObject::tr("lost");
    case BoxState::Skipped:
        return QObject::tr("to come, would be skipped");
    case BoxState::ToCome:
        return QObject::tr("to come");
    }
    return {};
}

QString runWords(const BoxRun& run)
{
    return run.isCut ? stateWord(run.state)
                     : QStringLiteral("%1 %2").arg(exact(run.count), stateWord(run.state));
}

QString stateSentence(const HeadBox& box)
{
    switch (box.state) {
    case BoxState::Acked:
        return QObject::tr("At or below the ack floor: acked, or passed over for good.");
    case BoxState::Taken:
        return QObject::tr("Delivered; this collector's policy asks for no acks.");
    case BoxState::InHand:
        return QObject::tr("Delivered and not acked.");
    case BoxState::Delivered:
        return QObject::tr("Delivered. Acked or still in hand: above its floor the server tells only how "
                           "many are in hand, not which.");
    case BoxState::AckedOrLeft:
        return QObject::tr("The position has passed it, so the server counts it as done. Some messages here "
                           "were left unprocessed; which ones the server does not tell.");
    case BoxState::Left:
        return QObject::tr("Not processed, and it will not come by itself: the position has passed it.");
    case BoxState::Waiting:
        return QObject::tr("Not delivered yet.");
    case BoxState::NotWanted:
        return QObject::tr("None of the collector's filters matches its subject.");
    case BoxState::Deleted:
        return QObject::tr("No longer in the stream: deleted, purged or removed by a limit.");
    case BoxState::Lost:
        return QObject::tr("Removed from the stream before it was delivered.");
    case BoxState::Skipped:
        return QObject::tr("Not published yet. The position is ahead of the stream: it will count as "
                           "delivered and never come.");
    case BoxState::ToCome:
        return QObject::tr("Not published yet.");
    }
    return {};
}

QString boxLine(const HeadBox& box, const HeadKnowledge& known, const OffsetFacts& facts, ServerTime now)
{
    QStringList words{exact(box.sequence.value()), stateWord(box.state)};
    if (const NamedMessage* named = facts.find(box.sequence))
        words << shown(named->role);
    if (const QString again = redeliveryWords(box, known); !again.isEmpty())
        words << again;
    if (box.mayBeDeleted)
        words << QObject::tr("or deleted");
    words << messageWords(box, known, now);
    return words.join(QStringLiteral(" · "));
}

QString boxTip(const HeadBox& box, const HeadKnowledge& known, const OffsetFacts& facts, ServerTime now)
{
    QStringList lines{boxLine(box, known, facts, now), stateSentence(box)};
    if (box.redelivered == Answer::Unknown)
        lines << QObject::tr("%1 messages are in redelivery; which ones the server does not tell.")
                     .arg(exact(facts.redelivered));
    if (box.mayBeDeleted)
        lines << QObject::tr("Not read yet: %1 messages inside of the stream are deleted, this may be one.")
                     .arg(exact(facts.deleted));
    return lines.join(QLatin1Char('\n'));
}

} // namespace jetlag::ui
