// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/diagnosis/diagnosis_strip.h"

#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/muted_sign.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/verdict_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPixmap>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kSignSize = 22;

} // namespace

DiagnosisStrip::DiagnosisStrip(QWidget* parent)
    : QWidget(parent)
    , m_sign(new QLabel)
    , m_name(new ElidedLabel)
    , m_verdict(new QLabel)
    , m_muted(new MutedSign(MutedSign::Room::SignAndWord))
    , m_sentence(new QLabel)
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Diagnosis"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    row->setSpacing(Metrics::kMargin);
    m_sign->setFixedSize(kSignSize, kSignSize);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(3);
    auto* line = new QHBoxLayout;
    line->setSpacing(Metrics::kMargin);
    m_name->setFont(Theme::instance().titleFont());
    m_verdict->setFont(Theme::instance().titleFont());
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred); // as wide as it is, less if need be
    line->addWidget(m_name, 0);
    line->addWidget(m_verdict, 0);
    line->addWidget(m_muted, 0);
    line->addStretch(1);
    column->addLayout(line);
    for (QLabel* label : {static_cast<QLabel*>(m_name), m_verdict, m_sentence}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_sentence->setWordWrap(true);
    column->addWidget(m_sentence);
    row->addLayout(column, 1);
    for (int at = 0; at < 3; ++at) {
        auto* box = new QVBoxLayout;
        box->setSpacing(2);
        m_figures[at] = new QLabel;
        m_figures[at]->setTextFormat(Qt::PlainText);
        m_figures[at]->setFont(Theme::instance().titleFont());
        m_captions[at] = quietLabel();
        box->addWidget(m_figures[at]);
        box->addWidget(m_captions[at]);
        row->addSpacing(Metrics::kMargin);
        row->addLayout(box);
    }
}

void DiagnosisStrip::show(const CollectorReport& row, std::optional<double> ageSeconds, bool isMuted)
{
    const std::string_view verdict = shownVerdict(row);
    const Palette& now = colors();
    m_sign->setPixmap(verdictSign(verdict, kSignSize, devicePixelRatioF()));
    m_name->setText(tr("%1 › %2").arg(shown(row.consumer.stream), shown(row.consumer.name)));
    m_verdict->setText(verdictSince(row));
    setInk(*m_verdict, inkOfVerdict(verdict));
    m_muted->setVisible(isMuted);
    m_sentence->setText(row.diagnosis ? breakable(sentenceOf(row)) : tr("Looking: no sample has come yet."));
    setInk(*m_sentence, row.consumer.stale ? now.secondary : now.text);
    showLag(row);
    if (const std::optional<double> runway = runwayNow(row, ageSeconds))
        setFigure(2, runwayWords(row, ageSeconds), tr("runway"),
                  row.consumer.stale && !isRunwayShort(*runway) ? now.secondary : now.bad);
    else
        setFigure(2, etaWords(row), tr("ETA"), row.consumer.stale ? now.secondary : now.text);
}

void DiagnosisStrip::showLag(const CollectorReport& row)
{
    const Palette& now = colors();
    const auto ink = [&](const QColor& fresh) { return row.consumer.stale ? now.secondary : fresh; };
    if (row.diagnosis && row.diagnosis->counter) {
        setFigure(0, shown(row.diagnosis->counter->server),
                  row.consumer.stale ? tr("the server said") : tr("the server says"), ink(now.text));
        setFigure(1, shown(row.diagnosis->counter->truth), tr("in truth"), ink(now.bad));
        return;
    }
    setFigure(0, count(static_cast<double>(row.lag)), tr("lag"), ink(now.text));
    const QString timeLag = row.lag == 0         ? notApplicable()
                            : row.timeLagSeconds ? duration(row.timeLagSeconds)
                                                 : tr("?");
    setFigure(1, timeLag, tr("time lag"), ink(now.paused));
}

void DiagnosisStrip::setFigure(int at, const QString& figure, const QString& caption, const QColor& ink)
{
    m_figures[at]->setText(figure);
    m_captions[at]->setText(caption);
    setInk(*m_figures[at], ink);
}

} // namespace jetlag::ui
