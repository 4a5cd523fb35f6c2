#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <QWidget>

#include <optional>

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
    /// `ageSeconds`: of values that the server does not tell any more.
    void show(const CollectorReport& row, std::optional<double> ageSeconds, bool isMuted);

private:
    void setFigure(int at, const QString& figure, const QString& caption, const QColor& ink);
    void showLag(const CollectorReport& row);

    QLabel* m_sign;
    ElidedLabel* m_name;
    QLabel* m_verdict;
    MutedSign* m_muted;
    QLabel* m_sentence;
    QLabel* m_figures[3];
    QLabel* m_captions[3];
};

} // namespace jetlag::ui
