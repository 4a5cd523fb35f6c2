#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_model.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace jetlag::ui {

/// The chosen collector in exact figures, and where to go from it. Stands at the right of the table, or as a
/// strip below it where there is little room.
class SelectionPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionPanel(QWidget* parent = nullptr);
    void showCollector(const CollectorRecord& row);
    void showNothing();
    /// One line of words and the buttons instead of all figures.
    void setCompact(bool compact);

signals:
    void replayWanted();
    void copyJsonWanted();
    void copyCommandWanted();

private:
    void addFact(const QString& what);
    void setFact(int fact, const QString& value);

    QLabel* m_name;
    QLabel* m_sentence;
    QWidget* m_factsBox;
    QFormLayout* m_facts;
    QList<QLabel*> m_values;
    QWidget* m_buttons;
    QPushButton* m_replay;
    QVBoxLayout* m_layout;
    bool m_compact = false;
};

} // namespace jetlag::ui
