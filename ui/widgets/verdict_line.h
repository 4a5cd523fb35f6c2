#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <QWidget>

class QLabel;

namespace jetlag::ui {

class ElidedLabel;
class MutedSign;

/// The sign of a verdict as a picture for a label; `size` in device-independent pixels.
[[nodiscard]] QPixmap verdictSign(std::string_view verdict, int size, qreal ratio);

/// "slow, since 21:57:22": what a collector's verdict is and since when; the verdict alone where that is not
/// known.
[[nodiscard]] QString verdictSince(const CollectorReport& row);
/// "6 m 12 s": how long it has been so at the newest sample; empty where verdictSince() tells no moment.
[[nodiscard]] QString verdictHeldFor(const CollectorReport& row);

/// Sign and verdictSince() in the verdict's colour, in one line.
class VerdictLine final : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictLine(QWidget* parent = nullptr);
    void show(const CollectorReport& row, bool isMuted = false);

private:
    QLabel* m_sign;
    ElidedLabel* m_words;
    MutedSign* m_muted;
};

} // namespace jetlag::ui
