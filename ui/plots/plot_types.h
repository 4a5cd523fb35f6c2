#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>
#include <QString>

#include <cstdint>
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
    bool dashed = false; ///< to tell it from a line that mostly lies on top of it
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
};

/// A moment worth a dashed line through all panels.
struct PlotMark
{
    double at = 0; ///< seconds since the epoch
    QString word;  ///< one or two words, shown as they are
    PlotColor color = PlotColor::Bad;
};

} // namespace jetlag::ui
