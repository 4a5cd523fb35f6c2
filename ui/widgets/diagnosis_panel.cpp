// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diagnosis_panel.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/command_line.h"
#include "ui/widgets/parts.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <span>

namespace jetlag::ui {

namespace {

QLabel* words(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

void clear(QLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

/// Fields of the API, such as delivered.consumer_seq, may go on in the next line where they are long.
QString breakableName(const QString& name)
{
    constexpr qsizetype kLong = 18; // characters of a field
    const QStringList words = name.split(QLatin1Char(' '));
    if (std::ranges::none_of(words, [](const QString& word) { return word.size() > kLong; }))
        return name;
    QString broken;
    for (const QChar one : name) {
        broken += one;
        if (one == QLatin1Char('.') || one == QLatin1Char('_'))
            broken += QChar(0x200b);
    }
    return broken;
}

/// As here: moments in local time, and no word so long that it is cut.
QString valueWords(const Evidence& evidence)
{
    if (evidence.value)
        return shown(evidenceText(evidence));
    if (const Result<ServerTime> time = parseRfc3339(evidence.text))
        return clockTime(*time);
    return breakable(shown(evidenceText(evidence)));
}

template <typename Item>
std::span<const Item> firstOf(const std::vector<Item>& items, int most)
{
    return std::span(items).first(std::min(items.size(), static_cast<std::size_t>(most)));
}

} // namespace

DiagnosisPanel::DiagnosisPanel(QWidget* parent)
    : QWidget(parent)
    , m_parts(new QVBoxLayout(this))
    , m_note(new QFrame)
    , m_why(words({}))
    , m_evidenceTitle(titleLabel(tr("Evidence")))
    , m_evidence(new QGridLayout)
    , m_sampled(quietLabel())
    , m_tryTitle(titleLabel(tr("What to try")))
    , m_steps(new QVBoxLayout)
    , m_also(words({}))
    , m_limits(words({}))
{
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Why, and what to try"));
    m_parts->setContentsMargins(16, Metrics::kMargin, 16, Metrics::kMargin);
    m_parts->setSpacing(2 * Metrics::kSpacing);
    auto* column = new QVBoxLayout;
    column->setSpacing(Metrics::kSpacing);
    m_note->setProperty("role", QStringLiteral("note"));
    auto* note = new QVBoxLayout(m_note);
    note->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    note->addWidget(titleLabel(tr("Where the server’s counter misleads")));
    note->addWidget(m_why);
    column->addWidget(m_note);
    column->addWidget(m_evidenceTitle);
    m_evidence->setVerticalSpacing(6);
    m_evidence->setColumnStretch(0, 1);
    column->addLayout(m_evidence);
    column->addWidget(m_sampled);
    column->addStretch(1);
    m_parts->addLayout(column, 0);
    column = new QVBoxLayout;
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_tryTitle);
    m_steps->setSpacing(6);
    column->addLayout(m_steps);
    column->addSpacing(Metrics::kSpacing);
    column->addWidget(m_also);
    column->addWidget(m_limits);
    column->addStretch(1);
    m_parts->addLayout(column, 1);
}

void DiagnosisPanel::setWide(bool wide)
{
    m_parts->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_parts->setStretch(0, wide ? 1 : 0);
}

void DiagnosisPanel::setShort(int evidence, int steps)
{
    m_mostEvidence = evidence;
    m_mostSteps = steps;
}

void DiagnosisPanel::show(const Diagnosis& diagnosis, bool isOld)
{
    m_evidenceTitle->setText(isOld ? tr("Evidence, as it was") : tr("Evidence"));
    m_note->setVisible(diagnosis.counter.has_value());
    if (diagnosis.counter)
        m_why->setText(shown(diagnosis.counter->why));
    m_sampled->setText(tr("sampled %1").arg(clockTime(diagnosis.at)));
    QStringList also;
    for (const Cause cause : diagnosis.also)
        also << wordOfCause(toString(cause));
    m_also->setText(tr("Also true: %1").arg(also.join(QStringLiteral(", "))));
    m_also->setVisible(!also.isEmpty());
    QStringList limits;
    for (const ThresholdFinding& crossed : diagnosis.thresholds)
        limits << shown(crossed.sentence);
    m_limits->setText(tr("Limits in its metadata are crossed:\n%1").arg(limits.join(QLatin1Char('\n'))));
    m_limits->setVisible(!limits.isEmpty());
    showEvidence(diagnosis, isOld);
    showSteps(diagnosis);
}

void DiagnosisPanel::showEvidence(const Diagnosis& diagnosis, bool isOld)
{
    const std::span<const Evidence> evidence = firstOf(diagnosis.evidence, m_mostEvidence);
    m_evidenceTitle->setVisible(!evidence.empty());
    m_sampled->setVisible(!evidence.empty());
    QStringList names;
    for (const Evidence& one : evidence)
        names << shown(one.what);
    if (names != m_shownEvidence) {
        m_shownEvidence = names;
        clear(*m_evidence);
        m_values.clear();
        for (const QString& name : names) {
            const int row = static_cast<int>(m_values.size());
            auto* value = words({});
            // Numbers stay whole; names and words give way.
            value->setWordWrap(!evidence[static_cast<std::size_t>(row)].value);
            value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_evidence->addWidget(quietLabel(breakableName(name)), row, 0);
            m_evidence->addWidget(value, row, 1);
            m_values << value;
        }
    }
    for (int row = 0; row < static_cast<int>(evidence.size()); ++row) {
        const Evidence& one = evidence[static_cast<std::size_t>(row)];
        QLabel* value = m_values[row];
        value->setText(valueWords(one));
        setInk(*value, isOld ? colors().secondary : colors().text);
        const QString sampled = tr("sampled %1").arg(detailTime(one.at));
        value->setToolTip(one.value ? sampled : plainToolTip(shown(one.text) + QLatin1Char('\n') + sampled));
    }
}

void DiagnosisPanel::showSteps(const Diagnosis& diagnosis)
{
    QStringList lines;
    for (const TryStep& step : firstOf(diagnosis.steps, m_mostSteps))
        lines << shown(step.advice) << shown(step.command);
    m_tryTitle->setVisible(!lines.isEmpty());
    if (lines == m_shownSteps)
        return;
    m_shownSteps = lines;
    clear(*m_steps);
    for (qsizetype at = 0; at + 1 < lines.size(); at += 2) {
        m_steps->addWidget(words(lines[at]));
        if (lines[at + 1].isEmpty())
            continue;
        m_steps->addWidget(new CommandLine(lines[at + 1]));
    }
}

} // namespace jetlag::ui
