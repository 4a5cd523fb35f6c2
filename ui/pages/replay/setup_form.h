#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/draft_check.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace jetlag::ui {

class PickBox;
class Segments;

/// From where to where, through which analyzer and how. The source stands above it.
class SetupForm final : public QWidget
{
    Q_OBJECT

public:
    explicit SetupForm(QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft);
    void writeTo(ReplayDraft& draft) const;
    /// What may be chosen with this source.
    void setFacts(SourceKind source, const SourceFacts& facts);
    /// Says beside each field what is wrong with it or what it means.
    void showCheck(const DraftCheck& check);
    void focusStart();

signals:
    void edited();
    void collectorChosen(const std::string& name);
    void analyzerChosen();

private:
    void addRangeRows(QGridLayout& grid);
    void addAnalyzerRows(QGridLayout& grid);
    void showFields();

    Segments* m_startKind;
    QLineEdit* m_startText;
    QLabel* m_of;
    PickBox* m_collector;
    QLabel* m_startNote;
    Segments* m_endKind;
    QLineEdit* m_endText;
    QLabel* m_endNote;
    PickBox* m_analyzer;
    QLabel* m_analyzerNote;
    QSpinBox* m_workers;
    QComboBox* m_speed;
    QLabel* m_speedNote;
    QLineEdit* m_filter;
    QLabel* m_filterNote;
    QLabel* m_zoneLabel;
    QComboBox* m_zone;
    QLabel* m_zoneNote;
    std::string m_applicationId; ///< not editable here, but not lost
    std::string m_likeFilter;
    std::vector<std::string> m_onDemandTables;
};

} // namespace jetlag::ui
