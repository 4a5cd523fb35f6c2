#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QFrame>

class QLabel;
class QPushButton;

namespace jetlag::ui {

class LiveSession;

/// The connection that is open or being tried: what is so, and what can be done about it.
class OpenNow final : public QFrame
{
    Q_OBJECT

public:
    explicit OpenNow(LiveSession& session, QWidget* parent = nullptr);

private:
    void refresh();

    LiveSession& m_session;
    QLabel* m_name;
    QLabel* m_sentence;
    QPushButton* m_tryNow;
    QPushButton* m_disconnect;
};

} // namespace jetlag::ui
