#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_model.h"

#include <QWidget>

class QBoxLayout;
class QFormLayout;
class QLabel;
class QPushButton;

namespace jetlag::ui {

class ElidedLabel;

/// The chosen collector in exact figures, and where to go from it. Stands at the right of the table, or as a
/// strip below it where there is little room.
class SelectionPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPanel(QWidget* parent = nullptr);
    void showCollector(const CollectorRecord& row);
    void showNothing();
    /// The chosen one is not in the reports any more; nobody takes another for it.
    void showGone(const ConsumerName& name);
    /// Words and the main button in one line instead of all figures.
    void setCompact(bool compact);

signals:
    void diagnosisWanted();
    void replayWanted();
    void copyJsonWanted();
    void copyCommandWanted();

private:
    [[nodiscard]] QWidget* makeButtons();
    void addFact(const QString& what);
    void setFact(int fact, const QString& value);

    ElidedLabel* m_name;
    QLabel* m_sentence;
    QWidget* m_factsBox;
    QFormLayout* m_facts;
    QList<ElidedLabel*> m_values;
    QWidget* m_buttons;
    QPushButton* m_replay;
    QWidget* m_copies;
    QBoxLayout* m_layout;
    bool m_compact = false;
};

} // namespace jetlag::ui
