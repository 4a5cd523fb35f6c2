// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_scene.h"
#include "ui/plots/time_view.h"
#include "ui/plots/value_scale.h"

#include <QDateTime>
#include <QTest>

#include <cmath>
#include <limits>

using namespace jetlag::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// With ordinary blanks, as people write it.
QString plain(QString text)
{
    return text.replace(QChar(0x202f), QLatin1Char(' '));
}

QString labels(const QList<AxisTick>& ticks)
{
    QStringList words;
    for (const AxisTick& tick : ticks)
        words += plain(tick.label);
    return words.join(QStringLiteral(" | "));
}

} // namespace

class TestPlotScales : public QObject
{
    Q_OBJECT

private slots:
    void twoOrThreeRoundLabels_data()
    {
        QTest::addColumn<int>("unit");
        QTest::addColumn<double>("lowest");
        QTest::addColumn<double>("highest");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, PlotUnit unit, double lowest, double highest,
                            const char* said) {
            QTest::newRow(name) << static_cast<int>(unit) << lowest << highest << QString::fromUtf8(said);
        };
        row("nothing flows", PlotUnit::Rate, 0, 0, "0 | 1 | 2");
        row("one message of lag", PlotUnit::Count, 0, 1, "0 | 1 | 2");
        row("a rate from zero", PlotUnit::Rate, 4800, 5400, "0 | 3 k | 6 k");
        row("room above", PlotUnit::Rate, 0, 7990, "0 | 5 k | 10 k");
        row("millions", PlotUnit::Count, 0, 1'240'000, "0 | 1 M | 2 M");
        row("bytes", PlotUnit::ByteRate, 0, 8.1e6, "0 B | 5 MB | 10 MB");
        row("seconds", PlotUnit::Seconds, 0, 45, "0 s | 30 s | 1 m");
        row("minutes", PlotUnit::Seconds, 0, 372, "0 s | 5 m | 10 m");
        row("hours", PlotUnit::Seconds, 0, 5000, "0 s | 1 h | 2 h");
        row("days", PlotUnit::Seconds, 0, 86'400 * 3.5, "0 s | 2 d | 4 d");
        row("positions", PlotUnit::Sequence, 47'000'000, 48'200'000, "47.0 M | 47.5 M | 48.0 M");
        row("positions close together", PlotUnit::Sequence, 47'311'900, 47'312'080,
            "47 311 900 | 47 312 000 | 47 312 100");
        row("long positions close together", PlotUnit::Sequence, 9'947'311'900, 9'947'312'080,
            "…311 900 | …312 000 | …312 100");
        row("positions at rest", PlotUnit::Sequence, 5, 5, "4 | 5 | 6");
        row("an empty stream", PlotUnit::Sequence, 0, 0, "0 | 1");
    }

    void twoOrThreeRoundLabels()
    {
        QFETCH(int, unit);
        QFETCH(double, lowest);
        QFETCH(double, highest);
        QFETCH(QString, said);
        ValueScale scale(static_cast<PlotUnit>(unit));
        scale.fit(ValueRange{lowest, highest});
        QCOMPARE(labels(scale.ticks(/*low=*/false)), said);
        QVERIFY(scale.range()->lower <= lowest);
        QVERIFY(scale.range()->upper >= highest);
        QVERIFY(scale.ticks(/*low=*/true).size() <= 3);
    }

    void everyMagnitudeHasLabels()
    {
        for (double width = 1; width < 1e13; width *= 1.37) {
            ValueScale scale(PlotUnit::Sequence);
            scale.fit(ValueRange{12'345'678'901, 12'345'678'901 + width});
            const auto count = scale.ticks(false).size();
            QVERIFY2(count >= 2 && count <= 5, qPrintable(QStringLiteral("%1: %2").arg(width).arg(count)));
        }
    }

    void aScaleStandsStillWhileValuesTremble()
    {
        ValueScale scale(PlotUnit::Rate);
        scale.fit(ValueRange{0, 5400});
        const auto before = scale.range();
        for (const double highest : {5900.0, 2600.0, 6000.0, 3100.0}) {
            scale.fit(ValueRange{0, highest});
            QVERIFY(scale.range() == before);
        }
        scale.fit(std::nullopt); // nothing in view
        QVERIFY(scale.range() == before);
        scale.fit(ValueRange{0, 6001});
        QVERIFY(scale.range()->upper >= 6001);
        scale.fit(ValueRange{0, 100});
        QVERIFY(scale.range()->upper <= 200);
    }

