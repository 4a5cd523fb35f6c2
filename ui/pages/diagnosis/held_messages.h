#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"

#include <QTableWidget>

#include <span>

namespace jetlag::ui {

/// The messages that hold a collector up, a row each; as high as its rows, and gone without any.
class HeldMessages final : public QTableWidget
{
    Q_OBJECT

public:
    explicit HeldMessages(QWidget* parent = nullptr);
    void show(std::span<const HoldingMessage> messages);

signals:
    /// Enter or double click.
    void messageWanted(quint64 sequence);
};

} // namespace jetlag::ui
