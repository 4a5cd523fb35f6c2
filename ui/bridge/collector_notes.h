#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/events/dead_letters.h"

#include <QSet>
#include <QString>
#include <QStringList>

#include <span>
#include <string>

namespace jetlag::ui {

/// What somebody noted about collectors and their messages, kept in the settings under the name of the
/// connection: who is muted, which dead letters were reviewed. UI thread.
class CollectorNotes final
{
public:
    /// Reviewed ones beyond it go, oldest first: settings are read whole at each start.
    static constexpr qsizetype kMostReviewed = 5'000;

    void open(const std::string& connection);

    [[nodiscard]] bool isMuted(const ConsumerName& collector) const;
    void setMuted(std::span<const ConsumerName> collectors, bool muted);
    [[nodiscard]] qsizetype mutedCount() const { return m_muted.size(); }

    [[nodiscard]] bool isReviewed(const DeadLetterKey& letter) const;
    void setReviewed(const DeadLetterKey& letter, bool reviewed);

private:
    [[nodiscard]] QString settingsKey(const char* what) const;

    std::string m_connection;
    QSet<QString> m_muted;
    QStringList m_reviewed; ///< oldest first
    QSet<QString> m_reviewedSet;
};

} // namespace jetlag::ui
