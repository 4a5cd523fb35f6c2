#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"
#include "ui/pages/replay/draft_check.h"

#include <QWidget>

class QBoxLayout;
class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace jetlag::ui {

/// What will be read, what will not be touched, what will be written, and the same as a command; after a run
/// its digest and its figures.
class FactsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FactsPanel(QWidget* parent = nullptr);

    void showPromise(const ReplayDraft& draft, const DraftCheck& check, const SourceFacts& facts);
    void setCommand(const QString& command);
    void showResult(const ReplayResult& result, const ReplayRequest& request);
    /// Before and during a run.
    void hideResult();
    /// A bar above the page has room for the digest only.
    void setCompact(bool compact);
    [[nodiscard]] QString digest() const;
    [[nodiscard]] QString command() const;

signals:
    /// What there is to show became more or less.
    void sizeChanged();

private:
    void addFigure(const QString& name, const QString& value, const QString& tip = {});

    QWidget* m_resultBox;
    QBoxLayout* m_resultLayout;
    QLabel* m_why;
    QLabel* m_digestHeading;
    QLabel* m_digest;
    QPushButton* m_copyDigest;
    QGridLayout* m_figures;
    QWidget* m_figuresBox;
    QWidget* m_promiseBox;
    QVBoxLayout* m_promise;
    QLabel* m_sentence;
    QWidget* m_commandBox;
    QPlainTextEdit* m_command;
    bool m_compact = false;
};

/// Whole, or partial and why, in a sentence.
[[nodiscard]] QString wholenessOf(const ReplayResult& result, const ReplayRequest& request);

} // namespace jetlag::ui
