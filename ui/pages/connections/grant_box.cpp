// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/grant_box.h"

#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

GrantBox::GrantBox(QWidget* parent)
    : QWidget(parent)
    , m_kind(new QTabBar)
    , m_text(new QPlainTextEdit)
{
    m_kind->addTab(tr("nsc"));
    m_kind->addTab(tr("server config"));
    m_kind->setDrawBase(false);
    m_text->setReadOnly(true);
    m_text->setFont(Theme::instance().monoFont());
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setAccessibleName(tr("What to ask the administrator for"));
    auto* heading = new QLabel(tr("The one thing to ask for"));
    heading->setProperty("role", QStringLiteral("heading"));
    auto* copy = new QPushButton(tr("Copy"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    column->addWidget(heading);
    column->addWidget(m_kind);
    column->addWidget(m_text);
    auto* foot = new QHBoxLayout;
    foot->addWidget(quietLabel(tr("Grants reading only; nothing it could change.")), 1);
    foot->addWidget(copy);
    column->addLayout(foot);

    connect(m_kind, &QTabBar::currentChanged, this, &GrantBox::refresh);
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_text->toPlainText()); });
    hide();
}

void GrantBox::show(const ConnectionTest& test)
{
    m_test = test;
    refresh();
}

void GrantBox::clear()
{
    m_test.reset();
    hide();
}

void GrantBox::refresh()
{
    if (!m_test)
        return;
    const std::string text = m_kind->currentIndex() == 0 ? nscCommand(*m_test) : serverPermissions(*m_test);
    m_text->setPlainText(QString::fromStdString(text));
    const int lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 2;
    m_text->setFixedHeight(std::max(3, lines) * m_text->fontMetrics().lineSpacing() + 16);
    setVisible(!text.empty());
}

} // namespace jetlag::ui
