// SPDX-License-Identifier: Apache-2.0
#include "ui/window/shortcut_sheet.h"

#include "ui/pages/page.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

using Keys = QList<std::pair<QString, QString>>;

void addKeys(QVBoxLayout& layout, const QString& title, const Keys& keys)
{
    if (keys.isEmpty())
        return;
    auto* heading = new QLabel(title);
    heading->setProperty("role", QStringLiteral("heading"));
    layout.addWidget(heading);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(3 * Metrics::kMargin);
    for (const auto& [key, what] : keys) {
        auto* name = new QLabel(key);
        name->setFont(Theme::instance().monoFont());
        form->addRow(name, new QLabel(what));
    }
    layout.addLayout(form);
    layout.addSpacing(Metrics::kMargin);
}

} // namespace

ShortcutSheet::ShortcutSheet(const Page* page, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 12);
    addKeys(*layout, tr("Everywhere"),
            {{tr("Ctrl+1 … 7"), tr("go to a page")},
             {tr("Alt+1 … 9"), tr("show an open connection")},
             {QStringLiteral("Ctrl+Tab"), tr("the next connection, with Shift the one before")},
             {QStringLiteral("Delete"), tr("close the connection whose chip has the focus")},
             {QStringLiteral("/"), tr("filter")},
             {QStringLiteral("F5"), tr("refresh now")},
             {QStringLiteral("Esc"), tr("back")},
             {QStringLiteral("?"), tr("this sheet")},
             {QStringLiteral("Ctrl+Q"), tr("quit")}});
    if (page != nullptr)
        addKeys(*layout, pageTitle(page->pageId()), page->shortcuts());
}

} // namespace jetlag::ui
