#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

class QPushButton;

namespace jetlag::ui {

/// For whoever has nothing to connect to: the demo, or a capture.
class Offers final : public QWidget
{
    Q_OBJECT

public:
    explicit Offers(QWidget* parent = nullptr);
    void setDemoRuns(bool runs); ///< one is enough

signals:
    void demoWanted();
    void captureWanted();

private:
    QPushButton* m_demo;
};

} // namespace jetlag::ui
