// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_mark.h"

namespace jetlag {

std::string_view toString(MarkKind kind) noexcept
{
    switch (kind) {
    case MarkKind::Verdict:
        return "verdict";
    case MarkKind::Leader:
        return "leader";
    case MarkKind::Config:
        return "config";
    case MarkKind::Pause:
        return "pause";
    case MarkKind::Advisory:
        return "advisory";
    case MarkKind::Connection:
        return "connection";
    case MarkKind::Note:
        return "note";
    case MarkKind::Threshold:
        return "threshold";
    }
    return "note";
}

} // namespace jetlag
