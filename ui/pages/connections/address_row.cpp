// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/address_row.h"

#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace jetlag::ui {

AddressRow::AddressRow(QWidget* parent)
    : QWidget(parent)
    , m_address(new QLineEdit)
{
    auto* label = quietLabel(tr("Address"));
    label->setWordWrap(false);
    m_address->setPlaceholderText(tr("nats://host:4222, more with commas"));
    m_address->setAccessibleName(tr("Address of a server"));
    setFocusProxy(m_address);
    auto* test = new QPushButton(tr("Test"));
    auto* open = new QPushButton(tr("Connect"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(label);
    row->addWidget(m_address, 1);
    row->addWidget(test);
    row->addWidget(open);
    const auto openIt = [this] {
        emit chosen();
        emit connectWanted();
    };
    connect(m_address, &QLineEdit::textEdited, this, &AddressRow::chosen);
    connect(m_address, &QLineEdit::returnPressed, this, openIt);
    connect(open, &QPushButton::clicked, this, openIt);
    connect(test, &QPushButton::clicked, this, [this] {
        emit chosen();
        emit testWanted();
    });
}

QString AddressRow::address() const
{
    return m_address->text().trimmed();
}

void AddressRow::setAddress(const QString& address)
{
    m_address->setText(address);
}

} // namespace jetlag::ui
