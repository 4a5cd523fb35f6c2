#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/message_reader.h"
#include "ui/pages/messages/message_search.h"
#include "ui/pages/messages/message_tools.h"
#include "ui/pages/messages/stream_place.h"
#include "ui/pages/page.h"

#include <optional>

class QSplitter;
class QStackedWidget;

namespace jetlag::ui {

class ChosenMessage;
class LiveSession;
class MessageList;
class StatePanel;
class StreamStrip;

/// The messages of a stream, millions of them, page by page around where somebody looks; where a collector
/// stands among them; one of them whole; a search through all. Everything is read by get, without a consumer.
class MessagesPage final : public Page
{
    Q_OBJECT

public:
    explicit MessagesPage(LiveSession& session, QWidget* parent = nullptr);

    [[nodiscard]] PageId pageId() const override { return PageId::Messages; }
    void openLink(const PageLink& link) override;
    bool refreshNow() override;
    bool focusFilter() override;
    bool goBack() override;
    bool playPause() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectParts();
    void followSession();
    void openStream();
    void showReport();
    void showState();
    void showStrip();
    void showChosen(const StoredMessage& message);
    void jump(MessageTools::Jump jump);
    void goToPlace(const QString& text);
    void search();
    void showSearch();
    void stepMatch(int step);
    void followReplay();
    void forgetSearch();
    /// Of the newest report.
    [[nodiscard]] StreamPlace place() const;

    LiveSession& m_session;
    MessageTools* m_tools;
    StreamStrip* m_strip;
    MessageList* m_list;
    ChosenMessage* m_chosen;
    QStackedWidget* m_body;
    StatePanel* m_state;
    QSplitter* m_split;
    MessageSearch m_search;
    std::string m_open; ///< the stream that the list is of
    std::shared_ptr<ServerLink> m_link;
    std::optional<PageLink> m_pending;      ///< came before there was anything to show
    std::optional<StreamSequence> m_wanted; ///< where to go as soon as the stream is known
    bool m_isBeside = true;
};

} // namespace jetlag::ui
