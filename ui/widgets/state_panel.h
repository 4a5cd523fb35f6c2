#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>
#include <QWidget>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace jetlag::ui {

/// What stands in the middle of a panel that has nothing to show: what is so, why, and the next steps as
/// buttons. Empty, loading, denied and error states all look like this.
class StatePanel final : public QWidget
{
    Q_OBJECT

public:
    struct Step
    {
        QString words;
        std::function<void()> act;
    };

    explicit StatePanel(QWidget* parent = nullptr);
    /// Nothing moves when the words stay the same.
    void say(const QString& title, const QString& sentence, QList<Step> steps = {});

private:
    void setSteps(QList<Step> steps);

    QLabel* m_title;
    QLabel* m_sentence;
    QHBoxLayout* m_buttons;
    QList<Step> m_steps;
};

} // namespace jetlag::ui
