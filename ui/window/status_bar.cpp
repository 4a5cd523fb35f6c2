// SPDX-License-Identifier: Apache-2.0
#include "ui/window/status_bar.h"

#include "ui/bridge/live_session.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>

namespace jetlag::ui {

namespace {

constexpr int kBeatMs = 250;
constexpr int kFlashMs = 4000;

} // namespace

StatusBar::StatusBar(LiveSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_sample(barLabel())
    , m_page(barLabel())
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(Metrics::kStatusBarHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(Metrics::kMargin, 0, Metrics::kMargin, 0);
    layout->addWidget(m_sample);
    layout->addStretch();
    layout->addWidget(m_page);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusBar::refresh);
    timer->start(kBeatMs);
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
    if (QDateTime::currentMSecsSinceEpoch() < m_flashUntilMs) {
        m_sample->setText(m_flash);
        return;
    }
    const std::optional<double> age = m_session.ageSeconds();
    if (!age) {
        m_sample->setText(m_session.link() ? tr("no sample yet") : tr("no server"));
        return;
    }
    // Tenths below ten seconds: the eye sees that it is alive.
    const QString words = *age < 10 ? tr("%1 s").arg(*age, 0, 'f', 1) : duration(age);
    m_sample->setText(tr("sample %1 old · answered by %2").arg(words, shown(m_session.report()->server)));
}

} // namespace jetlag::ui
