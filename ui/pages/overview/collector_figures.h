#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_model.h"

#include <QWidget>

class QFormLayout;

namespace jetlag::ui {

class ElidedLabel;

/// Where a collector stands, in exact figures.
class CollectorFigures final : public QWidget
{
    Q_OBJECT

public:
    explicit CollectorFigures(QWidget* parent = nullptr);
    void showCollector(const CollectorRecord& row);

private:
    void addFigure(const QString& what);
    void setFigure(int figure, const QString& value);

    QFormLayout* m_form;
    QList<ElidedLabel*> m_values;
};

} // namespace jetlag::ui
