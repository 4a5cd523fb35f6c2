// SPDX-License-Identifier: Apache-2.0
#include "ui/window/status_bar.h"

#include "model/cluster/poller.h"
#include "ui/bridge/live_sessions.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"
#include "ui/window/footprint_words.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>

namespace jetlag::ui {

namespace {

constexpr int kBeatMs = 250;
constexpr int kFlashMs = 4000;

} // namespace

StatusBar::StatusBar(LiveSessions& sessions, QWidget* parent)
    : QWidget(parent)
    , m_sessions(sessions)
    , m_sample(barLabel())
    , m_footprint(barLabel())
    , m_page(barLabel())
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(Metrics::kStatusBarHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, 0, Metrics::kMargin, 0);
    layout->setSpacing(2 * Metrics::kMargin);
    layout->addWidget(m_sample);
    layout->addWidget(m_footprint);
    layout->addStretch();
    layout->addWidget(m_page);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusBar::refresh);
    timer->start(kBeatMs);
    connect(&sessions, &LiveSessions::currentChanged, this, &StatusBar::refresh);
    refresh();
}

void StatusBar::setPageText(const QString& text)
{
    m_page->setText(text);
}

void StatusBar::flash(const QString& text)
{
    m_flash = text;
    m_flashUntilMs = QDateTime::currentMSecsSinceEpoch() + kFlashMs;
    refresh();
}

void StatusBar::refresh()
{
    const bool flashes = QDateTime::currentMSecsSinceEpoch() < m_flashUntilMs;
    m_sample->setText(flashes ? m_flash : sampleWords());
    const bool isNarrow = window()->width() < kFootprintInTopBarFrom;
    const QString words = isNarrow ? footprintWords(m_sessions) : QString();
    m_footprint->setVisible(!words.isEmpty());
    m_footprint->setText(words);
    m_footprint->setToolTip(isNarrow ? aboutFootprint(m_sessions) : QString());
}

QString StatusBar::sampleWords() const
{
    const LiveSession& session = m_sessions.current();
    const std::optional<double> age = session.ageSeconds();
    if (!age)
        return session.link() ? tr("no sample yet") : tr("no server");
    // Tenths below ten seconds: the eye sees that it is alive.
    const QString words = *age < 10 ? tr("%1 s").arg(*age, 0, 'f', 1) : duration(age);
    const QString server = shown(session.report()->server);
    const std::chrono::milliseconds usual = MonitorRequest().interval;
    const std::chrono::milliseconds pace = pollerPace(usual, session.report()->collectors.size());
    if (pace == usual)
        return tr("sample %1 old · answered by %2").arg(words, server);
    return tr("sample %1 old · one each %2 · answered by %3")
        .arg(words, duration(std::chrono::duration<double>(pace).count()), server);
}

} // namespace jetlag::ui
