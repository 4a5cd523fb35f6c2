#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QDialog>

namespace jetlag::ui {

class Page;

/// The `?` sheet: every key of the window and of the page that is open.
class ShortcutSheet final : public QDialog
{
    Q_OBJECT

public:
    ShortcutSheet(const Page* page, QWidget* parent);
};

} // namespace jetlag::ui
