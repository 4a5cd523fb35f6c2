#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"
#include "ui/bridge/latest_value.h"

#include <QFrame>

#include <memory>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QTabBar;
class QTimer;
class QToolButton;

namespace jetlag::ui {

class QuarantineView;
class ResultTable;
class StatePanel;

/// What a replay has worked out so far: the analyzer's tables and the quarantine, one tab each, with filter,
/// columns and export. Only the tab in front is kept up to date; the others when they come in front.
class ResultView final : public QFrame
{
    Q_OBJECT

public:
    explicit ResultView(QWidget* parent = nullptr);

    /// The analyzer's tables, with their columns and without rows.
    void setAnalyzer(const std::string& analyzer, const std::vector<std::string>& onDemandTables);
    /// Null: nothing is there; `say()` says why.
    void setResult(std::shared_ptr<const EngineResult> result);
    /// At the end of a run: what the export as a whole gives.
    void setWhole(std::shared_ptr<const ReplayResult> whole);
    /// Stands where rows would, as long as there is no result.
    void say(const QString& title, const QString& sentence);
    void focusFilter();
    /// False when there is nothing to clear.
    bool clearFilter();
    void saveColumns() const;

    enum class Format { Csv, Json };
    /// The table in front, all its rows, in the background; how it went is said beside the tabs.
    void exportTo(const QString& file, Format format);

    [[nodiscard]] ResultTable* table(int index) const { return m_tables[static_cast<std::size_t>(index)]; }
    [[nodiscard]] QTabBar* tabs() const { return m_tabs; }
    [[nodiscard]] QuarantineView* quarantine() const { return m_quarantine; }
    /// What is said about the rows: how many, how many of them are shown.
    [[nodiscard]] QString note() const;

private:
    enum class Target { File, Clipboard };
    void fillExportMenu();
    void exportTable(Format format, Target target);
    void exportWhole();
    void write(std::function<std::string()> text, const QString& file, const QString& done);
    void copy(std::function<std::string()> text);
    void showFront();
    void showNote();
    void sayOfExport(const QString& words, bool good);
    void showTitles();
    [[nodiscard]] ResultTable* front() const;

    struct Written
    {
        QString words;
        bool good = false;
        std::shared_ptr<QString> clipboard; ///< null = it went to a file
    };

    std::string m_analyzer;
    std::shared_ptr<const EngineResult> m_result;
    std::shared_ptr<const ReplayResult> m_whole;
    QTabBar* m_tabs;
    QLineEdit* m_filter;
    QToolButton* m_columns;
    QToolButton* m_export;
    QLabel* m_note;
    QString m_said; ///< how an export went; stands until another tab or filter is chosen
    bool m_saidGood = true;
    QStackedWidget* m_stack; ///< the tables, then the quarantine
    StatePanel* m_state;
    std::vector<ResultTable*> m_tables;
    QuarantineView* m_quarantine;
    QTimer* m_filterWait;
    LatestValue<Written> m_written;
};

} // namespace jetlag::ui
