#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QFrame>
#include <QStringList>

class QLabel;
class QToolButton;

namespace jetlag::ui {

/// What is not as it should be, in sentences above what it concerns. Stands only while it has something to
/// say, and what somebody has put away does not come back by itself.
class NoticeStrip final : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeStrip(QWidget* parent = nullptr);

    /// Empty = nothing to say. The first few stand there, all of them in the tool tip. What cannot be hidden
    /// stands as long as it is true.
    void say(const QStringList& sentences, bool canHide);

signals:
    void accountWanted(); ///< "What this account may see"

private:
    QLabel* m_text;
    QToolButton* m_account;
    QToolButton* m_hide;
    QStringList m_said;
    QStringList m_hidden; ///< the words that were put away
};

} // namespace jetlag::ui
