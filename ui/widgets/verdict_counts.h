#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/session_words.h"

#include <QWidget>

#include <vector>

namespace jetlag::ui {

/// How many collectors have which verdict, worst first: sign and number each, the words in the tool tip.
class VerdictCounts final : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictCounts(QWidget* parent = nullptr);

    void setCounts(std::vector<VerdictCount> counts);
    /// They were so; nothing is known of now.
    void setStale(bool stale);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<VerdictCount> m_counts;
    bool m_isStale = false;
};

} // namespace jetlag::ui
