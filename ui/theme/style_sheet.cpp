// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/style_sheet.h"

#include <QHash>

namespace jetlag::ui {

namespace {

// $name is a colour of the palette.
constexpr auto kTemplate = R"(
QWidget[role="panel"] { background: $panel; }
QFrame[role="panel"] { background: $panel; border: 1px solid $line; border-radius: 4px; }
QFrame[role="note"] { background: $raised; border: 1px solid $line; border-left: 3px solid $warning; }
QFrame[role="popup"] { background: $raised; border: 1px solid $line; border-radius: 4px; }
QWidget[role="bar"] { background: $panel; }
QLabel { background: transparent; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="heading"] { color: $secondary; font-weight: 600; }
QLabel[role="error"] { color: $bad; }
QLabel[role="mistake"] { color: $bad; background: $raised; border: 1px solid $bad; border-radius: 4px; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="good"] { color: $good; }
QLabel[role="chip"] { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 3px 9px; }

QTableView, QTreeView, QListView, QPlainTextEdit, QTextEdit {
    background: $panel; border: 1px solid $line; border-radius: 4px;
    selection-background-color: $selection; selection-color: $text; outline: none;
}
QTableView[role="inner"], QPlainTextEdit[role="inner"], QListView[role="inner"] { border: none; border-radius: 0; }
QTableView { gridline-color: $line; }
QTableView::item { padding: 0 8px; border: none; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $secondary; border: none; border-bottom: 1px solid $line;
    padding: 5px 0 5px 8px; font-weight: 400; /* the sort mark's room stands at the right */
}
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-origin: border; subcontrol-position: top center; width: 9px; height: 7px;
}
QListView[role="inner"] { background: transparent; }
QListView::item { padding: 3px 6px; }
QListView::item:selected { background: $selection; color: $text; }
QTableCornerButton::section { background: $panel; border: none; }

QLineEdit {
    background: $panel; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 8px;
    selection-background-color: $accent; selection-color: $onaccent;
}
QLineEdit:focus { border: 1px solid $accent; }
QLineEdit:disabled { background: $window; color: $secondary; }
QLineEdit[bad="true"] { border: 1px solid $bad; }
/* Boxes with arrows are ControlStyle's: a sheet that touches them loses the arrows. */
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; background: transparent; padding: 0 6px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; selection-background-color: $selection; outline: none;
}

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 11px;
}
QPushButton:hover, QToolButton:hover { border-color: $faint; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: $selection; }
QPushButton:checked, QToolButton:checked { border-color: $accent; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $secondary; background: $window; }
QPushButton[role="primary"] { background: $accent; color: $onaccent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $secondary; border-color: $line; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent; border-color: transparent; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { color: $accent; }
QPushButton[role="flat"]:focus { border-color: $accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 3px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $secondary; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }

QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; border: none; height: 0; width: 0;
}
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QTabBar::tab {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 11px; margin-right: 6px;
}
QTabBar::tab:selected { border-color: $accent; background: $panel; }
QTabBar::tab:hover { border-color: $faint; }
QTabBar::tab:focus { border-color: $accent; }
QCheckBox { spacing: 7px; }
)";

} // namespace

QString styleSheet(const Palette& colors)
{
    const QHash<QString, QColor> names{
        {QStringLiteral("window"), colors.window},
        {QStringLiteral("panel"), colors.panel},
        {QStringLiteral("raised"), colors.raised},
        {QStringLiteral("line"), colors.line},
        {QStringLiteral("text"), colors.text},
        {QStringLiteral("secondary"), colors.secondary},
        {QStringLiteral("faint"), colors.faint},
        {QStringLiteral("accent"), colors.accent},
        {QStringLiteral("good"), colors.good},
        {QStringLiteral("warning"), colors.warning},
        {QStringLiteral("bad"), colors.bad},
        {QStringLiteral("paused"), colors.paused},
        {QStringLiteral("selection"), colors.selection},
        {QStringLiteral("onaccent"), colors.onAccent},
    };
    const QString source = QString::fromLatin1(kTemplate);
    QString sheet;
    sheet.reserve(source.size());
    for (qsizetype at = 0; at < source.size();) {
        if (source[at] != QLatin1Char('$')) {
            sheet += source[at++];
            continue;
        }
        qsizetype end = at + 1;
        while (end < source.size() && source[end].isLetter())
            ++end;
        sheet += names.value(source.mid(at + 1, end - at - 1)).name();
        at = end;
    }
    return sheet;
}

} // namespace jetlag::ui