    void aClimbingPositionChangesItsScaleSeldom()
    {
        ValueScale scale(PlotUnit::Sequence);
        int changes = 0;
        std::optional<ValueRange> before;
        for (int second = 0; second < 900; ++second) {
            // 15 minutes in view, 1,000 a second.
            scale.fit(ValueRange{1e6 + second * 1e3, 1e6 + (second + 900) * 1e3});
            QVERIFY(scale.range()->lower <= 1e6 + second * 1e3);
            QVERIFY(scale.range()->upper >= 1e6 + (second + 900) * 1e3);
            changes += scale.range() != before ? 1 : 0;
            before = scale.range();
        }
        QVERIFY2(changes <= 10, qPrintable(QString::number(changes)));
    }

    void timesAreRoundAndTheEndSaysNow()
    {
        const double at = QDateTime(QDate(2026, 11, 23), QTime(22, 3, 20)).toSecsSinceEpoch();
        QCOMPARE(labels(timeTicks(at - 900, at, 900, 130, true)),
                 QStringLiteral("21:50 | 21:55 | 22:00 | now"));
        QCOMPARE(labels(timeTicks(at - 900, at, 900, 130, false)), QStringLiteral("21:50 | 21:55 | 22:00"));
        QCOMPARE(labels(timeTicks(at - 20, at, 900, 130, false)),
                 QStringLiteral("22:03:00 | 22:03:05 | 22:03:10 | 22:03:15 | 22:03:20"));
        // Too near to the end: the line stays, the words go.
        QCOMPARE(labels(timeTicks(at - 910, at - 195, 900, 130, true)),
                 QStringLiteral("21:50 | 21:52 | 21:54 | 21:56 | 21:58 |  | now"));
        const double midnight = QDateTime(QDate(2026, 11, 24), QTime(0, 0)).toSecsSinceEpoch();
        QVERIFY(labels(timeTicks(midnight - 600, midnight + 600, 900, 130, false))
                    .contains(QStringLiteral("24 Nov")));
        QCOMPARE(timeTicks(at, at, 900, 130, true).size(), 0);
        QCOMPARE(timeTicks(at, at + 1, 0, 130, true).size(), 0);
    }

    void aViewNeverLeavesWhatThereIs()
    {
        TimeView view;
        view.zoom(0.5, 0); // before anything is known
        QVERIFY(view.isLive());
        view.setSpan(900);
        view.setNow(10'000);
        view.setOldest(8000);
        view.zoom(100, 9500);
        QCOMPARE(view.from(), 8000.0);
        QCOMPARE(view.to(), 10'000.0);
        QVERIFY(view.isLive()); // follows, wider than usual
        view.setNow(10'010);
        QCOMPARE(view.to(), 10'010.0);
        view.pan(-50);
        view.zoom(1e-9, 9000);
        QVERIFY(view.width() >= 1);
        QVERIFY(!view.isLive());
        view.reveal(8001);
        QVERIFY(view.from() <= 8001 && view.to() >= 8001);
        view.goLive();
        QCOMPARE(view.from(), 9110.0);
        QVERIFY(view.isLive());
    }

    void aYoungViewIsNarrow()
    {
        TimeView view;
        view.setSpan(900);
        view.setNow(10'000);
        view.setOldest(9990);
        QCOMPARE(view.width(), 60.0);
        view.setNow(10'100);
        QCOMPARE(view.width(), 120.0);
        view.setNow(10'800);
        QCOMPARE(view.width(), 900.0);
        QVERIFY(view.isLive());
        view.setSpan(300);
        QCOMPARE(view.width(), 300.0);
        view.setRange(10'600, 10'800); // chosen by hand: it stays as wide
        QVERIFY(view.isLive());
        view.setNow(10'801);
        QCOMPARE(view.width(), 200.0);
        view.setSpan(900);
        QCOMPARE(view.width(), 200.0);
        view.goLive();
        QCOMPARE(view.width(), 900.0);
    }

    void nearestAndBetween()
    {
        const PlotPoints points{{10, 1}, {20, kNaN}, {30, 3}};
        QCOMPARE(nearestPoint(points, 11, 5).value(), 0U);
        QCOMPARE(nearestPoint(points, 16, 5).value(), 1U);
        QCOMPARE(nearestPoint(points, 99, 100).value(), 2U);
        QVERIFY(!nearestPoint(points, 36, 5));
        QVERIFY(!nearestPoint({}, 36, 5));
        QVERIFY(valuesBetween(points, 0, 99) == (ValueRange{1, 3}));
        QVERIFY(!valuesBetween(points, 15, 25));
    }
};

QTEST_GUILESS_MAIN(TestPlotScales)
#include "tst_plot_scales.moc"
