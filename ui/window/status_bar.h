#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QLabel;

namespace jetlag::ui {

class LiveSessions;

/// Left: how old the numbers are and who gave them; in a narrow window what watching costs. Right: what the
/// page says.
class StatusBar final : public QWidget
{
    Q_OBJECT

public:
    StatusBar(LiveSessions& sessions, QWidget* parent = nullptr);
    void setPageText(const QString& text);
    /// For some seconds in place of the age: "Copied 3 rows".
    void flash(const QString& text);

private:
    void refresh();
    [[nodiscard]] QString sampleWords() const;

    LiveSessions& m_sessions;
    QLabel* m_sample;
    QLabel* m_footprint;
    QLabel* m_page;
    QString m_flash;
    qint64 m_flashUntilMs = 0;
};

} // namespace jetlag::ui
