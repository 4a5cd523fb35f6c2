#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace jetlag::ui {

class ElidedLabel;
class PickBox;

/// The lines above the list of messages: which stream, whose positions, where to go, and the search.
class MessageTools final : public QWidget
{
    Q_OBJECT

public:
    enum class Jump { First, AckFloor, Delivered, OldestUnprocessed, Last };

    explicit MessageTools(QWidget* parent = nullptr);

    /// What is chosen stays chosen where it still is there.
    void setStreams(const std::vector<std::string>& names);
    void setCollectors(const std::vector<std::string>& names);
    void chooseStream(const std::string& name);
    void chooseCollector(const std::string& name);
    [[nodiscard]] std::string stream() const;
    [[nodiscard]] std::string collector() const; ///< empty = nobody's

    [[nodiscard]] QString searched() const;
    void setSearch(const QString& words, bool isRunning, std::size_t matches,
                   std::optional<std::size_t> current);
    void setFollowing(bool following);
    void setMistake(const QString& sentence);
    void focusSearch();
    void focusGoTo();
    /// Short words where there is little room.
    void setNarrow(bool narrow);

signals:
    void streamChosen();
    void collectorChosen();
    void jumpWanted(jetlag::ui::MessageTools::Jump jump);
    void placeWanted(const QString& text);
    void followWanted(bool follow);
    void searchWanted();
    void stopWanted();
    void matchWanted(int step);

private:
    PickBox* m_stream;
    PickBox* m_collector;
    QLabel* m_of;
    QLabel* m_goTo;
    std::vector<QPushButton*> m_jumps;
    QLineEdit* m_place;
    QPushButton* m_follow;
    QLineEdit* m_search;
    QPushButton* m_start;
    ElidedLabel* m_words;
    QPushButton* m_before;
    QPushButton* m_behind;
    bool m_isRunning = false;
};

} // namespace jetlag::ui
