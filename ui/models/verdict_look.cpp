// SPDX-License-Identifier: Apache-2.0
#include "ui/models/verdict_look.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QObject>

#include <algorithm>
#include <array>

namespace jetlag::ui {

namespace {

struct Look
{
    std::string_view verdict;
    Glyph glyph;
    QColor Palette::*ink;
    const char* word;
};

constexpr std::array kLooks{
    Look{"lost", Glyph::Cross, &Palette::bad, QT_TRANSLATE_NOOP("Verdict", "lost")},
    Look{"stopped", Glyph::Square, &Palette::bad, QT_TRANSLATE_NOOP("Verdict", "stopped")},
    Look{"stuck", Glyph::Diamond, &Palette::warning, QT_TRANSLATE_NOOP("Verdict", "stuck")},
    Look{"slow", Glyph::TriangleDown, &Palette::warning, QT_TRANSLATE_NOOP("Verdict", "slow")},
    Look{"stale", Glyph::DottedRing, &Palette::secondary, QT_TRANSLATE_NOOP("Verdict", "stale")},
    Look{"catching-up", Glyph::TriangleUp, &Palette::accent, QT_TRANSLATE_NOOP("Verdict", "catching up")},
    Look{"paused", Glyph::Pause, &Palette::paused, QT_TRANSLATE_NOOP("Verdict", "paused")},
    Look{"", Glyph::DottedRing, &Palette::secondary, QT_TRANSLATE_NOOP("Verdict", "looking …")},
    Look{"keeping-up", Glyph::Disc, &Palette::good, QT_TRANSLATE_NOOP("Verdict", "keeping up")},
    Look{"idle", Glyph::Ring, &Palette::secondary, QT_TRANSLATE_NOOP("Verdict", "idle")},
};

std::size_t placeOf(std::string_view verdict)
{
    for (std::size_t at = 0; at < kLooks.size(); ++at) {
        if (kLooks[at].verdict == verdict)
            return at;
    }
    return placeOf({});
}

} // namespace

Glyph glyphOfVerdict(std::string_view verdict)
{
    return kLooks[placeOf(verdict)].glyph;
}

QColor inkOfVerdict(std::string_view verdict)
{
    return colors().*(kLooks[placeOf(verdict)].ink);
}

QColor Palette::*inkMemberOfVerdict(std::string_view verdict)
{
    return kLooks[placeOf(verdict)].ink;
}

QIcon iconOfVerdict(std::string_view verdict)
{
    constexpr int kSide = 32; // more than a list shows of it
    return QIcon(glyphPixmap(glyphOfVerdict(verdict), inkOfVerdict(verdict), kSide));
}

QString wordOfVerdict(std::string_view verdict)
{
    return QObject::tr(kLooks[placeOf(verdict)].word);
}

QString wordOfCause(std::string_view cause)
{
    if (cause == "none")
        return {};
    return QString::fromUtf8(cause.data(), static_cast<qsizetype>(cause.size()))
        .replace(QLatin1Char('-'), QLatin1Char(' '));
}

std::string_view verdictNamed(std::string_view word)
{
    for (const Look& look : kLooks) {
        if (look.verdict == word)
            return look.verdict;
    }
    for (int at = 0; at <= static_cast<int>(Cause::DeadLetters); ++at) { // the last of them
        if (toString(static_cast<Cause>(at)) == word)
            return verdictOf(static_cast<Cause>(at));
    }
    return {};
}

std::string_view shownVerdict(const CollectorReport& row)
{
    return row.verdict ? std::string_view(*row.verdict) : std::string_view();
}

std::string_view standingVerdict(const CollectorReport& row)
{
    return row.consumer.stale && !row.cause && row.diagnosis && row.diagnosis->cause
               ? row.diagnosis->verdict()
               : shownVerdict(row);
}

bool doesNobodyAnswer(const ClusterReport& report)
{
    return !report.collectors.empty() &&
           std::ranges::all_of(report.collectors, [](const auto& row) { return row.consumer.stale; });
}

QString sentenceOf(const CollectorReport& row)
{
    if (!row.diagnosis || row.diagnosis->sentence.empty())
        return {};
    const QString sentence = shown(row.diagnosis->sentence);
    return row.consumer.stale ? QObject::tr("As of %1: %2").arg(clockTime(row.diagnosis->at), sentence)
                              : sentence;
}

QString etaWords(const CollectorReport& row)
{
    if (neverDrains(row))
        return QObject::tr("never");
    const std::optional<double> eta = shownEta(row);
    return eta ? duration(eta) : notApplicable();
}

bool isAtRisk(const CollectorReport& row)
{
    if (row.lag == 0)
        return false;
    if (row.etaSeconds)
        return row.runwaySeconds && *row.runwaySeconds < *row.etaSeconds;
    const std::string_view verdict = standingVerdict(row);
    return verdict == "lost" ||
           (row.runwaySeconds && (verdict == "stopped" || verdict == "slow" || verdict == "stuck"));
}

std::optional<double> runwayNow(const CollectorReport& row, std::optional<double> ageSeconds)
{
    if (!row.runwaySeconds || !row.consumer.stale)
        return row.runwaySeconds;
    return std::max(0.0, *row.runwaySeconds - ageSeconds.value_or(0));
}

QString runwayWords(const CollectorReport& row, std::optional<double> ageSeconds)
{
    const std::optional<double> left = runwayNow(row, ageSeconds);
    return left && row.consumer.stale ? QObject::tr("%1?").arg(duration(left)) : duration(left);
}

bool isRunwayShort(double seconds)
{
    constexpr double kSoon = 600;
    return seconds < kSoon;
}

QString verdictWords(const CollectorReport& row)
{
    const std::string_view verdict = shownVerdict(row);
    if (standingVerdict(row) != verdict) {
        const QString cause = wordOfCause(toString(*row.diagnosis->cause));
        const bool isPlain = cause.isEmpty() || standingVerdict(row) == "keeping-up";
        return QObject::tr("was %1").arg(isPlain ? wordOfVerdict(standingVerdict(row)) : cause);
    }
    if (verdict == "keeping-up" || !row.cause || *row.cause == verdict)
        return wordOfVerdict(verdict);
    const QString cause = wordOfCause(*row.cause);
    return cause.isEmpty() ? wordOfVerdict(verdict)
                           : QObject::tr("%1 · %2").arg(wordOfVerdict(verdict), cause);
}

} // namespace jetlag::ui
