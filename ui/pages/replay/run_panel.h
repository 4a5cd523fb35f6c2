#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/draft_check.h"
#include "ui/pages/replay/replay_runner.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace jetlag::ui {

/// How much will be read, and the buttons that do it, always at the same place. While a replay runs: how far
/// it is, how fast, how long it will take. A column beside the page, or a bar above it.
class RunPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit RunPanel(QWidget* parent = nullptr);

    /// Before and between runs. `perSecond`: of the last run of that analyzer; nullopt = there was none.
    void showEstimate(const DraftCheck& check, std::optional<double> perSecond);
    /// While the source is looked at.
    void showLooking(const DraftCheck& check);
    void showRun(const ReplayRunner& run);
    void setOrientation(Qt::Orientation orientation);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QPushButton* runButton() const { return m_run; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }

signals:
    /// Run, pause or resume, whatever the button says.
    void runPressed();
    void cancelPressed();

private:
    QLabel* m_title;
    QLabel* m_detail;
    QPushButton* m_run;
    QPushButton* m_cancel;
    QLabel* m_hint;
    QBoxLayout* m_layout;
};

} // namespace jetlag::ui
