#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <optional>

namespace jetlag::ui {

/// Which part of time a plot shows, in seconds since the epoch. Live means that the right end is now and
/// moves with it; whatever leaves the right end at now is live, whatever moves it away is not. A view never
/// reaches beyond now, nor before both the oldest point and the live span. While there is less past than the
/// span, the live view is as narrow as a round minute that holds it: a plot that was just opened shows lines,
/// not an empty quarter of an hour.
class TimeView final
{
public:
    void setSpan(double seconds);
    [[nodiscard]] double span() const { return m_span; }
    void setNow(double at);
    [[nodiscard]] std::optional<double> now() const { return m_now; }
    void setOldest(std::optional<double> at);
    /// The next setNow() may be earlier than the last; the range stays as it is.
    void forgetNow();

    [[nodiscard]] bool isLive() const { return m_live; }
    [[nodiscard]] double from() const { return m_to - m_width; }
    [[nodiscard]] double to() const { return m_to; }
    [[nodiscard]] double width() const { return m_width; }

    void goLive();
    void setRange(double from, double to);
    /// factor < 1 shows less time; `around` stays where it is on the screen.
    void zoom(double factor, double around);
    void pan(double seconds);
    /// Pans as little as needed to have `at` in view.
    void reveal(double at);

private:
    void follow();
    [[nodiscard]] double liveWidth() const;

    double m_span = 900;
    double m_width = 900;
    double m_to = 0;
    bool m_live = true;
    bool m_chosenWidth = false; ///< somebody zoomed: the width stays also while live
    std::optional<double> m_now;
    std::optional<double> m_oldest;
};

} // namespace jetlag::ui
