// SPDX-License-Identifier: Apache-2.0
//
// What one report costs the window's table of collectors at 1,000 and 10,000: taking the values over, and
// putting the rows in order, as one list and in groups, beside QSortFilterProxyModel over the same model.
// Each order is checked first. In the thread that calls, as the window does; medians of kRounds.

#include "model/history/recent_history.h"
#include "tests/ui/report_rows.h"
#include "ui/models/calm_proxy.h"
#include "ui/models/collector_groups.h"
#include "ui/models/collector_model.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QSortFilterProxyModel>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;

namespace {

constexpr int kRounds = 15;

double medianMs(const std::function<void(int)>& work)
{
    std::vector<double> took;
    for (int round = 0; round < kRounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        work(round);
        took.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
}

/// Every lag is another one with each report.
ClusterReport reportOfMany(std::uint64_t collectors, int second)
{
    std::vector<CollectorReport> rows;
    rows.reserve(collectors);
    for (std::uint64_t at = 0; at < collectors; ++at) {
        rows.push_back(plainCollector("S" + std::to_string(at % 500), "c" + std::to_string(at),
                                      (at * 7'919 + static_cast<std::uint64_t>(second) * 104'729) % 100'003));
        rows.back().verdict = at % 100 == 0 ? "slow" : "keeping-up";
    }
    return reportOf(std::move(rows), second);
}

void checkOrder(const QAbstractItemModel& model, int column, int rows)
{
    if (model.rowCount() != rows)
        qFatal("%d rows instead of %d", model.rowCount(), rows);
    for (int row = 1; row < rows; ++row) {
        if (model.index(row - 1, column).data(SortRole).toULongLong() <
            model.index(row, column).data(SortRole).toULongLong())
            qFatal("row %d is out of order", row);
    }
}

void measure(std::uint64_t collectors)
{
    std::vector<std::shared_ptr<const ClusterReport>> reports;
    for (int second = 0; second <= kRounds; ++second)
        reports.push_back(std::make_shared<const ClusterReport>(reportOfMany(collectors, second)));
    RecentHistory history;
    CollectorModel model;
    const auto take = [&](int second) {
        history.add(*reports[static_cast<std::size_t>(second)]);
        model.show(reports[static_cast<std::size_t>(second)], history);
    };
    take(0);
    const int lag = model.columnOf(QStringLiteral("lag"));
    QStringList ids;
    for (const auto& column : model.columns())
        ids << column.id;

    CalmProxy ours;
    ours.setSourceModel(&model);
    ours.setFilterColumns({.all = ids});
    ours.setNameColumns(
        {model.columnOf(QStringLiteral("stream")), model.columnOf(QStringLiteral("collector"))});
    ours.sort(lag, Qt::DescendingOrder);
    QSortFilterProxyModel theirs;
    theirs.setDynamicSortFilter(false);
    theirs.setSortRole(SortRole);
    theirs.setSourceModel(&model);
    theirs.sort(lag, Qt::DescendingOrder);
    checkOrder(ours, lag, static_cast<int>(collectors));
    checkOrder(theirs, lag, static_cast<int>(collectors));

    const double taking = medianMs([&](int round) { take(round + 1); });
    double order = 0;
    double qt = 0;
    {
        std::vector<double> mine;
        std::vector<double> others;
        for (int round = 0; round < kRounds; ++round) { // turn by turn, each over new values
            take(round);
            QElapsedTimer timer;
            timer.start();
            ours.arrangeNow();
            mine.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            timer.start();
            theirs.invalidate();
            (void)theirs.mapToSource(theirs.index(0, lag)); // it sorts when it is asked
            others.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        std::sort(mine.begin(), mine.end());
        std::sort(others.begin(), others.end());
        order = mine[mine.size() / 2];
        qt = others[others.size() / 2];
    }
    checkOrder(ours, lag, static_cast<int>(collectors));
    ours.setGrouping(std::make_unique<CollectorGroups>(model));
    const double grouped = medianMs([&](int round) {
        take(round + 1);
        ours.arrangeNow();
    });
    fmt::print("{:>6} collectors: values taken over {:.1f} ms, put in order {:.1f} ms (QSortFilterProxyModel "
               "{:.1f}: "
               "ratio {:.2f}), in groups with the values {:.1f} ms\n",
               collectors, taking, order, qt, order / qt, grouped);
}

} // namespace

int main(int argc, char** argv)
{
    const QGuiApplication application(argc, argv);
    measure(1'000);
    measure(10'000);
    return 0;
}
