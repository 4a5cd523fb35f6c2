// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/time_view.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

/// Below two samples of the usual one a second there is nothing to see.
constexpr double kNarrowest = 2;
/// Of the width: less than a pixel away from now is at now.
constexpr double kAtNow = 1e-4;

} // namespace

void TimeView::setSpan(double seconds)
{
    const bool wasSpan = m_width == m_span;
    m_span = std::max(seconds, kNarrowest);
    if (m_live && wasSpan)
        m_width = m_span;
}

void TimeView::setNow(double at)
{
    m_now = at;
    if (m_live)
        m_to = at;
}

void TimeView::forgetNow()
{
    m_now.reset();
    m_oldest.reset();
}

void TimeView::goLive()
{
    m_live = true;
    m_width = m_span;
    if (m_now)
        m_to = *m_now;
}

void TimeView::setRange(double from, double to)
{
    if (!m_now)
        return;
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
