#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace jetlag::ui {

/// The one place that turns numbers into words. Overviews show three significant digits with a unit, detail
/// shows exact() figures. Unknown is never 0: pass nullopt and get "–".

[[nodiscard]] QString notApplicable();                           ///< "–"
[[nodiscard]] QString exact(std::uint64_t value);                ///< "47 311 905", grouped by U+202F
[[nodiscard]] QString count(double value);                       ///< "1.24 M", "318 k", "23"
[[nodiscard]] QString rate(std::optional<double> perSecond);     ///< "12.4 k/s"; "0/s"
[[nodiscard]] QString bareRate(std::optional<double> perSecond); ///< "12.4 k", under a header that says /s
[[nodiscard]] QString bytes(double value);                       ///< "8.1 MB", powers of 1000
[[nodiscard]] QString byteRate(std::optional<double> perSecond); ///< "8.1 MB/s"
/// Two units: "6 m 12 s", "1 h 04 m", "2 d 3 h"; "< 1 s" below one second, "0 s" for nothing.
[[nodiscard]] QString duration(std::optional<double> seconds);
/// The same with the parts of a second, for what took that long: "412 ms", "4.12 s", "6 m 12 s".
[[nodiscard]] QString preciseDuration(std::optional<double> seconds);
[[nodiscard]] QString percent(double share); ///< 0.613 → "61 %"

enum class TimeZone { Local, Utc };
/// "21:59:16" today, "2026-11-23 21:59:16" otherwise; with zone in detail().
[[nodiscard]] QString clockTime(ServerTime time, TimeZone zone = TimeZone::Local);
/// "2026-11-23 21:59:16.123 CET".
[[nodiscard]] QString detailTime(ServerTime time, TimeZone zone = TimeZone::Local);

/// Text from outside (names, subjects, errors) for a label or cell: one line, control and direction marks
/// made visible, bytes that are no UTF-8 escaped.
[[nodiscard]] QString shown(std::string_view text);

} // namespace jetlag::ui
