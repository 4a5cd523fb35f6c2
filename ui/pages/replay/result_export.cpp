// SPDX-License-Identifier: Apache-2.0
//
// What leaves a replay's result: tables and the whole, to files and to the clipboard.
#include "model/service/result_format.h"
#include "ui/bridge/background.h"
#include "ui/pages/replay/result_table.h"
#include "ui/pages/replay/result_view.h"
#include "ui/theme/number_format.h"

#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>
#include <QTabBar>
#include <QToolButton>

namespace jetlag::ui {

void ResultView::fillExportMenu()
{
    QMenu* menu = m_export->menu();
    const auto add = [this, menu](const QString& words, Format format, Target target) {
        connect(menu->addAction(words), &QAction::triggered, this,
                [this, format, target] { exportTable(format, target); });
    };
    add(tr("Save this table as CSV …"), Format::Csv, Target::File);
    add(tr("Save this table as JSON …"), Format::Json, Target::File);
    add(tr("Copy this table as CSV"), Format::Csv, Target::Clipboard);
    add(tr("Copy this table as JSON"), Format::Json, Target::Clipboard);
    menu->addSeparator();
    QAction* whole = menu->addAction(tr("Save the whole result as JSON …"));
    connect(whole, &QAction::triggered, this, &ResultView::exportWhole);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, whole] {
        for (QAction* action : menu->actions())
            action->setEnabled(action == whole ? m_whole != nullptr : front() != nullptr);
    });
}

void ResultView::exportTable(Format format, Target target)
{
    ResultTable* table = front();
    if (table == nullptr || !m_result)
        return;
    if (target == Target::Clipboard) {
        const auto index = static_cast<std::size_t>(m_tabs->currentIndex());
        copy([result = m_result, index, format] {
            const Table& rows = result->tables[index];
            return format == Format::Csv ? tableCsv(rows) : tableJson(rows);
        });
        return;
    }
    const QString ending = format == Format::Csv ? QStringLiteral("csv") : QStringLiteral("json");
    const QString name = QString::fromStdString(m_analyzer + "-" + table->rows().schema().name);
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the table"), QStringLiteral("%1.%2").arg(name, ending));
    if (!file.isEmpty())
        exportTo(file, format);
}

void ResultView::exportTo(const QString& file, Format format)
{
    if (front() == nullptr || !m_result)
        return;
    const auto index = static_cast<std::size_t>(m_tabs->currentIndex());
    write(
        [result = m_result, index, format] {
            const Table& rows = result->tables[index];
            return format == Format::Csv ? tableCsv(rows) : tableJson(rows);
        },
        file, tr("%1 rows saved").arg(exact(m_result->tables[index].rows().size())));
}

void ResultView::exportWhole()
{
    if (!m_whole)
        return;
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the result"), QStringLiteral("%1.json").arg(QString::fromStdString(m_analyzer)));
    if (!file.isEmpty())
        write([whole = m_whole] { return replayResultJson(*whole); }, file, tr("The whole result is saved"));
}

void ResultView::write(std::function<std::string()> text, const QString& file, const QString& done)
{
    sayOfExport(tr("Saving …"), true);
    inBackground([text = std::move(text), file, done, deliver = m_written.inlet()] {
        const std::string bytes = text();
        QSaveFile target(file); // an old file stays whole until the new one is
        const bool good = target.open(QIODevice::WriteOnly) &&
                          target.write(bytes.data(), static_cast<qint64>(bytes.size())) ==
                              static_cast<qint64>(bytes.size()) &&
                          target.commit();
        deliver({good ? tr("%1: %2").arg(done, file)
                      : tr("%1 could not be written: %2").arg(file, target.errorString()),
                 good, nullptr});
    });
}

void ResultView::copy(std::function<std::string()> text)
{
    sayOfExport(tr("Copying …"), true);
    inBackground([text = std::move(text), deliver = m_written.inlet()] {
        deliver({tr("Copied."), true, std::make_shared<QString>(QString::fromStdString(text()))});
    });
}

} // namespace jetlag::ui
