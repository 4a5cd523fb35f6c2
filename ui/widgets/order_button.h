#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>
#include <QToolButton>

namespace jetlag::ui {

class RecordTable;

/// "New order waits": shows while rows of a table keep their places under the pointer although they would
/// stand in others by now, so that something new at the end of a list does not look like something old. A
/// click puts them in order.
class OrderButton final : public QToolButton
{
    Q_OBJECT

public:
    explicit OrderButton(QWidget* parent = nullptr);

    /// One of several that share the button's place; it counts while it is shown.
    void follow(RecordTable& table);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // tables come into view and go

private:
    void refresh();

    QList<RecordTable*> m_tables;
};

} // namespace jetlag::ui
