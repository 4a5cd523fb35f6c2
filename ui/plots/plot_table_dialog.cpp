// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_table_dialog.h"

#include "ui/plots/plot_table_model.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

QTableView* tableOf(PlotTableModel* model)
{
    auto* table = new QTableView;
    table->setModel(model);
    table->setAccessibleName(QDialog::tr("Samples of the plot"));
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(Metrics::kCompactRowHeight);
    table->horizontalHeader()->setHighlightSections(false);
    // Once for a snapshot: cheap, and no column is ever cut.
    table->resizeColumnsToContents();
    table->scrollToBottom();
    return table;
}

} // namespace

void showPlotTable(const PlotScene& scene, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QDialog::tr("Samples of the plot"));
    auto* model = new PlotTableModel(scene, dialog);
    auto* table = tableOf(model);

    auto* said = new QLabel(QDialog::tr("%1 times, as they were at %2. Unknown is %3.")
                                .arg(exact(static_cast<std::uint64_t>(model->rowCount())),
                                     clockTime(std::chrono::system_clock::now()), notApplicable()));
    said->setProperty("role", QStringLiteral("secondary"));
    auto* copy = new QPushButton(QDialog::tr("&Copy as CSV"));
    QObject::connect(copy, &QPushButton::clicked, model, [model, said] {
        QApplication::clipboard()->setText(model->csv());
        said->setText(
            QDialog::tr("Copied %1 rows.").arg(exact(static_cast<std::uint64_t>(model->rowCount()))));
    });
    auto* close = new QPushButton(QDialog::tr("Close"));
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);

    auto* below = new QHBoxLayout;
    below->addWidget(said);
    below->addStretch();
    below->addWidget(copy);
    below->addWidget(close);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    layout->addWidget(table);
    layout->addLayout(below);
    dialog->resize(std::clamp(table->horizontalHeader()->length() + 60, 480, 1100), 480);
    table->setFocus();
    dialog->show();
}

} // namespace jetlag::ui
