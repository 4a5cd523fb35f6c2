// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/offers.h"

#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

QFrame* card(const QString& title, const QString& words, QPushButton* button, const QString& aside)
{
    QFrame* frame = panelFrame();
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    column->addWidget(titleLabel(title));
    column->addWidget(quietLabel(words));
    column->addStretch();
    auto* foot = new QHBoxLayout;
    foot->addWidget(button);
    foot->addWidget(quietLabel(aside), 1);
    column->addLayout(foot);
    return frame;
}

} // namespace

Offers::Offers(QWidget* parent)
    : QWidget(parent)
    , m_demo(new QPushButton(tr("Start the demo")))
{
    auto* open = new QPushButton(tr("Open a capture …"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Metrics::kMargin);
    row->addWidget(card(tr("Nothing to connect to?"),
                        tr("A nats-server on this machine with three streams, three hooks and three "
                           "collectors: one falls behind, one stops and comes back. Closing the window ends "
                           "it and leaves nothing behind."),
                        m_demo, {}),
                   1);
    row->addWidget(card(tr("No server at hand?"),
                        tr("A capture holds the events of an incident. Replay reads it without any server."),
                        open, tr("or drop the file on this page")),
                   1);
    connect(m_demo, &QPushButton::clicked, this, &Offers::demoWanted);
    connect(open, &QPushButton::clicked, this, &Offers::captureWanted);
}

void Offers::setDemoRuns(bool runs)
{
    m_demo->setEnabled(!runs);
}

} // namespace jetlag::ui
