#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"
#include "ui/pages/replay/draft_check.h"
#include "ui/pages/replay/replay_runner.h"

class QBoxLayout;
class QFrame;
class QScrollArea;

namespace jetlag::ui {

class FactsPanel;
class LiveSession;
class RangeLine;
class ResultView;
class RunPanel;
class SetupForm;
class SourcePanel;
class SourceWatch;

/// Runs events from a stream, a capture or raw logs through an analyzer, without touching where they come
/// from: set-up and range above, the run beside it, tables and quarantine below.
class ReplayPage final : public Page
{
    Q_OBJECT

public:
    explicit ReplayPage(LiveSession& session, QWidget* parent = nullptr);
    ~ReplayPage() override;

    [[nodiscard]] PageId pageId() const override { return PageId::Replay; }
    void openLink(const PageLink& link) override;
    bool refreshNow() override;
    bool focusFilter() override;
    bool goBack() override;
    bool playPause() override;
    [[nodiscard]] QString running() const override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;
    void saveLayout() override;

    /// Starts what is set up; pauses and resumes while it runs.
    void runPressed();
    void cancel() { m_runner->cancel(); }

    [[nodiscard]] const ReplayDraft& draft() const { return m_draft; }
    [[nodiscard]] const DraftCheck& check() const { return m_check; }
    [[nodiscard]] ReplayRunner& runner() { return *m_runner; }
    [[nodiscard]] ResultView& results() { return *m_results; }
    [[nodiscard]] RunPanel& runPanel() { return *m_run; }
    [[nodiscard]] FactsPanel& factsPanel() { return *m_promises; }
    [[nodiscard]] RangeLine& rangeLine();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void connectAll();
    void addKeys();
    void arrangeFor(int width);
    void fitBar();

    void sourceEdited();
    void serverChanged();
    void factsChanged();
    void edited();
    void takeCollectorsFilter(const std::string& collector);
    void refreshCheck();
    void showDraft();
    void showPicture();

    void start();
    void runStateChanged();
    void progressed();
    void showSetup(bool open);
    void rememberRate() const;
    [[nodiscard]] std::optional<double> rememberedRate() const;

    LiveSession& m_session;
    ReplayRunner* m_runner;
    SourceWatch* m_source;
    ReplayDraft m_draft;
    DraftCheck m_check;
    bool m_analyzerIsMine = false; ///< chosen, not proposed
    bool m_runWhenReady = false;
    std::string m_resultAnalyzer;

    SourcePanel* m_top;
    SetupForm* m_form;
    QFrame* m_formPanel;
    ResultView* m_results;
    RunPanel* m_run;
    FactsPanel* m_promises;
    QWidget* m_side;
    QScrollArea* m_scroll;
    QBoxLayout* m_sideLayout;
    QBoxLayout* m_layout;
};

} // namespace jetlag::ui
