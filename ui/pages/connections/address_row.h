#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLineEdit;

namespace jetlag::ui {

/// Where an address is typed, and what may be done with it.
class AddressRow final : public QWidget
{
    Q_OBJECT

public:
    explicit AddressRow(QWidget* parent = nullptr);

    [[nodiscard]] QString address() const;
    void setAddress(const QString& address);

signals:
    void chosen(); ///< it is what the page speaks of: somebody types, or one of the below comes next
    void testWanted();
    void connectWanted();

private:
    QLineEdit* m_address;
};

} // namespace jetlag::ui
