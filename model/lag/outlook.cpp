// SPDX-License-Identifier: Apache-2.0
#include "model/lag/outlook.h"

#include <algorithm>
#include <cmath>

namespace jetlag {

namespace {

constexpr double kSpan = 15; ///< seconds
constexpr std::size_t kLeast = 4;
constexpr std::size_t kMost = 64;
constexpr double kForEver = 366.0 * 86'400; ///< what is further away than a year is not told

/// Least squares over what `value` knows of the points; nullopt with too few or all at one time. Twice over
/// them instead of a copy: a thousand collectors ask each second.
template <typename Point, typename Value>
std::optional<double> slopeOf(Point first, Point end, Value value)
{
    std::size_t count = 0;
    double meanX = 0;
    double meanY = 0;
    for (Point point = first; point != end; ++point) {
        if (const std::optional<double> y = value(*point)) {
            ++count;
            meanX += (point->at - meanX) / static_cast<double>(count);
            meanY += (*y - meanY) / static_cast<double>(count);
        }
    }
    if (count < kLeast)
        return std::nullopt;
    double above = 0;
    double below = 0;
    for (Point point = first; point != end; ++point) {
        if (const std::optional<double> y = value(*point)) {
            above += (point->at - meanX) * (*y - meanY);
            below += (point->at - meanX) * (point->at - meanX);
        }
    }
    return below > 0 ? std::optional(above / below) : std::nullopt;
}

std::optional<double> sooner(std::optional<double> one, std::optional<double> other)
{
    if (!one || !other)
        return one ? one : other;
    return std::min(*one, *other);
}

/// When something that grows reaches `limit`.
std::optional<double> reaches(double now, double perSecond, double limit)
{
    if (perSecond <= 0)
        return std::nullopt;
    const double seconds = std::max(0.0, (limit - now) / perSecond);
    return seconds < kForEver ? std::optional(seconds) : std::nullopt;
}

} // namespace

void Outlook::add(double at, const StreamSnapshot& stream, const ConsumerSnapshot& consumer,
                  std::optional<double> deliveryLag)
{
    const double last = static_cast<double>(stream.lastSequence.value());
    m_points.push_back(
        {.at = at,
         .lag = static_cast<double>(consumer.lag()),
         .pending = static_cast<double>(consumer.pending),
         .behind = std::max(0.0, last - static_cast<double>(consumer.delivered.stream.value())),
         .deliveryLag = deliveryLag});
    while (m_points.size() > kMost || (m_points.size() > kLeast && m_points.front().at < at - kSpan))
        m_points.pop_front();
}

std::optional<double> Outlook::slope(double Point::*what) const
{
    return slopeOf(m_points.begin(), m_points.end(),
                   [what](const Point& point) { return std::optional(point.*what); });
}

std::optional<double> Outlook::ageSlope() const
{
    return slopeOf(m_points.begin(), m_points.end(), [](const Point& point) { return point.deliveryLag; });
}

std::optional<double> Outlook::etaSeconds() const
{
    if (m_points.empty())
        return std::nullopt;
    const double lag = m_points.back().lag;
    if (lag == 0)
        return 0.0;
    // Since the peak: what was added in a burst before it says nothing about how fast it goes down.
    const auto peak = std::max_element(m_points.begin(), m_points.end(),
                                       [](const Point& a, const Point& b) { return a.lag < b.lag; });
    const std::optional<double> perSecond =
        slopeOf(peak, m_points.end(), [](const Point& point) { return std::optional(point.lag); });
    // A lag that trembles around a few messages is not on its way anywhere.
    const double span = m_points.back().at - peak->at;
    if (!perSecond || -*perSecond * span <= std::max(3.0, 0.01 * lag))
        return std::nullopt;
    const double seconds = lag / -*perSecond;
    return seconds < kForEver ? std::optional(seconds) : std::nullopt;
}

std::optional<double> Outlook::runwaySeconds(const StreamSnapshot& stream) const
{
    if (m_points.empty() || m_points.back().pending == 0)
        return std::nullopt;
    std::optional<double> runway;
    const Point& now = m_points.back();
    if (stream.maxAge.count() > 0 && now.deliveryLag) {
        // A second passes a second when nothing is read; whoever reads at the pace of arrival stands still.
        constexpr double kNoise = 0.02;
        const std::optional<double> aging = ageSlope();
        const double maxAge = std::chrono::duration<double>(stream.maxAge).count();
        if (aging && *aging > kNoise)
            runway = reaches(*now.deliveryLag, *aging, maxAge);
    }
    const std::optional<double> growth = slope(&Point::behind);
    if (stream.discard == "new" || stream.messages == 0 || !growth)
        return runway;
    // Deleted messages leave sequences without a message: a limit holds more sequences than messages.
    const double sequences =
        static_cast<double>(stream.lastSequence.value() - stream.firstSequence.value() + 1);
    const double each = std::max(1.0, sequences / static_cast<double>(stream.messages));
    if (stream.maxMessages > 0)
        runway = sooner(runway, reaches(now.behind, *growth, each * static_cast<double>(stream.maxMessages)));
    if (stream.maxBytes > 0 && stream.bytes > 0) {
        const double held = static_cast<double>(stream.maxBytes) * static_cast<double>(stream.messages) /
                            static_cast<double>(stream.bytes);
        runway = sooner(runway, reaches(now.behind, *growth, each * held));
    }
    return runway;
}

} // namespace jetlag
