#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace jetlag::ui {

/// Says that a collector is muted: a struck bell, and the word where there is room for it. Hidden at first.
class MutedSign final : public QWidget
{
    Q_OBJECT

public:
    enum class Room { SignAndWord, SignAlone };

    explicit MutedSign(Room room, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Room m_room;
};

/// What muting does, for whoever thinks about it.
[[nodiscard]] QString muteToolTip();
/// "Mute hive-queries", "Unmute 3 collectors": what a menu offers.
[[nodiscard]] QString muteOffer(const std::vector<ConsumerName>& collectors, bool mute);
/// What is said once it is done.
[[nodiscard]] QString mutedWords(const std::vector<ConsumerName>& collectors, bool muted);

} // namespace jetlag::ui
