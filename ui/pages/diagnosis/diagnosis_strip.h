#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <QWidget>

class QLabel;

namespace jetlag::ui {

class ElidedLabel;
class MutedSign;

/// The answer over the full width: who, the verdict and since when, one sentence; at the right the numbers
/// that decide, or where the server's counter misleads, both.
class DiagnosisStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit DiagnosisStrip(QWidget* parent = nullptr);
    void show(const CollectorReport& row, bool isMuted = false);

private:
    QLabel* m_sign;
    ElidedLabel* m_name;
    QLabel* m_verdict;
    MutedSign* m_muted;
    QLabel* m_sentence;
    QLabel* m_figures[3];
    QLabel* m_captions[3];
};

} // namespace jetlag::ui
