#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "tests/ui/report_rows.h"
#include "ui/bridge/notifier.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDir>
#include <QWidget>

#include <vector>

namespace jetlag::test {

/// Keeps what it is told. "Show" is pressed by press().
class FakeNotifier final : public ui::Notifier
{
public:
    void tell(const Notice& notice) override { told.push_back(notice); }
    void press(const Notice& notice) { emit showWanted(notice); }
    void stayInside(const Notice& notice) { emit stayedInside(notice); }

    std::vector<Notice> told;
};

/// Three collectors of two streams with the verdicts given, as the n-th report.
inline ClusterReport verdictReport(int second,
                                   const std::vector<std::pair<const char*, const char*>>& verdicts)
{
    std::vector<CollectorReport> rows{plainCollector("HIVE", "hive-queries", 1'240'000 % 900'000, 0),
                                      plainCollector("SPARK", "spark-jobs", 318'000),
                                      plainCollector("SPARK", "spark-stages", 23)};
    for (std::size_t at = 0; at < rows.size() && at < verdicts.size(); ++at) {
        rows[at].verdict = verdicts[at].first;
        rows[at].cause = verdicts[at].second;
    }
    return reportOf(std::move(rows), second);
}

/// For looking at: with JETLAG_PICTURES=FOLDER the widget's picture in both themes and two sizes.
inline void picture(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("JETLAG_PICTURES");
    if (folder.isEmpty())
        return;
    const ui::ThemeMode before = ui::Theme::instance().mode();
    const QSize size = widget.size();
    for (const auto mode : {ui::ThemeMode::Dark, ui::ThemeMode::Light}) {
        ui::Theme::instance().setMode(mode);
        for (const QSize wanted : {QSize(1440, 900), QSize(1024, 700)}) {
            widget.resize(wanted);
            QCoreApplication::processEvents();
            widget.grab().save(QDir(folder).filePath(
                QStringLiteral("%1-%2-%3.png")
                    .arg(name, mode == ui::ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light"))
                    .arg(wanted.width())));
        }
    }
    ui::Theme::instance().setMode(before);
    widget.resize(size);
    QCoreApplication::processEvents();
}

} // namespace jetlag::test
