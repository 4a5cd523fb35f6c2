#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/dead_letters.h"
#include "ui/models/record_model.h"

#include <functional>

namespace jetlag::ui {

struct DeadLetterRecord
{
    DeadLetter letter;
    bool isReviewed = false;
    bool isFoundGone = false; ///< a get found nothing, though the stream's ends would allow it
    std::string subject;      ///< from the announcement's message, once it was fetched
};

/// One row per message that was given up.
class DeadLetterModel final : public RecordModel<DeadLetterRecord, DeadLetterKey>
{
    Q_OBJECT

public:
    explicit DeadLetterModel(QObject* parent = nullptr);
    void show(const DeadLetterList& list, const std::function<bool(const DeadLetterKey&)>& isReviewed);
    /// What a get has told of one: its subject, or that it is gone.
    void learn(const DeadLetterKey& key, std::string subject, bool isGone);

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void reviewedChanged(const jetlag::DeadLetterKey& key, bool reviewed);

private:
    struct Known
    {
        std::string subject;
        bool isGone = false;
    };
    std::map<DeadLetterKey, Known> m_known;
};

} // namespace jetlag::ui
