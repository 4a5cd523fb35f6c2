#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "ui/models/message_model.h"
#include "ui/pages/messages/message_tools.h"
#include "ui/widgets/stream_strip.h"

#include <string>
#include <utility>

namespace jetlag::ui {

/// What a report says of the stream that is looked at, and of the collector whose positions are shown in it.
/// Points into the report: for as long as that is held.
struct StreamPlace
{
    const StreamSnapshot* stream = nullptr;      ///< null = not there
    const ConsumerSnapshot* collector = nullptr; ///< null = nobody's positions

    [[nodiscard]] ReadPositions positions() const;
    /// Where a jump leads.
    [[nodiscard]] StreamSequence target(MessageTools::Jump jump) const;
    /// Where to begin: the first message that is not processed, without a collector the newest.
    [[nodiscard]] StreamSequence begin() const;
    /// How the message stands with the collector, in words, and the role of their colour.
    [[nodiscard]] std::pair<QString, QString> statusOf(StreamSequence sequence) const;
    /// Without what a search and the list add.
    [[nodiscard]] StripPicture picture() const;
};

/// `report` may be null; names that are not there give nulls.
[[nodiscard]] StreamPlace placeIn(const ClusterReport* report, const std::string& stream,
                                  const std::string& collector);

} // namespace jetlag::ui
