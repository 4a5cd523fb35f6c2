#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>
#include <QString>

#include <cstdint>
#include <limits>
#include <optional>

namespace jetlag::ui {

/// How the values of a line are scaled and written.
enum class PlotUnit : std::uint8_t {
    Rate,     ///< messages per second, from 0
    ByteRate, ///< bytes per second, from 0
    Count,    ///< messages, from 0
    Bytes,    ///< from 0
    Seconds,  ///< a duration, from 0
    Sequence, ///< a position in a stream, fitted to what is in view
};

/// A colour by its meaning; the theme says which one that is.
enum class PlotColor : std::uint8_t {
    Published, ///< information
    Good,      ///< acked
    Warning,   ///< delivered
    Bad,       ///< unprocessed
    Paused,    ///< time lag
    Quiet,     ///< what only frames the others, as a stream's first sequence
};

struct PlotLine
{
    QString name; ///< shown as it is: text from outside goes through shown() first
    PlotColor color = PlotColor::Published;
    /// Of another kind than the panel's: the line has its own scale at the right. At most one such kind per
    /// panel.
    std::optional<PlotUnit> unit{};
    bool dashed = false;     ///< to tell it from a line that mostly lies on top of it
    bool occasional = false; ///< named and read out only where it has values
};

struct PlotPanel
{
    QString title;
    PlotUnit unit = PlotUnit::Rate;
    QList<PlotLine> lines;
    double share = 1; ///< of the height, against the other panels
};

struct PlotPoint
{
    double at = 0;    ///< seconds since the epoch
    double value = 0; ///< NaN where it is unknown: the line has a gap there
    /// Of a point that stands for many samples: how low and high they went; NaN when it is one sample.
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
};

/// A moment worth a dashed line through all panels.
struct PlotMark
{
    double at = 0; ///< seconds since the epoch
    QString word;  ///< one or two words, shown as they are
    PlotColor color = PlotColor::Bad;
    QString detail; ///< what a pointer that rests on it is told; empty = the word says it all
};

/// What was so from when to when: one coloured stretch of a lane, with its word where that fits.
struct PlotSpan
{
    double from = 0; ///< seconds since the epoch
    double to = 0;
    QString word;
    PlotColor color = PlotColor::Quiet;
};

/// A row of stretches above the panels: the verdict over time, the leader.
struct PlotLane
{
    QString title;         ///< short: it stands in the margin
    QList<PlotSpan> spans; ///< ascending
};

/// How moments are written.
enum class PlotTimes : std::uint8_t {
    Local,
    Utc,
    Relative, ///< before now
};

} // namespace jetlag::ui
