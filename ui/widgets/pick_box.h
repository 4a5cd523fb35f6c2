#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QComboBox>
#include <QPointer>

#include <string>
#include <vector>

namespace jetlag::ui {

class PickPopup;

/// A combo box for any number of entries: its list has a line above it where typed words leave the entries
/// that hold all of them, in any order. Arrows and Enter work while typing; letters typed on the closed box
/// open it with them. Short lists come without the line. The wheel does not change what is chosen: it is
/// meant for the page.
class PickBox final : public QComboBox
{
    Q_OBJECT

public:
    /// Of an entry, an int: in the open list higher ones come first, where that says more than their names.
    static constexpr int RankRole = Qt::UserRole + 1;

    explicit PickBox(QWidget* parent = nullptr);
    ~PickBox() override;

    [[nodiscard]] bool isOpen() const;
    void showPopup() override;
    void hidePopup() override;

signals:
    /// Before the list comes: the moment to bring marks of entries up to date.
    void opening();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void open(const QString& typed);
    void take(int row);

    QPointer<PickPopup> m_popup;
};

/// Names from outside in a box: shown safely, kept exactly. A name that is chosen stays, also when the list
/// no longer has it. An open list does not change under the user's eyes.
void fillNames(PickBox& box, const std::vector<std::string>& names, const std::string& chosen);
[[nodiscard]] std::string chosenName(const PickBox& box);

} // namespace jetlag::ui
