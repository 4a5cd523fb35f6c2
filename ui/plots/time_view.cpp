// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/time_view.h"

#include <algorithm>
#include <array>

namespace jetlag::ui {

namespace {

/// Below two samples of the usual one a second there is nothing to see.
constexpr double kNarrowest = 2;
/// Of the width: less than a pixel away from now is at now.
constexpr double kAtNow = 1e-4;
/// Seconds of a live view that has little to show yet.
constexpr std::array<double, 15> kYoungWidths{
    60, 120, 300, 600, 900, 1800, 3600, 7200, 21'600, 43'200, 86'400, 172'800, 604'800, 1'209'600, 2'592'000};

} // namespace

double TimeView::liveWidth() const
{
    for (const double width : kYoungWidths) {
        if (m_now && m_oldest && *m_now - *m_oldest <= width)
            return std::min(width, m_span);
    }
    return m_span;
}

void TimeView::follow()
{
    if (!m_live)
        return;
    m_to = m_now.value_or(m_to);
    if (!m_chosenWidth)
        m_width = liveWidth();
}

void TimeView::setSpan(double seconds)
{
    m_span = std::max(seconds, kNarrowest);
    follow();
}

void TimeView::setNow(double at)
{
    m_now = at;
    follow();
}

void TimeView::setOldest(std::optional<double> at)
{
    m_oldest = at;
    follow();
}

void TimeView::forgetNow()
{
    m_now.reset();
    m_oldest.reset();
}

void TimeView::goLive()
{
    m_live = true;
    m_chosenWidth = false;
    follow();
}

void TimeView::setRange(double from, double to)
{
    if (!m_now)
        return;
    m_chosenWidth = true;
    const double earliest = std::min(m_oldest.value_or(*m_now), *m_now - m_span);
    m_width = std::clamp(to - from, kNarrowest, *m_now - earliest);
    // The left end decides, except where the view would reach beyond now.
    m_to = std::min(std::max(from, earliest) + m_width, *m_now);
    m_live = m_to >= *m_now - m_width * kAtNow;
    if (m_live)
        m_to = *m_now;
}

void TimeView::zoom(double factor, double around)
{
    const double width = std::max(m_width * factor, kNarrowest);
    const double left = around - (around - from()) * (width / m_width);
    setRange(left, left + width);
}

void TimeView::pan(double seconds)
{
    setRange(from() + seconds, to() + seconds);
}

void TimeView::reveal(double at)
{
    if (at < from())
        pan(at - from());
    else if (at > to())
        pan(at - to());
}

} // namespace jetlag::ui
