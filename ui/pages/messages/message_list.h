#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "ui/models/message_model.h"
#include "ui/pages/messages/message_pages.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <string>
#include <utility>

class QLabel;
class QTableView;

namespace jetlag::ui {

/// The messages of one stream as rows, read page by page around where somebody looks. What somebody looks at
/// stays where it is, by sequences, whatever comes and goes around it.
class MessageList final : public QWidget
{
    Q_OBJECT

public:
    explicit MessageList(EventsService& events, QWidget* parent = nullptr);

    /// Another stream, or none: what was read is forgotten.
    void open(std::shared_ptr<ServerLink> server, std::string stream);
    /// What the stream holds now, and where its reader stands.
    void show(const StreamSnapshot& now, const ReadPositions& positions);

    void goTo(StreamSequence sequence);
    void goTo(ServerTime time);
    /// Stays at the newest message as they come.
    void setFollowing(bool following);
    [[nodiscard]] bool isFollowing() const { return m_isFollowing; }
    void setSearched(const QString& text) { m_model->setSearched(text); }
    void setSubjectsShown(bool shown);

    [[nodiscard]] bool isEmpty() const { return m_model->rowCount() == 0; }
    [[nodiscard]] const QString& problem() const { return m_pages.problem(); }
    [[nodiscard]] std::optional<StreamSequence> chosen() const { return m_chosen; }
    /// The first and the last one that can be seen; zeros = none.
    [[nodiscard]] std::pair<StreamSequence, StreamSequence> inSight() const;
    /// The chosen one is scrolled to, after its room has changed.
    void showChosenAgain();

signals:
    /// Rows came or did not come, or others are in sight.
    void moved();
    void chosenChanged(const jetlag::ui::StoredMessage& message);
    void followingChanged(bool following);

private:
    void makeTable();
    void showRows();
    void readAtEdges();
    void select(StreamSequence sequence);
    void choose(int row);

    QTableView* m_table;
    MessageModel* m_model;
    QLabel* m_counts;
    MessagePages m_pages;
    StreamSnapshot m_now;
    ReadPositions m_positions;
    std::optional<StreamSequence> m_chosen;
    bool m_isFollowing = false;
    bool m_byItself = false; ///< the current row changes, and nobody chose it
};

} // namespace jetlag::ui
