// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/verdict_line.h"

#include "ui/models/verdict_look.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/muted_sign.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kSign = 14;

bool hasMoment(const CollectorReport& row)
{
    return row.diagnosis && row.diagnosis->since && row.diagnosis->cause && !row.consumer.stale;
}

} // namespace

QPixmap verdictSign(std::string_view verdict, int size, qreal ratio)
{
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(painter, glyphOfVerdict(verdict), QRectF(2, 2, size - 4, size - 4), inkOfVerdict(verdict));
    return pixmap;
}

QString verdictSince(const CollectorReport& row)
{
    if (!hasMoment(row))
        return verdictWords(row);
    const QString since =
        row.diagnosis->sinceOrEarlier ? QObject::tr("%1, since %2 or earlier") : QObject::tr("%1, since %2");
    return since.arg(verdictWords(row), clockTime(*row.diagnosis->since));
}

QString verdictHeldFor(const CollectorReport& row)
{
    if (!hasMoment(row) || row.diagnosis->sinceOrEarlier)
        return {};
    const std::chrono::duration<double> held = row.diagnosis->at - *row.diagnosis->since;
    return duration(std::max(0.0, held.count()));
}

VerdictLine::VerdictLine(QWidget* parent)
    : QWidget(parent)
    , m_sign(new QLabel)
    , m_words(new ElidedLabel)
    , m_muted(new MutedSign(MutedSign::Room::SignAlone))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_sign->setFixedSize(kSign, kSign);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_sign);
    m_words->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred); // as wide as it is, less if need be
    row->addWidget(m_words);
    row->addWidget(m_muted);
    row->addStretch(1);
}

void VerdictLine::show(const CollectorReport& row, bool isMuted)
{
    const std::string_view verdict = shownVerdict(row);
    m_sign->setPixmap(verdictSign(verdict, kSign, devicePixelRatioF()));
    const QString held = verdictHeldFor(row);
    m_words->setText(held.isEmpty() ? verdictSince(row) : tr("%1 (%2)").arg(verdictSince(row), held));
    setInk(*m_words, inkOfVerdict(verdict));
    m_muted->setVisible(isMuted);
}

} // namespace jetlag::ui
