// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/footprint_meter.h"

namespace jetlag::ui {

namespace {

/// A large account is looked at each ten seconds or so: several looks, so that the figure does not jump.
constexpr std::chrono::seconds kSpan{30};
constexpr double kLeastSeconds = 0.9;

double bytesOf(const Footprint& footprint)
{
    return static_cast<double>(footprint.bytesSent + footprint.bytesReceived);
}

} // namespace

void FootprintMeter::look(const Footprint& footprint, Time now)
{
    m_looks.push_back({now, footprint});
    while (now - m_looks.front().at > kSpan)
        m_looks.pop_front();
}

Footprint FootprintMeter::total() const
{
    return m_looks.empty() ? Footprint() : m_looks.back().footprint;
}

std::optional<double> FootprintMeter::perSecond(double growth) const
{
    const double seconds = std::chrono::duration<double>(m_looks.back().at - m_looks.front().at).count();
    return seconds < kLeastSeconds ? std::nullopt : std::optional(growth / seconds);
}

std::optional<double> FootprintMeter::requestsPerSecond() const
{
    if (m_looks.empty())
        return std::nullopt;
    return perSecond(static_cast<double>(m_looks.back().footprint.requests) -
                     static_cast<double>(m_looks.front().footprint.requests));
}

std::optional<double> FootprintMeter::bytesPerSecond() const
{
    if (m_looks.empty())
        return std::nullopt;
    return perSecond(bytesOf(m_looks.back().footprint) - bytesOf(m_looks.front().footprint));
}

} // namespace jetlag::ui
