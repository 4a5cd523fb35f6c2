// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_lines.h"
#include "model/history/history_rollup.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace jetlag;

namespace {

constexpr std::int64_t kStart = 1'700'000'040'000; // a whole minute
constexpr std::array kValues{HistoryValue::Pending, HistoryValue::DeliveredRate, HistoryValue::AckFloorStream,
                             HistoryValue::State};

struct Look
{
    int second = 0;
    std::int64_t pending = 0;
    std::optional<double> rate;
    std::int64_t floor = 0;
    std::int64_t state = 0;
};

HistoryTable tableOf(const std::vector<Look>& looks)
{
    HistoryTable table;
    table.columns.resize(4);
    for (const Look& look : looks) {
        table.at.push_back(kStart + look.second * 1000);
        table.columns[0].push_back(look.pending);
        table.columns[1].push_back(storedMeasure(look.rate));
        table.columns[2].push_back(look.floor);
        table.columns[3].push_back(look.state);
    }
    return table;
}

bool isNear(double one, double other)
{
    return std::abs(one - other) <= std::abs(other) * 0.0015;
}

/// "0:5 10:- 20:7" = second and value, - for a gap.
QString textOf(const std::vector<HistoryPoint>& line)
{
    QStringList words;
    for (const HistoryPoint& point : line)
        words += QStringLiteral("%1:%2")
                     .arg((toMillis(point.at) - kStart) / 1000.0)
                     .arg(std::isnan(point.value) ? QStringLiteral("-")
                                                  : QString::number(std::round(point.value)));
    return words.join(QLatin1Char(' '));
}

QString linesOf(const std::vector<int>& secondsOfLooks, std::size_t maxPoints, int stepSeconds = 0)
{
    HistoryTable table;
    table.columns.resize(kValues.size());
    for (const int second : secondsOfLooks) {
        table.at.push_back(stepSeconds ? kStart / (stepSeconds * 1000) + second / stepSeconds
                                       : kStart + second * 1000);
        for (auto& column : table.columns)
            column.push_back(second);
    }
    const std::array wanted{HistoryValue::AckFloorStream};
    HistoryLines lines(kValues, wanted);
    if (stepSeconds) { // rolled columns: 3 + 3 + 1 + 1
        table.columns.resize(8);
        table.columns[6] = table.columns[2];
    }
    lines.add(table, stepSeconds * 1000, 0, kStart + 1'000'000'000);
    return textOf(lines.lines(kStart, kStart + 100'000, maxPoints).front());
}

} // namespace

class TestHistoryRollup final : public QObject
{
    Q_OBJECT

private slots:
    void peaksSurvive();
    void unknownSamplesDoNotCount();
    void bucketsWithoutSamplesAreNotThere();
    void bucketsArePutAtTheirPlace();
    void pausesAreGaps_data();
    void pausesAreGaps();
    void thinningKeepsLowestAndHighest();
    void thinningOnTheWayIsThinningAtTheEnd();
    void coarseGoesBeforeFine();
    void aValueOfTheOtherKindIsUnknown();
};

void TestHistoryRollup::peaksSurvive()
{
    const HistoryTable rolled = rollUp(
        tableOf(
            {{0, 10, 100.0, 5, 1}, {3, 90'000, 300.0, 6, 2}, {9, 40, 200.0, 7, 3}, {10, 50, 250.0, 8, 3}}),
        kValues, 10'000);
    QCOMPARE(rolled.rows(), std::size_t{2});
    QCOMPARE(rolled.at[0], kStart / 10'000);
    QCOMPARE(rolled.at[1], kStart / 10'000 + 1);
    QCOMPARE(rolled.columns.size(), std::size_t{8});
    QCOMPARE(rolledColumnCount(kValues), std::size_t{8});

    HistoryLines lines(kValues, kValues);
    lines.add(rolled, 10'000, 0, kStart + 60'000);
    const auto points = lines.lines(kStart, kStart + 60'000, 100);
    const HistoryPoint& pending = points[0][0];
    QCOMPARE(pending.value, 40.0);
    QCOMPARE(pending.low, 10.0);
    QVERIFY(isNear(pending.high, 90'000));
    const HistoryPoint& rate = points[1][0];
    QVERIFY(isNear(rate.value, 200)); // the mean
    QVERIFY(isNear(rate.low, 100));
    QVERIFY(isNear(rate.high, 300));
    QCOMPARE(points[2][0].value, 7.0);
    QCOMPARE(points[3][0].value, 3.0);
    QCOMPARE(points[2][1].value, 8.0);
}

void TestHistoryRollup::unknownSamplesDoNotCount()
{
    const HistoryTable rolled =
        rollUp(tableOf({{0, 1, std::nullopt}, {1, 2, 50.0}, {10, 3, std::nullopt}, {11, 4, std::nullopt}}),
               kValues, 10'000);
    HistoryLines lines(kValues, kValues);
    lines.add(rolled, 10'000, 0, kStart + 60'000);
    const auto points = lines.lines(kStart, kStart + 60'000, 100);
    QVERIFY(isNear(points[1][0].value, 50));
    QCOMPARE(points[1].size(), std::size_t{1}); // and from then on nothing is known
    QCOMPARE(textOf(points[0]), QStringLiteral("0:2 10:4"));
}

void TestHistoryRollup::bucketsWithoutSamplesAreNotThere()
{
    const HistoryTable rolled = rollUp(tableOf({{0, 1}, {35, 2}}), kValues, 10'000);
    QCOMPARE(rolled.rows(), std::size_t{2});
    QCOMPARE(rolled.at[1] - rolled.at[0], std::int64_t{3});
    QCOMPARE(
        rollUp(HistoryTable{.at = {}, .columns = std::vector<std::vector<std::int64_t>>(4)}, kValues, 10'000)
            .rows(),
        std::size_t{0});
}

void TestHistoryRollup::bucketsArePutAtTheirPlace()
{
    HistoryTable whole{.at = {1, 2, 5}, .columns = {{10, 20, 50}}};
    mergeBuckets(whole, {.at = {2, 3, 6}, .columns = {{21, 30, 60}}});
    QVERIFY((whole.at == std::vector<std::int64_t>{1, 2, 3, 5, 6}));
    QVERIFY((whole.columns[0] == std::vector<std::int64_t>{10, 21, 30, 50, 60}));
}

void TestHistoryRollup::pausesAreGaps_data()
{
    QTest::addColumn<std::vector<int>>("looks");
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one look a second") << std::vector{0, 1, 2, 3} << 0 << "0:0 1:1 2:2 3:3";
    QTest::newRow("four looks missing") << std::vector{0, 1, 2, 6, 7} << 0 << "0:0 1:1 2:2 6:6 7:7";
    QTest::newRow("six looks missing") << std::vector{0, 1, 2, 9, 10} << 0 << "0:0 1:1 2:2 5.5:- 9:9 10:10";
    QTest::newRow("a look every ten seconds")
        << std::vector{0, 10, 20, 30, 60} << 0 << "0:0 10:10 20:20 30:30 60:60";
    QTest::newRow("no look for a minute") << std::vector{0, 10, 20, 80} << 0 << "0:0 10:10 20:20 50:- 80:80";
    QTest::newRow("one bucket missing") << std::vector{0, 10, 30} << 10 << "0:0 10:10 30:30";
    QTest::newRow("two buckets missing")
        << std::vector{0, 10, 20, 30, 40, 80, 90} << 10 << "0:0 10:10 20:20 30:30 40:40 60:- 80:80 90:90";
}

void TestHistoryRollup::pausesAreGaps()
{
    QFETCH(std::vector<int>, looks);
    QFETCH(int, step);
    QFETCH(QString, expected);
    QCOMPARE(linesOf(looks, 100, step), expected);
}

void TestHistoryRollup::thinningKeepsLowestAndHighest()
{
    std::vector<Look> looks;
    for (int second = 0; second < 1000; ++second)
        looks.push_back({second, second == 501 ? 9'999 : 100, 10.0, second});
    HistoryLines lines(kValues, kValues);
    lines.add(tableOf(looks), 0, 0, kStart + 1'000'000);
    const auto points = lines.lines(kStart, kStart + 1'000'000, 50);
    for (const auto& line : points)
        QVERIFY(line.size() <= 50);
    QVERIFY(std::ranges::any_of(points[0], [](const HistoryPoint& point) { return point.high == 9'999; }));
    QVERIFY(std::ranges::all_of(points[0], [](const HistoryPoint& point) { return point.low == 100; }));
    QCOMPARE(points[2].back().value, 999.0);
}

void TestHistoryRollup::thinningOnTheWayIsThinningAtTheEnd()
{
    std::vector<Look> looks;
    for (int second = 0; second < 5000; ++second) {
        if (second > 2000 && second < 2400)
            continue; // a gap
        const auto rate = second % 700 < 100 ? std::nullopt : std::optional(second % 97 * 10.0);
        looks.push_back({second, second * 7919 % 1009, rate, second, 1});
    }
    const HistoryTable rolled = rollUp(tableOf(looks), kValues, 10'000);
    HistoryLines atEnd(kValues, kValues);
    atEnd.add(rolled, 10'000, 0, kStart + 6'000'000);
    HistoryLines onTheWay(kValues, kValues);
    onTheWay.thinOut(kStart, 5'000'000 / 50 + 1);
    onTheWay.add(rolled, 10'000, 0, kStart + 6'000'000);
    onTheWay.finish();
    const auto expected = atEnd.lines(kStart, kStart + 5'000'000, 50);
    const auto found = onTheWay.lines(kStart, kStart + 5'000'000, 60);
    for (std::size_t line = 0; line < expected.size(); ++line) {
        QCOMPARE(textOf(found[line]), textOf(expected[line]));
        for (std::size_t i = 0; i < expected[line].size(); ++i) {
            if (!std::isnan(expected[line][i].value))
                QVERIFY(found[line][i].low == expected[line][i].low &&
                        found[line][i].high == expected[line][i].high);
        }
    }
}

void TestHistoryRollup::coarseGoesBeforeFine()
{
    const std::array wanted{HistoryValue::Pending};
    HistoryLines fine(kValues, wanted);
    fine.add(tableOf({{20, 20}, {21, 21}}), 0, 0, kStart + 60'000);
    QCOMPARE(*fine.oldest(), kStart + 20'000);
    HistoryLines coarse(kValues, wanted);
    coarse.add(rollUp(tableOf({{0, 1}, {5, 2}, {10, 3}, {20, 20}}), kValues, 10'000), 10'000, 0,
               kStart + 20'000);
    fine.putBefore(std::move(coarse));
    QCOMPARE(textOf(fine.lines(kStart, kStart + 60'000, 100).front()),
             QStringLiteral("0:2 10:3 20:20 21:21"));
}

void TestHistoryRollup::aValueOfTheOtherKindIsUnknown()
{
    const std::array wanted{HistoryValue::Bytes, HistoryValue::Pending};
    HistoryLines lines(kValues, wanted);
    QCOMPARE(lines.columns(false), std::uint64_t{1});
    QCOMPARE(lines.columns(true), std::uint64_t{7});
    lines.add(tableOf({{0, 1}}), 0, 0, kStart + 60'000);
    const auto points = lines.lines(kStart, kStart + 60'000, 100);
    QVERIFY(points[0].empty());
    QCOMPARE(points[1].size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestHistoryRollup)
#include "tst_history_rollup.moc"
