#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/event/sequence.h"
#include "ui/models/collector_model.h"
#include "ui/pages/page.h"

#include <optional>
#include <vector>

class QLayout;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace jetlag::ui {

class DiagnosisPanel;
class DiagnosisStrip;
class EventFeed;
class HeldMessages;
class HistoryPlot;
class LiveSession;
class NoticeStrip;
class OffsetsNow;
class PickBox;
class StatePanel;

/// One collector in full: the verdict and its one cause, what proves it, its past with the verdict as a lane
/// above, the messages that hold it up, what to try.
class DiagnosisPage final : public Page
{
    Q_OBJECT

public:
    /// Without a feed nobody is called for anything, and nothing can be muted.
    explicit DiagnosisPage(LiveSession& session, EventFeed* feed = nullptr, QWidget* parent = nullptr);

    [[nodiscard]] PageId pageId() const override { return PageId::Diagnosis; }
    void openLink(const PageLink& link) override;
    bool refreshNow() override;
    bool goBack() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QLayout* choiceRow();
    [[nodiscard]] QWidget* leftPart();
    [[nodiscard]] QWidget* rightPart();
    void choose(const ConsumerName& name);
    void look(const ConsumerName& name);
    void lookAtWorst();
    void takeChoice();
    void showReport();
    [[nodiscard]] bool isMuted() const;
    void showMuted();
    void toggleMute();
    void showChoices();
    void markChoices();
    void arrangeParts();
    void showPast();
    void showNotice();
    void showState(const QString& title, const QString& sentence);
    /// From the chosen box, else from the first message that is not processed.
    void replayFromHere();
    void replayFrom(StreamSequence sequence);
    void showMessage(StreamSequence sequence);
    void boxChosen(StreamSequence sequence);
    void nameReplay();
    void copyMarkdown();
    [[nodiscard]] const CollectorReport* chosen() const;
    [[nodiscard]] CollectorRecord recordOf(const CollectorReport& row) const;

    LiveSession& m_session;
    EventFeed* m_feed;
    QStackedWidget* m_body;
    StatePanel* m_state;
    NoticeStrip* m_notice;
    PickBox* m_choice;
    QPushButton* m_mute;
    DiagnosisStrip* m_strip;
    HistoryPlot* m_plot;
    OffsetsNow* m_offsets;
    HeldMessages* m_messages;
    DiagnosisPanel* m_panel;
    QPushButton* m_replay;
    QSplitter* m_across;
    QWidget* m_reasons;                  ///< beside the plots, or above them
    std::vector<ConsumerName> m_choices; ///< in the order of the list
    std::optional<ConsumerName> m_name;
    StreamSequence m_box; ///< chosen in the picture of the offsets; zero = none
};

} // namespace jetlag::ui
