#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/source_picker.h"
#include "ui/widgets/range_line.h"

#include <QFrame>

class QLabel;

namespace jetlag::ui {

/// The top of the page: the source while a replay is set up, one line about the set-up once it runs; below
/// either of them the range.
class SourcePanel final : public QFrame
{
    Q_OBJECT

public:
    explicit SourcePanel(QWidget* parent = nullptr);

    /// The set-up in one line.
    void fold(const QString& summary);
    void unfold();
    /// What is missing in the source, in a sentence; empty = nothing.
    void setNote(const QString& note);
    [[nodiscard]] SourcePicker& picker() { return *m_picker; }
    [[nodiscard]] RangeLine& range() { return *m_range; }

signals:
    void changeWanted();

private:
    SourcePicker* m_picker;
    QWidget* m_sourceRow;
    QLabel* m_summary;
    QWidget* m_summaryRow;
    QLabel* m_note;
    RangeLine* m_range;
};

} // namespace jetlag::ui
