#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/dead_letters.h"
#include "ui/bridge/message_reader.h"
#include "ui/pages/page.h"

#include <QWidget>

#include <optional>
#include <vector>

class QPushButton;
class QSplitter;
class QStackedWidget;

namespace jetlag::ui {

class DeadLetterModel;
class ElidedLabel;
class EventFeed;
class MessageDetail;
class RecordTable;
class StatePanel;

/// Messages that were given up, the body of the chosen one, and what to do with them: mark as reviewed, look
/// at it in its stream, replay. Bodies are read one by one when somebody looks, without a consumer.
class DeadLettersView final : public QWidget
{
    Q_OBJECT

public:
    explicit DeadLettersView(EventFeed& feed, QWidget* parent = nullptr);

    [[nodiscard]] RecordTable& table() const { return *m_table; }
    /// The mistake in it, or empty.
    QString setFilter(const QString& text);
    [[nodiscard]] QString counts() const;
    /// Beside each other where there is room, else the body below.
    void setBeside(bool beside);

signals:
    void countsChanged();
    void clearFilterWanted();
    void linkFollowed(const jetlag::ui::PageLink& link);
    void done(const QString& what);

protected:
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QWidget* actions();
    void connectParts();
    void showLetters();
    void showState();
    void showReplay(const std::vector<DeadLetterKey>& chosen, bool isConnected);
    void choose(int row);
    void fetch();
    void showBody(const DeadLetterKey& key, Result<MessageReader::Messages> read);
    void markChosen();
    void followMessage();
    void followReplay();
    void copyCommand();
    [[nodiscard]] std::vector<DeadLetterKey> chosenKeys() const;

    EventFeed& m_feed;
    DeadLetterModel* m_model;
    RecordTable* m_table;
    MessageDetail* m_detail;
    StatePanel* m_state;
    QStackedWidget* m_body;
    QSplitter* m_split;
    QPushButton* m_review = nullptr;
    QPushButton* m_replay = nullptr;
    QPushButton* m_messages = nullptr;
    QPushButton* m_copy = nullptr;
    std::optional<DeadLetterKey> m_chosen;
    std::optional<DeadLetterKey> m_read; ///< whose body was read last
    MessageReader m_reader;
};

/// One replay over all of them: their stream from the first to the last, as their collector reads it. nullopt
/// where they are of several streams.
[[nodiscard]] std::optional<ReplayRequest> replayOf(const std::vector<DeadLetterKey>& letters,
                                                    std::shared_ptr<ServerLink> server);

} // namespace jetlag::ui
