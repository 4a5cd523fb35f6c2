#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"

#include <QString>

#include <filesystem>
#include <string>
#include <vector>

namespace jetlag::ui {

enum class SourceKind { Stream, Capture, Logs };
enum class StartKind { First, Sequence, Time, AckFloor, Delivered };
enum class EndKind { Last, Sequence, Time };

/// The set-up as the user has it, valid or not: what the form shows and edits. Texts stay as they were
/// typed, so that a wrong one can be mended in its place.
struct ReplayDraft
{
    SourceKind source = SourceKind::Stream;
    std::string stream;
    std::filesystem::path capture;
    std::string captureStream; ///< matters only where the file holds several
    std::vector<std::filesystem::path> logs;
    QString timeZone; ///< of logs; empty = UTC
    std::string applicationId;

    StartKind start = StartKind::First;
    QString startText;     ///< for a sequence or a time
    std::string collector; ///< for an ack floor or delivered
    EndKind end = EndKind::Last;
    QString endText;

    std::string analyzer;
    QString filter;         ///< subject patterns with blanks between
    std::string likeFilter; ///< takes the filter of this durable while `filter` is empty
    unsigned workers = 1;
    QString speed; ///< empty or "max" = as fast as it goes; else a factor of real time
    std::vector<std::string> onDemandTables;
};

/// Everything that a request says, as a set-up that can be looked at and changed.
[[nodiscard]] ReplayDraft draftOf(const ReplayRequest& request);

} // namespace jetlag::ui
