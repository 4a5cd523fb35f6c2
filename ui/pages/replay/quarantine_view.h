#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/quarantine_model.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QSplitter;
class QTableView;

namespace jetlag::ui {

class Segments;

/// Events that could not be read, and the bytes of the chosen one as text or hex.
class QuarantineView final : public QWidget
{
    Q_OBJECT

public:
    explicit QuarantineView(QWidget* parent = nullptr);
    void setResult(std::shared_ptr<const EngineResult> result);
    [[nodiscard]] QuarantineModel& rows() { return *m_model; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showBytes();
    void fitColumns();

    QuarantineModel* m_model;
    QTableView* m_table;
    QLabel* m_about;
    Segments* m_form;
    QPlainTextEdit* m_bytes;
};

} // namespace jetlag::ui
