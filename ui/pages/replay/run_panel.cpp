// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/run_panel.h"

#include "ui/pages/replay/form_parts.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QPushButton>

namespace jetlag::ui {

namespace {

constexpr int kRunWidth = 104; // "Pause", "Resume" and "Run again" at one place

QString timeFor(const DraftCheck& check, std::optional<double> perSecond)
{
    if (!perSecond || !(*perSecond > 0) || !check.events || check.factor > 0)
        return {};
    const double seconds = static_cast<double>(*check.events) / *perSecond;
    return QObject::tr("roughly %1 at %2, as last time")
        .arg(duration(std::max(seconds, 0.5)), rate(perSecond));
}

QString joined(const QStringList& parts)
{
    QStringList some = parts;
    some.removeAll(QString());
    return some.join(QStringLiteral(" · "));
}

} // namespace

RunPanel::RunPanel(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_detail(fieldNote())
    , m_run(new QPushButton(tr("Run")))
    , m_cancel(new QPushButton(tr("Cancel")))
    , m_hint(fieldNote())
    , m_layout(new QBoxLayout(QBoxLayout::TopToBottom, this))
{
    m_title->setFont(Theme::instance().titleFont());
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    setRole(*m_run, "primary");
    m_run->setMinimumWidth(kRunWidth);
    m_hint->setFont(Theme::instance().smallFont());

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_detail);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_run);
    buttons->addWidget(m_cancel);
    buttons->addStretch();
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Metrics::kSpacing);
    m_layout->addLayout(words, 1);
    m_layout->addLayout(buttons);
    m_layout->addWidget(m_hint);

    connect(m_run, &QPushButton::clicked, this, &RunPanel::runPressed);
    connect(m_cancel, &QPushButton::clicked, this, &RunPanel::cancelPressed);
}

void RunPanel::setOrientation(Qt::Orientation orientation)
{
    const bool isBar = orientation == Qt::Horizontal;
    m_layout->setDirection(isBar ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_hint->setVisible(!isBar);
}

QString RunPanel::title() const
{
    return m_title->text();
}

void RunPanel::showEstimate(const DraftCheck& check, std::optional<double> perSecond)
{
    setRole(*m_title, "");
    m_run->setText(tr("Run"));
    m_run->setEnabled(check.isGood());
    m_cancel->setVisible(false);
    m_hint->setText(tr("Ctrl+Enter runs; pause and cancel at any time."));
    if (!check.isGood()) {
        m_title->setText(tr("Not ready yet"));
        m_detail->setText(check.firstError());
        return;
    }
    const QString size = check.bytes ? bytes(static_cast<double>(*check.bytes)) : QString();
    if (!check.events) {
        m_title->setText(check.source.note.isEmpty() ? tr("Ready") : check.source.note);
        m_detail->setText(tr("How many events it holds is known at its end."));
        return;
    }
    m_title->setText(check.filters.empty() ? tr("About %1 events").arg(exact(*check.events))
                                           : tr("At most %1 events").arg(exact(*check.events)));
    m_detail->setText(joined({size, timeFor(check, perSecond)}));
}

void RunPanel::showLooking(const DraftCheck& check)
{
    showEstimate(check, std::nullopt);
    m_run->setEnabled(false);
    if (!check.isGood())
        return;
    m_title->setText(tr("Looking at the source"));
    m_detail->clear();
}

void RunPanel::showRun(const ReplayRunner& run)
{
    using State = ReplayRunner::State;
    const EngineProgress& progress = run.progress();
    const QString done = tr("%1 events").arg(exact(progress.events));
    const std::optional<double> fraction = run.fraction();
    setRole(*m_title, run.state() == State::Failed ? "error" : "");
    m_cancel->setVisible(run.isUnderWay());
    m_cancel->setEnabled(run.state() != State::Cancelling);
    m_run->setEnabled(run.state() != State::Cancelling);
    m_hint->setText(run.isUnderWay()
                        ? tr("Space pauses and resumes; a cancelled run keeps its partial result.")
                        : tr("Ctrl+Enter runs again."));
    switch (run.state()) {
    case State::Idle:
        break;
    case State::Running:
        m_run->setText(tr("Pause"));
        m_title->setText(fraction ? tr("Replaying, %1").arg(percent(*fraction)) : tr("Replaying"));
        m_detail->setText(
            joined({done, rate(run.eventsPerSecond()),
                    run.secondsLeft() ? tr("%1 left").arg(duration(run.secondsLeft())) : QString()}));
        break;
    case State::Paused:
        m_run->setText(tr("Resume"));
        m_title->setText(fraction ? tr("Paused at %1").arg(percent(*fraction)) : tr("Paused"));
        m_detail->setText(done);
        break;
    case State::Cancelling:
        m_title->setText(tr("Cancelling"));
        m_detail->setText(tr("What was read so far becomes the result."));
        break;
    case State::Ended:
        m_run->setText(tr("Run again"));
        m_title->setText(run.result()->cancelled        ? tr("Cancelled: a partial result")
                         : run.result()->engine.partial ? tr("Done: a partial result")
                                                        : tr("Done: a whole result"));
        m_detail->setText(joined({done, preciseDuration(run.secondsWorked()), rate(run.eventsPerSecond())}));
        break;
    case State::Failed:
        m_run->setText(tr("Run again"));
        m_title->setText(tr("Could not replay"));
        m_detail->setText(run.error());
        break;
    }
}

} // namespace jetlag::ui
