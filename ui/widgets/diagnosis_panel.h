#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"

#include <QWidget>

#include <limits>

class QBoxLayout;
class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace jetlag::ui {

/// Why it is so: the numbers that prove it, what to try with the commands to copy, what else is true. Rows
/// are made anew only when their words change, so that a selection in them survives a report.
class DiagnosisPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit DiagnosisPanel(QWidget* parent = nullptr);
    /// `isOld`: it was so, and nobody answers now.
    void show(const Diagnosis& diagnosis, bool isOld = false);
    /// Beside a table: at most so many rows of evidence and steps, the most telling ones, which come first.
    void setShort(int evidence, int steps);
    /// What to try beside what proves it, where there is little height.
    void setWide(bool wide);

private:
    void showEvidence(const Diagnosis& diagnosis, bool isOld);
    void showSteps(const Diagnosis& diagnosis);

    int m_mostEvidence = std::numeric_limits<int>::max();
    int m_mostSteps = std::numeric_limits<int>::max();
    QBoxLayout* m_parts; ///< the evidence, and all else
    QWidget* m_note;     ///< why the counter misleads; gone where it does not
    QLabel* m_why;
    QLabel* m_evidenceTitle;
    QGridLayout* m_evidence;
    QList<QLabel*> m_values; ///< of its rows
    QLabel* m_sampled;
    QLabel* m_tryTitle;
    QVBoxLayout* m_steps;
    QLabel* m_also;
    QLabel* m_limits; ///< crossed, of the owner's
    QStringList m_shownEvidence;
    QStringList m_shownSteps;
};

} // namespace jetlag::ui
