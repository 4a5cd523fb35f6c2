#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QFrame>
#include <QStringList>

class QLabel;
class QToolButton;

namespace jetlag::ui {

/// What is not as it should be, and what can be done about it.
struct Notice
{
    QStringList sentences; ///< empty = nothing to say
    bool canHide = false;  ///< what cannot be hidden stands as long as it is true
    bool canTry = false;   ///< the connection is lost: "Try now"
    QString line = {};     ///< what to ask the administrator for, to copy; empty = nothing
};

/// A notice above what it concerns. Stands only while it has something to say, and what somebody has put away
/// does not come back by itself.
class NoticeStrip final : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeStrip(QWidget* parent = nullptr);

    /// The first few sentences stand there, all of them in the tool tip.
    void say(const Notice& notice);

signals:
    void accountWanted(); ///< "What this account may see"
    void tryWanted();
    void done(const QString& what); ///< the line was copied

private:
    [[nodiscard]] QToolButton* addButton(const QString& words);
    void showSentences(const QStringList& sentences);

    QLabel* m_text;
    QLabel* m_line;
    QToolButton* m_copy;
    QToolButton* m_account;
    QToolButton* m_tryNow;
    QToolButton* m_hide;
    QStringList m_said;
    QStringList m_hidden; ///< the words that were put away
};

} // namespace jetlag::ui
