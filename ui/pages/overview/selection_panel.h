#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_model.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace jetlag::ui {

class CollectorFigures;
class DiagnosisPanel;
class ElidedLabel;
class VerdictLine;

/// The chosen collector in short: verdict and since when, the sentence, what proves it, what to try, its
/// exact figures, and where to go from it. Stands at the right of the table, or as a strip below it where
/// there is little room.
class SelectionPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPanel(QWidget* parent = nullptr);
    void showCollector(const CollectorRecord& row);
    void showNothing();
    /// The chosen one is not in the reports any more; nobody takes another for it.
    void showGone(const ConsumerName& name);
    /// Words and the main buttons in one line instead of all else.
    void setCompact(bool compact);

signals:
    void diagnosisWanted();
    void replayWanted();
    void messagesWanted();
    void copyMarkdownWanted();
    void copyJsonWanted();
    void copyCommandWanted();

private:
    [[nodiscard]] QWidget* makeButtons();
    void showWords(const QString& title, const QString& sentence);

    ElidedLabel* m_name;
    VerdictLine* m_verdict;
    QLabel* m_sentence;
    DiagnosisPanel* m_why;
    CollectorFigures* m_figures;
    QScrollArea* m_reasons; ///< why, and the figures
    QWidget* m_buttons;
    QPushButton* m_replay;
    QList<QWidget*> m_besideOnly; ///< buttons that a strip has no room for; the row's own menu has them too
    QBoxLayout* m_layout;
    bool m_compact = false;
};

} // namespace jetlag::ui
