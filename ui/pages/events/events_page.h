#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "ui/pages/page.h"

#include <QTimer>

#include <optional>

class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace jetlag::ui {

class DeadLettersView;
class ElidedLabel;
class EventFeed;
class EventModel;
class EventTools;
class NoticeStrip;
class RecordTable;
class StatePanel;
struct EventRecord;

/// What has happened: verdict changes, what servers announced, leaders, configurations, limits; and the
/// messages that were given up.
class EventsPage final : public Page
{
    Q_OBJECT

public:
    explicit EventsPage(EventFeed& feed, QWidget* parent = nullptr);

    [[nodiscard]] PageId pageId() const override { return PageId::Events; }
    void openLink(const PageLink& link) override;
    bool refreshNow() override;
    bool focusFilter() override;
    bool goBack() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;
    void saveLayout() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectParts();
    void makeTable();
    [[nodiscard]] QWidget* chosenBar();
    void fillMenu(QMenu& menu);
    void showEvents();
    void showTab();
    void applyFilter();
    [[nodiscard]] bool onEvents() const;
    [[nodiscard]] RecordTable& table() const;
    void showCounts();
    void showState();
    void showProblems();
    void showChosen();
    void chooseMarked();
    [[nodiscard]] const EventRecord* chosen() const;
    /// To the message that it is about, else to its collector.
    void follow();
    void followCollector();
    void followMessage();
    void toggleMute();
    void saveCsv();
    /// The server's now, as far as it is known.
    [[nodiscard]] ServerTime now() const;

    EventFeed& m_feed;
    EventModel* m_model;
    EventTools* m_tools;
    NoticeStrip* m_notice;
    RecordTable* m_table;
    DeadLettersView* m_letters;
    QStackedWidget* m_lists; ///< events, dead letters
    QStackedWidget* m_body;  ///< of the events: the list, or why there is none
    StatePanel* m_state;
    QWidget* m_bar = nullptr;
    ElidedLabel* m_about = nullptr;
    QPushButton* m_toCollector = nullptr;
    QPushButton* m_toMessage = nullptr;
    QPushButton* m_mute = nullptr;
    std::optional<std::uint64_t> m_chosen; ///< number of the event
    std::optional<HistoryMark> m_marked;   ///< its event is to be chosen as soon as there are rows
    QTimer m_ages;                         ///< while it is looked at: "ago" goes on
};

} // namespace jetlag::ui
