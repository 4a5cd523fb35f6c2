#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_test.h"

#include <QWidget>

#include <optional>

class QPlainTextEdit;
class QTabBar;

namespace jetlag::ui {

/// The one command that grants all that is missing, for nsc or for the server's configuration, ready to copy.
/// Hidden where nothing is missing.
class GrantBox final : public QWidget
{
    Q_OBJECT

public:
    explicit GrantBox(QWidget* parent = nullptr);
    void show(const ConnectionTest& test);
    void clear();

private:
    void refresh();

    QTabBar* m_kind;
    QPlainTextEdit* m_text;
    std::optional<ConnectionTest> m_test;
};

} // namespace jetlag::ui
