#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLabel;

namespace jetlag::ui {

class LiveSession;

/// Left: how old the numbers are and who gave them. Right: what the page says.
class StatusBar final : public QWidget
{
    Q_OBJECT

public:
    StatusBar(LiveSession& session, QWidget* parent = nullptr);
    void setPageText(const QString& text);
    /// For some seconds in place of the age: "Copied 3 rows".
    void flash(const QString& text);

private:
    void refresh();

    LiveSession& m_session;
    QLabel* m_sample;
    QLabel* m_page;
    QString m_flash;
    qint64 m_flashUntilMs = 0;
};

} // namespace jetlag::ui
